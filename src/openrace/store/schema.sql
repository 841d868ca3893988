-- What openrace keeps. One SQLite file; every column says what it means and what NULL means.
-- Times are ISO 8601 text: a day (2025-05-19) or an instant in UTC (2025-05-19T10:00:00Z).
-- Offsets are code points into articles.text, half-open, written as JSON: [start, end].
-- `user_version` is the number of the newest step in database.py; `application_id` is "orac".

CREATE TABLE outlets (
    domain  TEXT PRIMARY KEY,        -- registrable domain or host: what articles.outlet points to
    name    TEXT NOT NULL,           -- as readers know it; the domain where it is not known
    country TEXT,                    -- ISO 3166-1 alpha-2 of the outlet; NULL: not known
    kind    TEXT,                    -- "newspaper", "lab", …; NULL: not known
    zone    TEXT                     -- IANA name of the time zone it writes its hours in; NULL: not known
) STRICT, WITHOUT ROWID;

CREATE TABLE articles (
    key       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,  -- Article.id: from the address, else from the text
    url       TEXT,                  -- canonical address; NULL: it has none (a local file)
    title     TEXT,                  -- NULL: none was found
    outlet    TEXT REFERENCES outlets (domain), -- NULL: not known
    published TEXT,                  -- as the page says; NULL: it does not say, and nothing is made up
    published_zone    TEXT,          -- where its hour was written ("+08:00", "UTC") or, where it is known, the
                                     -- outlet's (IANA name); NULL: not known, or a day
    published_basis   TEXT CHECK (published_basis IN ('stated', 'assumed', 'day', 'doubtful')),
                                     -- stated: its zone is written; assumed: its feed's or outlet's; day: no
                                     -- hour is known; doubtful: not believed; NULL: not given
    published_written TEXT,          -- as the publisher wrote it; NULL: not kept
    language  TEXT,                  -- ISO 639-1; NULL: not known
    authors   TEXT NOT NULL,         -- JSON list of names
    note      TEXT,                  -- what a reader must know of the text; NULL: nothing
    text      TEXT NOT NULL,         -- all offsets point into it: set once, or anew with all that does
    recording TEXT,                  -- where what it transcribes is heard or seen; NULL: not known, or no transcript
    automatic INTEGER NOT NULL,      -- 1: a machine wrote the transcript down, and may have misheard
    added     TEXT NOT NULL,         -- when it came into this database (instant)
    extractor TEXT,                  -- the version that last read it; NULL: not read yet
    original  TEXT                   -- JSON of `published` as the page says, where a person corrected it;
                                     -- NULL: it stands as the page says
) STRICT;
CREATE INDEX articles_by_reading ON articles (extractor);
CREATE INDEX articles_by_outlet ON articles (outlet);
CREATE INDEX articles_corrected ON articles (id) WHERE original IS NOT NULL;

