-- What the site remembers from one publishing to the next. All of it can be made anew from what is kept.
-- An address is a page's folder below the root ("" for home), or the name of another part of the site.

CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The tables that have rows for every family are kept by rowid, in the order of telling: the names of families
-- are hashes, and by them a night's rows would be strewn over all pages of the file.
CREATE TABLE tellings (
    family TEXT NOT NULL PRIMARY KEY,
    record BLOB NOT NULL            -- the Telling as JSON, deflated
) STRICT;

-- Times are '' where no report has a date.
CREATE TABLE utterances (
    family    TEXT NOT NULL PRIMARY KEY,
    key       TEXT NOT NULL,        -- its page is q/<key>/; nearly always the family itself
    version   BLOB NOT NULL,        -- changes with anything that pages show of it
    at        TEXT NOT NULL,        -- first reported
    day       TEXT NOT NULL,        -- the day of that
    month     TEXT NOT NULL,        -- its month, 0000-00 without one
    kind      INTEGER NOT NULL,     -- place in records.KINDS
    speaker   TEXT NOT NULL,        -- SpeakerName.key, '' where unclear
    name      TEXT NOT NULL,        -- of the speaker, '' where unclear
    outlets   INTEGER NOT NULL,     -- how many brought it
    countries INTEGER NOT NULL,     -- of those outlets
    seen      TEXT NOT NULL,        -- when a report was first read
    latest    TEXT NOT NULL,        -- last reported
    alerts    INTEGER NOT NULL      -- how many of its wordings may mean something else
) STRICT;
CREATE UNIQUE INDEX utterances_by_key ON utterances (key) WHERE key <> family;
CREATE INDEX utterances_newest ON utterances (day DESC, kind, key);
CREATE INDEX utterances_by_speaker ON utterances (speaker, day DESC, kind, key);
CREATE INDEX utterances_by_month ON utterances (month, at, key);
CREATE INDEX utterances_repeated ON utterances (outlets DESC, countries DESC, kind, day DESC, key)
    WHERE outlets > 1;

CREATE TABLE reports (
    family  TEXT NOT NULL,
    place   INTEGER NOT NULL,       -- in Utterance.all_reports
    at      TEXT NOT NULL,
    day     TEXT NOT NULL,
    outlet  TEXT NOT NULL,          -- OutletName.key, '' for none
    domain  TEXT NOT NULL,
    lag     REAL,                   -- hours after the first; NULL: it is the first, or not known
    first   INTEGER NOT NULL,       -- 1: the earliest dated report of what several outlets brought
    shared  INTEGER NOT NULL,       -- 1: several outlets brought it, with a date
    speaker TEXT NOT NULL,
    role    TEXT NOT NULL,          -- what the article says the speaker is, '' for nothing
    PRIMARY KEY (family, place)
) STRICT;
CREATE INDEX reports_by_day ON reports (day, family, place);
CREATE INDEX reports_by_outlet ON reports (outlet, at DESC, family, place);
CREATE INDEX reports_by_role ON reports (speaker, role, at) WHERE role <> '';
CREATE INDEX reports_late ON reports (outlet, lag) WHERE lag > 0;

-- What pages count, kept up as reports come and go: no page counts all that is kept. tallies.py says what of what.
CREATE TABLE tallies (
    page  TEXT NOT NULL,            -- the address of the page that tells it
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (page, facet, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX tallies_most ON tallies (page, facet, n DESC, value);

-- What lists show of an utterance, ready made: cards.py.
CREATE TABLE cards (
    family TEXT NOT NULL PRIMARY KEY,
    places TEXT NOT NULL,           -- JSON: which list's way of showing it → from where to where its card is
    bodies BLOB NOT NULL            -- the cards, one after the other
) STRICT;

CREATE TABLE links (
    family TEXT NOT NULL,
    other  TEXT NOT NULL,           -- a family whose page shows this one
    PRIMARY KEY (family, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE topics (
    topic  TEXT NOT NULL,
    day    TEXT NOT NULL,           -- these three as in `utterances`: the order of the topic's page
    kind   INTEGER NOT NULL,
    key    TEXT NOT NULL,
    family TEXT NOT NULL,
    PRIMARY KEY (topic, day DESC, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX topics_by_family ON topics (family);

-- What is to be made anew, home last: whoever reads the site meanwhile finds no link that leads nowhere.
CREATE TABLE stale (
    address TEXT PRIMARY KEY,
    rank    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE parts (
    address TEXT PRIMARY KEY,
    files   TEXT NOT NULL           -- JSON: path → size in bytes
) STRICT, WITHOUT ROWID;

-- Files that are written beside their places and wait to be put there, all at once, in this order.
CREATE TABLE drafts (
    place INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,     -- the path in the site
    gone  INTEGER NOT NULL          -- 1: there is no file any more
) STRICT;

-- The search: its segments, and the words of each by their shard. The lexicon of a block of segments is made
-- from what its segments have there, so that nothing is moved where segments come to lie in another block.
CREATE TABLE segments (
    name     TEXT PRIMARY KEY,
    version  TEXT NOT NULL,
    families TEXT NOT NULL          -- JSON, earliest first
) STRICT;
CREATE TABLE terms (
    segment TEXT NOT NULL,
    shard   TEXT NOT NULL,          -- which lexicon of its block they stand in: search_index.shard
    words   TEXT NOT NULL,          -- in order, with spaces between
    PRIMARY KEY (segment, shard)
) STRICT, WITHOUT ROWID;
