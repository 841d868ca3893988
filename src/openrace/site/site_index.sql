-- What the site remembers from one publishing to the next. All of it can be made anew from the store.
-- An address is a page's folder below the root ("" for the front page), or the name of another part of the site.

CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Times are '' where no report has a date.
CREATE TABLE families (
    key         INTEGER PRIMARY KEY, -- in the order of storing: a night's rows lie together
    id          TEXT NOT NULL UNIQUE,
    slug        TEXT NOT NULL,       -- its page is q/<slug>/; nearly always the id itself
    version     BLOB NOT NULL,       -- changes with anything that pages show of it
    at          TEXT NOT NULL,       -- first reported
    day         TEXT NOT NULL,       -- the day of that
    kind        INTEGER NOT NULL,    -- place in records.KINDS
    speaker     TEXT NOT NULL,       -- SpeakerName.key, '' where unclear
    name        TEXT NOT NULL,       -- of the speaker, '' where unclear
    outlets     INTEGER NOT NULL,    -- how many carried it
    independent INTEGER NOT NULL,    -- how many of them with an article of their own
    countries   INTEGER NOT NULL,    -- of those outlets
    seen        TEXT NOT NULL,       -- when a report was first read
    alerted     TEXT NOT NULL,       -- when a wording was first printed that may mean something else
    gone        TEXT NOT NULL,       -- when words of it were first seen missing from their page
    recording   TEXT NOT NULL,       -- where it was said: recordings/<recording>/, '' where that is not known
    heard       TEXT NOT NULL,       -- when report and recording were both out
    has_page    INTEGER NOT NULL,    -- 1: it has a page of its own; 0: it is shown on the page of its article
    foreign_    INTEGER NOT NULL,    -- 1: its words are in another language than the readers'
    line        BLOB NOT NULL        -- its FamilyLine, packed
) STRICT;
CREATE UNIQUE INDEX families_by_slug ON families (slug) WHERE slug <> id;
CREATE INDEX families_by_day ON families (day);
CREATE INDEX families_by_speaker ON families (speaker, day);
CREATE INDEX families_repeated ON families (outlets DESC, countries DESC, kind, day DESC, id) WHERE outlets > 1;
CREATE INDEX families_alerted ON families (alerted) WHERE alerted <> '';
CREATE INDEX families_heard ON families (heard) WHERE heard <> '';
CREATE INDEX families_by_recording ON families (recording, id) WHERE recording <> '';
CREATE INDEX families_gone ON families (gone) WHERE gone <> '';

CREATE TABLE outlets (
    key    INTEGER PRIMARY KEY,
    slug   TEXT NOT NULL UNIQUE,     -- OutletName.key
    domain TEXT NOT NULL
) STRICT;

CREATE TABLE articles (
    key  INTEGER PRIMARY KEY,
    id   TEXT NOT NULL UNIQUE,       -- Article.id
    slug TEXT NOT NULL               -- its page is a/<slug>/
) STRICT;
CREATE INDEX articles_by_slug ON articles (slug);

CREATE TABLE reports (
    family  INTEGER NOT NULL,        -- families.key
    place   INTEGER NOT NULL,        -- in FamilyView.all_reports
    at      TEXT NOT NULL,
    day     TEXT NOT NULL,
    outlet  INTEGER NOT NULL,        -- outlets.key, 0 for none
    article INTEGER NOT NULL,        -- articles.key
    kind    INTEGER NOT NULL,        -- place in records.KINDS
    lag     REAL,                    -- hours after the first; NULL: it is the first, or not known
    first   INTEGER NOT NULL,        -- 1: the earliest dated report of what several outlets carried
    shared  INTEGER NOT NULL,        -- 1: several outlets carried it, with a date
    follows INTEGER NOT NULL,        -- 1: surely printed after one outlet that surely had it first
    copy    INTEGER NOT NULL,        -- 1: its article is nearly the same text as an earlier one
    role    TEXT NOT NULL,           -- what the article says the speaker is, '' for nothing
    PRIMARY KEY (family, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_by_day ON reports (day, family);
CREATE INDEX reports_by_outlet ON reports (outlet, at DESC);
CREATE INDEX reports_following ON reports (day, family) WHERE follows;
CREATE INDEX reports_by_article ON reports (article);

-- What pages count, kept up as reports come and go: no page counts everything. counters.py says what of what.
CREATE TABLE counters (
    page  TEXT NOT NULL,             -- the address of the page that tells it
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (page, facet, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX counters_most ON counters (page, facet, n DESC, value);

CREATE TABLE speakers (
    slug   TEXT PRIMARY KEY,         -- of those with a statement
    name   TEXT NOT NULL,
    letter TEXT NOT NULL             -- under which the index of people has it
) STRICT, WITHOUT ROWID;
CREATE INDEX speakers_by_letter ON speakers (letter);

CREATE TABLE sides (
    side   TEXT NOT NULL,            -- Beat.id
    day    TEXT NOT NULL,            -- as in `families`
    family INTEGER NOT NULL,
    PRIMARY KEY (side, day DESC, family)
) STRICT, WITHOUT ROWID;
CREATE INDEX sides_by_family ON sides (family);

CREATE TABLE topics (
    topic  TEXT NOT NULL,
    day    TEXT NOT NULL,
    family INTEGER NOT NULL,
    PRIMARY KEY (topic, day DESC, family)
) STRICT, WITHOUT ROWID;
CREATE INDEX topics_by_family ON topics (family);

CREATE TABLE links (
    family TEXT NOT NULL,
    other  TEXT NOT NULL,            -- a family whose page shows this one
    PRIMARY KEY (family, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_other ON links (other);

CREATE TABLE same_utterance (
    family INTEGER NOT NULL,         -- families.key
    other  TEXT NOT NULL,            -- families.id of what reports the same in another language
    PRIMARY KEY (family, other)
) STRICT, WITHOUT ROWID;

-- What is to be made anew, the front page last: whoever reads the site meanwhile finds no link that is dead.
CREATE TABLE dirty (
    address TEXT PRIMARY KEY,
    rank    INTEGER NOT NULL,
    sort    TEXT NOT NULL            -- order within the rank: families by day, so that they are read once
) STRICT, WITHOUT ROWID;
CREATE INDEX dirty_in_order ON dirty (rank, sort, address);

CREATE TABLE parts (
    address TEXT PRIMARY KEY,
    files   TEXT NOT NULL            -- JSON: path → size in bytes
) STRICT, WITHOUT ROWID;

-- Files that are written beside their places and wait to be put there, all at once, in this order.
CREATE TABLE drafts (
    place INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,      -- the path in the site
    gone  INTEGER NOT NULL           -- 1: there is no file any more
) STRICT;

-- The search: its segments, and where which words are in each. A lexicon is made from what its segments have.
CREATE TABLE segments (
    name     TEXT PRIMARY KEY,
    version  TEXT NOT NULL,
    families TEXT NOT NULL,          -- JSON, earliest first
    words    BLOB NOT NULL           -- JSON, deflated: shard → word → the places of its statements
) STRICT;