-- What is said in recordings (spoken_tables.py): kept, searched, and published only where a report quotes it.
CREATE TABLE turns (
    key     INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start   INTEGER NOT NULL,        -- text[start:stop] of the article: its words, without the label
    stop    INTEGER NOT NULL,
    speaker TEXT,                    -- as the transcript names them; NULL: it does not
    times   TEXT NOT NULL,           -- JSON list of [offset, second of the recording], in order
    UNIQUE (article, start)
) STRICT;
CREATE VIRTUAL TABLE turns_fts USING fts5 (text, speaker, tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER turns_removed AFTER DELETE ON turns BEGIN
    DELETE FROM turns_fts WHERE rowid = old.key;
END;

CREATE TABLE claims (
    key          INTEGER PRIMARY KEY,  -- (minute published) << 20 | serial: newest first is a walk back
                                       -- along the key, and forward in the full-text index
    id           TEXT NOT NULL UNIQUE, -- Claim.id: from the article and the offsets
    article      INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    outlet       TEXT,                 -- copied from the article, to filter without a join
    kind         TEXT NOT NULL CHECK (kind IN ('direct', 'mixed', 'indirect')),
    polarity     TEXT NOT NULL         -- what its cue makes of the content: said to be so, said not to be so,
        CHECK (polarity IN ('asserted', 'denied', 'questioned', 'conditional')), -- asked, or said of an "if"
    text         TEXT NOT NULL,        -- the content alone, on one line: shown only with its cue and marks
    words        TEXT,                 -- `text` with Han characters set apart, for the full-text index;
                                       -- NULL: it has none, `text` itself is indexed
    spans        TEXT NOT NULL,        -- JSON list of [start, end]: the content, marks left out
    quoted       TEXT NOT NULL,        -- JSON list of [start, end]: what stands inside marks
    context      TEXT NOT NULL,        -- JSON [start, end]: the sentences around it
    cue          TEXT,                 -- JSON {"span", "text"}: the reporting words; NULL: none
    venue        TEXT,                 -- JSON {"span", "text"}: where it was said; NULL: not given
    speaker      TEXT,                 -- full name; NULL: unknown, unclear or too unsure to be shown
    names        TEXT,                 -- `speaker` with Han characters set apart; NULL as `words`
    person       TEXT,                 -- id in people.toml; NULL: not in it
    mention      TEXT,                 -- JSON {"span", "text"}: the words that stand for the speaker (span null:
                                       -- they stand nowhere); NULL: none do, the speaker is unknown
    parent       TEXT,                 -- id of the claim it is reported inside of; NULL: none
    confidence   REAL NOT NULL,        -- 0 to 1
    reason       TEXT NOT NULL,        -- which rule and cue attribute it
    extractor    TEXT NOT NULL,        -- the version that made it
    family       TEXT,                 -- families.id; NULL: not grouped yet
    hidden       TEXT,                 -- why a person took it out of sight; NULL: it is shown
    original     TEXT                  -- JSON of the columns as extracted, where a person corrected the
                                       -- claim; NULL: it stands as it was extracted
) STRICT;
CREATE INDEX claims_by_article ON claims (article);
CREATE INDEX claims_by_outlet ON claims (outlet);
CREATE INDEX claims_by_person ON claims (person) WHERE person IS NOT NULL;
CREATE INDEX claims_by_family ON claims (family);
CREATE INDEX claims_corrected ON claims (id) WHERE original IS NOT NULL;
CREATE INDEX claims_hidden ON claims (id) WHERE hidden IS NOT NULL;

CREATE TABLE families (
    id      TEXT PRIMARY KEY,        -- Family.id: stays while one of its claims stays
    representative TEXT NOT NULL,    -- id of the claim whose wording is shown for it
    speaker  TEXT,                   -- whose words they are; NULL: nobody is named, or the reports do not agree
    person   TEXT,                   -- the speaker's id in the list of people; NULL: not listed
    disputed TEXT NOT NULL           -- JSON list: the names of which none can be chosen
) STRICT, WITHOUT ROWID;

CREATE TRIGGER families_emptied AFTER DELETE ON claims WHEN old.family IS NOT NULL BEGIN
    DELETE FROM families WHERE id = old.family AND NOT EXISTS (SELECT 1 FROM claims WHERE family = old.family);
END;

-- Full text over claims. External content: the words are kept once, in `claims`. Rowids are negative keys:
-- FTS5 walks forward in half the time that it takes backward, and so comes upon the newest first.
CREATE VIEW claim_words AS
    SELECT -key AS place, coalesce(words, text) AS text, coalesce(names, speaker) AS speaker
    FROM claims ORDER BY key DESC;   -- rebuilt in this order it takes a third of the time
CREATE VIRTUAL TABLE claims_fts USING fts5 (
    text, speaker,
    content = 'claim_words', content_rowid = 'place', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER claims_added AFTER INSERT ON claims BEGIN
    INSERT INTO claims_fts (rowid, text, speaker)
        VALUES (-new.key, coalesce(new.words, new.text), coalesce(new.names, new.speaker));
END;
CREATE TRIGGER claims_removed AFTER DELETE ON claims BEGIN
    INSERT INTO claims_fts (claims_fts, rowid, text, speaker)
        VALUES ('delete', -old.key, coalesce(old.words, old.text), coalesce(old.names, old.speaker));
END;
CREATE TRIGGER claims_changed AFTER UPDATE OF key, text, words, speaker, names ON claims BEGIN
    INSERT INTO claims_fts (claims_fts, rowid, text, speaker)
        VALUES ('delete', -old.key, coalesce(old.words, old.text), coalesce(old.names, old.speaker));
    INSERT INTO claims_fts (rowid, text, speaker)
        VALUES (-new.key, coalesce(new.words, new.text), coalesce(new.names, new.speaker));
END;

-- What changes counts up: `revision` with every change of articles, claims, families or corrections;
-- `published` is the fingerprint of what the last publishing saw. A night in which neither moved does nothing.
CREATE TABLE state (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id       INTEGER PRIMARY KEY,
    started  TEXT NOT NULL,          -- instant
    finished TEXT,                   -- instant; NULL: it runs still, or was killed
    steps    TEXT NOT NULL           -- JSON list of {"name", "done", "failed", "note"}, as far as it came
) STRICT;

-- The crawl (crawl_tables.py, crawl_history.py): what it must remember to be polite, to miss nothing and to go on after a break.
CREATE TABLE feeds (
    url           TEXT PRIMARY KEY,  -- as the list of feeds has it
    address       TEXT NOT NULL,     -- where it is asked for: differs once it moved or was found elsewhere
    etag          TEXT,              -- of the last answer; NULL: it sent none
    modified      TEXT,              -- its Last-Modified, as the server wrote it; NULL: it sent none
    checked       TEXT,              -- last asked (instant); NULL: only searched for
    succeeded     TEXT,              -- last answered well (instant); NULL: never
    due           TEXT,              -- not asked again before (instant); NULL: at once
    failed_nights INTEGER NOT NULL,  -- in a row
    problem       TEXT,              -- of the last failure; NULL: the last answer was well
    moved_to      TEXT,              -- where it said last that it moved for good; NULL: it stays
    moved_nights  INTEGER NOT NULL,  -- in a row, to that same address
    gone_nights   INTEGER NOT NULL,  -- in a row, answered 410
    retired       TEXT               -- why it is no longer asked; NULL: it is
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    key       INTEGER PRIMARY KEY,
    feed      TEXT NOT NULL,         -- feeds.url
    id        TEXT NOT NULL,         -- Entry.entry_id, unique within the feed
    url       TEXT,                  -- canonical address of its page; NULL: it has none
    title     TEXT,                  -- NULL: it has none
    published TEXT,                  -- as the feed says; NULL: it does not
    seen      TEXT NOT NULL,         -- when the feed first had it (instant)
    status      TEXT CHECK (status IN ('kept', 'known', 'off topic', 'old', 'failed')), -- NULL: pending
    reason    TEXT,                  -- why it has that status, or the last failure while it is pending; NULL: neither
    nights    INTEGER NOT NULL,      -- on which its page failed
    failed    TEXT,                  -- the last of them (day); NULL: none
    record    TEXT,                  -- the Entry as JSON while it is pending; NULL: it has a status
    UNIQUE (feed, id)
) STRICT;
CREATE INDEX entries_pending ON entries (key) WHERE status IS NULL;
CREATE INDEX entries_by_url ON entries (url, feed);

CREATE TABLE pages (
    url          TEXT PRIMARY KEY,   -- where it was asked for
    article      TEXT NOT NULL,      -- articles.id that was read from it
    fetched      TEXT NOT NULL,      -- first (instant)
    etag         TEXT,               -- of the last answer; NULL: it sent none
    modified     TEXT,               -- its Last-Modified; NULL: it sent none
    content_type TEXT,               -- NULL: it sent none
    body         BLOB,               -- gzip of the page as it last came; NULL: dropped after its time
    words        TEXT NOT NULL,      -- digest of the article's text when last seen: another one is a revision
    rechecks       INTEGER NOT NULL,   -- how often it was seen again
    due          TEXT,               -- when it is to be seen again (instant); NULL: no more
    problem      TEXT                -- why the article was not seen at the last recheck; NULL: it was
) STRICT, WITHOUT ROWID;
CREATE INDEX pages_due ON pages (due) WHERE due IS NOT NULL;
CREATE INDEX pages_by_article ON pages (article);

CREATE TABLE revisions (
    article TEXT NOT NULL,           -- articles.id, which has another text
    seen    TEXT NOT NULL,           -- when the page had this text (instant); when it was fetched: what an
                                     -- older openrace read from it
    title   TEXT,                    -- NULL: none was found
    text    TEXT NOT NULL,
    gone    TEXT NOT NULL,           -- JSON list of claims.id: their quoted words are no longer in it
    PRIMARY KEY (article, seen)
) STRICT, WITHOUT ROWID;

CREATE TABLE bugs (                  -- inputs that an error in openrace kept out: `doctor` lists them
    kind     TEXT NOT NULL CHECK (kind IN ('feed', 'page', 'recheck', 'article')),
    resource TEXT NOT NULL,          -- its address; of an article its id
    error    TEXT NOT NULL,          -- type and message
    version  TEXT NOT NULL,          -- of openrace: the next one tries again
    seen     TEXT NOT NULL,          -- last (instant); empty: not known
    PRIMARY KEY (kind, resource)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (                -- which paragraphs recur in an outlet's articles (block_table.py)
    outlet   TEXT NOT NULL,          -- outlets.domain
    block    INTEGER NOT NULL,       -- fingerprint of the paragraph: 63 bits of a digest of its words
    sentence INTEGER NOT NULL,       -- 1: it is a sentence, 0: a line such as a link's
    articles INTEGER NOT NULL,       -- how many articles have it
    days     INTEGER NOT NULL,       -- the days on which they were published: bit (day modulo 63)
    furniture INTEGER NOT NULL,      -- 1: it recurs so often that no claim is read from it
    PRIMARY KEY (outlet, block)
) STRICT, WITHOUT ROWID;

CREATE INDEX blocks_frequent ON blocks (articles) WHERE NOT furniture AND articles >= 5;

CREATE TABLE robots (
    origin  TEXT PRIMARY KEY,        -- scheme, host and port
    fetched TEXT NOT NULL,           -- instant
    status  INTEGER NOT NULL,        -- what its robots.txt answered
    text    TEXT NOT NULL            -- empty where there was none
) STRICT, WITHOUT ROWID;

-- Clustering (quote_index.py): the parent link of each quote, and an index that finds quotes by their words.
CREATE TABLE wordings (
    key    INTEGER PRIMARY KEY,
    digest INTEGER NOT NULL UNIQUE,  -- of `words`: 63 bits of their BLAKE2b
    words  TEXT NOT NULL             -- encoded, one character a word: it compares, and cannot be read back
) STRICT;

CREATE TABLE shingles (
    shingle INTEGER NOT NULL,        -- words in a row (see blocking.py), as one integer; of kind 2 with the speaker
    kind    INTEGER NOT NULL,        -- 1: selected to find longer wordings, 0: not, 2: with a speaker (blocking.py)
    length  INTEGER NOT NULL,        -- words of the wording
    wording INTEGER NOT NULL,        -- wordings.key
    PRIMARY KEY (shingle, kind, length, wording)
) STRICT, WITHOUT ROWID;

CREATE TABLE quotes (
    claim    TEXT NOT NULL UNIQUE,   -- claims.id
    wording  INTEGER NOT NULL,       -- wordings.key
    speaker  TEXT,                   -- as the claim says when it was placed; NULL: unknown
    day      INTEGER,                -- of the article, days since 0001-01-01; NULL: not known
    article  TEXT,                   -- articles.id; NULL: not known
    reported INTEGER NOT NULL,       -- 1: a reporter's words, 0: quoted ones
    titled   INTEGER NOT NULL,       -- 1: its words are capitalised as in a name or a title
    inner    TEXT,                   -- JSON list: wordings that it quotes inside; NULL: none
    around   TEXT,                   -- what tells most in the sentences around it, encoded; NULL: not known
    parent   TEXT,                   -- the fuller or earlier quote that it fits best; NULL: the root of its tree
    odds     REAL NOT NULL,          -- log-odds of that link; 0 without one
    family   TEXT,                   -- the family it makes by itself, before corrections; NULL: not named yet
    loose    INTEGER NOT NULL,       -- 1: its claim, or its parent, changed: to be placed anew
    PRIMARY KEY (wording, claim)     -- those of one wording lie together, since they are read together
) STRICT, WITHOUT ROWID;
CREATE INDEX quotes_by_parent ON quotes (parent) WHERE parent IS NOT NULL;
CREATE INDEX quotes_by_family ON quotes (family);
CREATE INDEX quotes_by_article ON quotes (article) WHERE article IS NOT NULL;
CREATE INDEX quotes_loose ON quotes (claim) WHERE loose;

CREATE TABLE merges (
    gone   TEXT PRIMARY KEY,         -- the id that was published once
    kept   TEXT NOT NULL,            -- the family it is in now
    reason TEXT NOT NULL,            -- what showed that the two are one
    at     TEXT NOT NULL             -- instant
) STRICT, WITHOUT ROWID;

CREATE TRIGGER quotes_ungrouped AFTER DELETE ON claims BEGIN
    DELETE FROM quotes WHERE claim = old.id;
END;
CREATE TRIGGER quotes_loosened AFTER UPDATE OF kind, text, quoted, context, speaker, person, hidden ON claims BEGIN
    UPDATE quotes SET loose = 1 WHERE claim = new.id OR parent = new.id;
END;
CREATE TRIGGER quotes_orphaned AFTER DELETE ON quotes BEGIN
    UPDATE quotes SET loose = 1 WHERE parent = old.claim;
END;

-- Relations (relations.py): how families hang together, worked out after grouping for what it touched.
CREATE TABLE paraphrases (
    claim  TEXT PRIMARY KEY,         -- claims.id: a report without quotation marks
    family TEXT NOT NULL,            -- the family whose words it tells in others
    record TEXT NOT NULL             -- the Paraphrase as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX paraphrases_by_family ON paraphrases (family);

CREATE TABLE sayings (               -- what the shown claims of named speakers tell: paraphrases are found here
    speaker  TEXT NOT NULL,          -- a person's id, else full name
    day      INTEGER NOT NULL,       -- of the article, days since 0001-01-01; 10000000: not known
    claim    TEXT NOT NULL,          -- claims.id
    family   TEXT NOT NULL,
    reported INTEGER NOT NULL,       -- 1: a reporter's words, 0: quoted ones
    stems    TEXT NOT NULL,          -- of its telling words, encoded: they compare, and cannot be read back
    weights  TEXT NOT NULL,          -- how much each of these words tells, a digit each
    hedges   TEXT NOT NULL,          -- encoded as stems are
    earliest INTEGER NOT NULL,       -- when it was said at the earliest, as far as the article tells: 0, or the day it names
    latest   INTEGER NOT NULL,       -- and at the latest: the day it names, or that of the article
    PRIMARY KEY (speaker, day, claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX sayings_by_family ON sayings (family);

CREATE TABLE passages (              -- what families quote inside their own words
    run    TEXT NOT NULL,            -- five words in a row, encoded as in `wordings`
    family TEXT NOT NULL,
    PRIMARY KEY (run, family)
) STRICT, WITHOUT ROWID;
CREATE INDEX passages_by_family ON passages (family);

CREATE TABLE links (
    a TEXT NOT NULL,                 -- a family …
    b TEXT NOT NULL,                 -- … and one that quotes its words inside its own, or the other way round:
    PRIMARY KEY (a, b)               -- each pair is kept both ways
) STRICT, WITHOUT ROWID;

-- Clocks (clock_table.py): an outlet far ahead of the others on what all of them print stamps too early.
CREATE TABLE clock_leads (
    outlet TEXT NOT NULL,            -- outlets.domain
    family TEXT NOT NULL,            -- an utterance that others printed within a day of it
    hours  REAL NOT NULL,            -- from its first print to the median of theirs; below 0: it came later
    PRIMARY KEY (outlet, family)
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_leads_by_family ON clock_leads (family);

CREATE TABLE early_clocks (
    outlet TEXT PRIMARY KEY,         -- outlets.domain
    hours  REAL NOT NULL             -- by so much its stamps seem early: they are shown, and doubted
) STRICT, WITHOUT ROWID;

-- One utterance in two languages (translation_tables.py), worked out after relations for what they touched.
CREATE TABLE names_across (          -- names as texts print them in both scripts: 托贝罗夫（Marc Toberoff）
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE, -- where it stands
    han     TEXT NOT NULL,           -- simplified; it may have an office in front
    latin   TEXT NOT NULL,
    PRIMARY KEY (article, han, latin)
) STRICT, WITHOUT ROWID;

CREATE TABLE translations (          -- of each Chinese claim, the English one that says the same best
    claim TEXT PRIMARY KEY,          -- claims.id of the Chinese one
    other TEXT NOT NULL,             -- claims.id of the English one
    odds  REAL NOT NULL              -- log-odds that the two are one utterance
) STRICT, WITHOUT ROWID;
CREATE INDEX translations_by_other ON translations (other);

CREATE TABLE same_utterance (        -- families that such claims join
    a TEXT NOT NULL,                 -- a family …
    b TEXT NOT NULL,                 -- … and one in the other language: each pair is kept both ways
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX same_utterance_by_other ON same_utterance (b);

-- Where families were said (recordings.py): worked out after grouping for what it touched.
CREATE TABLE spoken_shingles (
    shingle INTEGER NOT NULL,        -- three words in a row of a transcript, as one integer; not the common ones
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    PRIMARY KEY (shingle, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX spoken_shingles_by_article ON spoken_shingles (article);

CREATE TABLE originals (
    family  TEXT PRIMARY KEY,        -- families.id
    record  TEXT NOT NULL            -- the Original as JSON
) STRICT, WITHOUT ROWID;
CREATE TRIGGER originals_without_family AFTER DELETE ON families BEGIN
    DELETE FROM originals WHERE family = old.id;
END;

-- What changed (changes.py): every family whose page may look another way, the last change last. One that is
-- gone stays here, so that its page can be taken away. No serial is ever given twice.
CREATE TABLE changes (
    serial INTEGER PRIMARY KEY AUTOINCREMENT,
    family TEXT NOT NULL UNIQUE
) STRICT;
CREATE VIEW changed AS SELECT family FROM changes;  -- to insert into: NULL is passed over
CREATE TRIGGER changes_noted INSTEAD OF INSERT ON changed WHEN new.family IS NOT NULL BEGIN
    DELETE FROM changes WHERE family = new.family; -- no OR REPLACE: what fires a trigger rules over that
    INSERT INTO changes (family) VALUES (new.family);
END;
CREATE VIEW shown_in AS              -- the families that show a claim: its own, and the one it paraphrases
    SELECT id AS claim, article, outlet, family FROM claims
    UNION ALL
    SELECT id, article, outlet, p.family FROM claims JOIN paraphrases p ON p.claim = id;
CREATE TRIGGER changes_claim_added AFTER INSERT ON claims BEGIN
    INSERT INTO changed VALUES (new.family);
END;
CREATE TRIGGER changes_claim_removed AFTER DELETE ON claims BEGIN
    INSERT INTO changed VALUES (old.family);
    INSERT INTO changed SELECT family FROM paraphrases WHERE claim = old.id;
END;
CREATE TRIGGER changes_claim_changed AFTER UPDATE ON claims
    WHEN (old.family, old.hidden, old.key, old.kind, old.polarity, old.text, old.spans, old.quoted, old.context, old.cue,
          old.venue, old.speaker, old.person, old.mention, old.confidence, old.reason)
      IS NOT (new.family, new.hidden, new.key, new.kind, new.polarity, new.text, new.spans, new.quoted, new.context, new.cue,
          new.venue, new.speaker, new.person, new.mention, new.confidence, new.reason) BEGIN
    INSERT INTO changed SELECT old.family WHERE old.family IS NOT new.family;
    INSERT INTO changed SELECT family FROM shown_in WHERE claim = new.id;
END;
CREATE TRIGGER changes_family_added AFTER INSERT ON families BEGIN
    INSERT INTO changed VALUES (new.id);
END;
CREATE TRIGGER changes_family_changed AFTER UPDATE ON families BEGIN
    INSERT INTO changed VALUES (old.id), (new.id);
END;
CREATE TRIGGER changes_family_removed AFTER DELETE ON families BEGIN
    INSERT INTO changed VALUES (old.id);
END;
CREATE TRIGGER changes_article AFTER UPDATE ON articles
    WHEN (old.url, old.title, old.outlet, old.published, old.published_zone, old.published_basis, old.language,
          old.note, old.added, old.text)
      IS NOT (new.url, new.title, new.outlet, new.published, new.published_zone, new.published_basis, new.language,
          new.note, new.added, new.text) BEGIN
    INSERT INTO changed SELECT DISTINCT family FROM shown_in WHERE article = new.key;
END;
CREATE TRIGGER changes_outlet AFTER UPDATE ON outlets
    WHEN (old.name, old.country, old.kind, old.zone) IS NOT (new.name, new.country, new.kind, new.zone) BEGIN
    INSERT INTO changed SELECT DISTINCT family FROM shown_in WHERE outlet = new.domain;
END;
CREATE TRIGGER changes_clock_early AFTER INSERT ON early_clocks BEGIN
    INSERT INTO changed SELECT DISTINCT family FROM shown_in WHERE outlet = new.outlet;
END;
CREATE TRIGGER changes_clock_corrected AFTER UPDATE ON early_clocks BEGIN
    INSERT INTO changed SELECT DISTINCT family FROM shown_in WHERE outlet = new.outlet;
END;
CREATE TRIGGER changes_clock_right AFTER DELETE ON early_clocks BEGIN
    INSERT INTO changed SELECT DISTINCT family FROM shown_in WHERE outlet = old.outlet;
END;
CREATE TRIGGER changes_revision AFTER INSERT ON revisions WHEN new.gone <> '[]' BEGIN
    INSERT INTO changed SELECT DISTINCT family FROM shown_in
        WHERE article = (SELECT key FROM articles WHERE id = new.article);
END;
CREATE TRIGGER changes_paraphrase_added AFTER INSERT ON paraphrases BEGIN
    INSERT INTO changed VALUES (new.family);
END;
CREATE TRIGGER changes_paraphrase_changed AFTER UPDATE ON paraphrases BEGIN
    INSERT INTO changed VALUES (old.family), (new.family);
END;
CREATE TRIGGER changes_paraphrase_removed AFTER DELETE ON paraphrases BEGIN
    INSERT INTO changed VALUES (old.family);
END;
CREATE TRIGGER changes_original_added AFTER INSERT ON originals BEGIN
    INSERT INTO changed VALUES (new.family);
END;
CREATE TRIGGER changes_original_changed AFTER UPDATE ON originals BEGIN
    INSERT INTO changed VALUES (new.family);
END;
CREATE TRIGGER changes_original_removed AFTER DELETE ON originals BEGIN
    INSERT INTO changed VALUES (old.family);
END;
CREATE TRIGGER changes_link_added AFTER INSERT ON links BEGIN
    INSERT INTO changed VALUES (new.a);
END;
CREATE TRIGGER changes_link_removed AFTER DELETE ON links BEGIN
    INSERT INTO changed VALUES (old.a);
END;
CREATE TRIGGER changes_translation_added AFTER INSERT ON translations BEGIN
    INSERT INTO changed SELECT family FROM claims WHERE id IN (new.claim, new.other) AND family IS NOT NULL;
END;
CREATE TRIGGER changes_translation_removed AFTER DELETE ON translations BEGIN
    INSERT INTO changed SELECT family FROM claims WHERE id IN (old.claim, old.other) AND family IS NOT NULL;
END;
CREATE TRIGGER changes_same_utterance_added AFTER INSERT ON same_utterance BEGIN
    INSERT INTO changed VALUES (new.a);
END;
CREATE TRIGGER changes_same_utterance_removed AFTER DELETE ON same_utterance BEGIN
    INSERT INTO changed VALUES (old.a);
END;

-- Ideas: what a person marked (ideas-marks.toml is the source; these rows are laid on anew from it), and the
-- queue of suggestions. Nothing of the queue is published.
CREATE TABLE idea_marks (
    idea   TEXT NOT NULL,            -- Idea.id
    claim  TEXT NOT NULL,            -- claims.id as it is now; counts for its whole family
    label  TEXT NOT NULL CHECK (label IN ('yes', 'against', 'no')),
    marked TEXT NOT NULL,            -- the day or instant at which the person marked it
    by     TEXT,                     -- who; NULL: they did not say
    PRIMARY KEY (idea, claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX idea_marks_by_claim ON idea_marks (claim);

CREATE TABLE idea_models (
    idea     TEXT PRIMARY KEY,
    examples TEXT NOT NULL,          -- fingerprint of the marks and examples that it was fitted on
    buckets  BLOB NOT NULL,          -- int64: the features that count …
    weights  BLOB NOT NULL           -- … float64: their weights, the bias last
) STRICT, WITHOUT ROWID;

CREATE TABLE idea_scores (
    idea   TEXT NOT NULL,
    family TEXT NOT NULL,            -- families.id
    score  REAL NOT NULL,            -- 0 to 1; what is far below the line is not kept
    PRIMARY KEY (idea, family)
) STRICT, WITHOUT ROWID;

CREATE TABLE idea_scored (
    family  TEXT PRIMARY KEY,        -- families.id
    wording TEXT NOT NULL            -- fingerprint of the wording that was scored
) STRICT, WITHOUT ROWID;

-- Watches (watches.toml is the source): what each saved search found, and what went out to whom. A delivery is
-- marked `sending` before its first byte goes out: one that a kill interrupts is never sent a second time.
CREATE TABLE watch_matches (
    id     INTEGER PRIMARY KEY,
    watch  TEXT NOT NULL,            -- SavedSearch.name
    found  TEXT NOT NULL,            -- instant
    record TEXT NOT NULL             -- the Match as JSON, as it was worded then
) STRICT;
CREATE INDEX watch_matches_by_watch ON watch_matches (watch, id);

CREATE TABLE watch_subjects (        -- what a watch has matched before
    watch   TEXT NOT NULL,
    kind    TEXT NOT NULL,           -- Match.kind
    subject TEXT NOT NULL,           -- id of a claim or a family
    PRIMARY KEY (watch, kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_deliveries (
    key     TEXT PRIMARY KEY,        -- goes out with it, as Idempotency-Key or Message-ID
    watch   TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    matches TEXT NOT NULL,           -- JSON list of watch_matches.id
    made    TEXT NOT NULL,           -- instant
    state   TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unsure', 'given up')),
                                     -- unsure: a kill interrupted it, it may have arrived
    nights  INTEGER NOT NULL,        -- days on which it failed
    problem TEXT,                    -- of the last failure; NULL: none
    failed  TEXT                     -- the last of these days; NULL: none
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_deliveries_open ON watch_deliveries (made) WHERE state IN ('waiting', 'sending');
