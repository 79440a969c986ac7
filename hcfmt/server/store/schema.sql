-- What a store holds. Times are microseconds since 1970 UTC, texts are JSON as orjson writes it, in UTF-8.

-- What the store knows of itself: which archive it was filled from, where the archive's part of a table ends.
CREATE TABLE told (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- "place" is a record's place in its list; a name is without its letter case, but as it is where that is "written_".
-- Names are indexed with what they are sorted by, as any number of records may have one. Of the tables with a twin,
-- reset copies the twin back.
CREATE TABLE person (
    id INTEGER PRIMARY KEY, place INTEGER NOT NULL, written_mention TEXT, mention TEXT, written_email TEXT, email TEXT,
    guest INTEGER NOT NULL, deleted INTEGER NOT NULL, record BLOB NOT NULL
);
CREATE INDEX person_written_mention ON person (written_mention, deleted, place);
CREATE INDEX person_mention ON person (mention, deleted, place);
CREATE INDEX person_written_email ON person (written_email, deleted, place);
CREATE INDEX person_email ON person (email, deleted, place);
CREATE TABLE room (
    id INTEGER PRIMARY KEY, place INTEGER NOT NULL, written_name TEXT, name TEXT,
    private INTEGER NOT NULL, archived INTEGER NOT NULL, deleted INTEGER NOT NULL, record BLOB NOT NULL
);
CREATE INDEX room_written_name ON room (written_name, deleted, place);
CREATE INDEX room_name ON room (name, deleted, place);
CREATE TABLE emoticon (
    id INTEGER PRIMARY KEY, place INTEGER NOT NULL, written_shortcut TEXT, shortcut TEXT, record BLOB NOT NULL
);
CREATE INDEX emoticon_written_shortcut ON emoticon (written_shortcut, place);
CREATE INDEX emoticon_shortcut ON emoticon (shortcut, place);
CREATE TABLE autojoin (id TEXT PRIMARY KEY, place INTEGER NOT NULL, record BLOB NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX person_place ON person (place);
CREATE UNIQUE INDEX room_place ON room (place);
CREATE UNIQUE INDEX emoticon_place ON emoticon (place);
CREATE UNIQUE INDEX autojoin_place ON autojoin (place);
CREATE TABLE document (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- A file's bytes are in pieces of 1 MiB with consecutive ids, the last one shorter; files may share them.
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, type TEXT NOT NULL,
    piece INTEGER NOT NULL
);
CREATE TABLE piece (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB NOT NULL);

-- Histories that the archive has, some of them empty.
CREATE TABLE history (tree TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (tree, id)) WITHOUT ROWID;

-- A room's history, or what one user and another wrote to each other as it stands in the first one's history.
-- "straight": time and place agree about the order of its messages.
CREATE TABLE chat (id INTEGER PRIMARY KEY, room INTEGER, owner INTEGER, peer INTEGER, straight INTEGER NOT NULL);
CREATE UNIQUE INDEX chat_room ON chat (room);
CREATE UNIQUE INDEX chat_pair ON chat (owner, peer);

-- Up to 64 messages that follow each other in their chat's order of time. Counted from the oldest, from 0, "first" is
-- the rank of the first among all messages of the chat, "shown" among those that were not deleted. Of each message:
-- "times" and "places" (in its history) hold 8 bytes, "ids" 16, "gone" 1 if it was deleted, "texts" a line with its
-- wrapper.
CREATE TABLE leaf (
    id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
    shown INTEGER NOT NULL, visible INTEGER NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL,
    gone BLOB NOT NULL, times BLOB NOT NULL, places BLOB NOT NULL, ids BLOB NOT NULL, texts BLOB NOT NULL
);
CREATE UNIQUE INDEX leaf_first ON leaf (chat, first);
CREATE INDEX leaf_begins ON leaf (chat, begins, first);
CREATE INDEX leaf_shown ON leaf (chat, shown) WHERE visible > 0;

-- Where a chat's messages are, by id, in sorted runs: what the archive has is in runs from 0, usually one; what was
-- written since is in run -1. "entries" hold 16 bytes of id and 8 of the "first" of the message's leaf; "least" is the
-- first id.
CREATE TABLE mark (
    chat INTEGER NOT NULL, run INTEGER NOT NULL, least BLOB NOT NULL, entries BLOB NOT NULL,
    PRIMARY KEY (chat, run, least)
) WITHOUT ROWID;

-- What the server itself keeps, by kind: tokens, webhooks and the like; and the last number given to one of a kind.
CREATE TABLE kept (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, UNIQUE (kind, key)
);
CREATE TABLE numbered (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
