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

-- A chat is a room's history, or the messages between one user and a peer in the first one's history.
CREATE TABLE chat (id INTEGER PRIMARY KEY, room INTEGER, owner INTEGER, peer INTEGER);
CREATE UNIQUE INDEX chat_room ON chat (room);
CREATE UNIQUE INDEX chat_pair ON chat (owner, peer);

-- "position" is the order of the messages in the archive, and of those written since. "rank" counts the older messages
-- of the chat, "visible_rank" those of them that are not deleted; messages of one time are in order of position. "id" is
-- in lower case, "record" has its wrapper. See indexes.sql.
CREATE TABLE message (
    position INTEGER PRIMARY KEY, chat INTEGER NOT NULL, rank INTEGER NOT NULL, visible_rank INTEGER NOT NULL,
    time INTEGER NOT NULL, id TEXT NOT NULL, deleted INTEGER NOT NULL, record BLOB NOT NULL
);

-- What the server itself keeps, by kind: tokens, webhooks and the like; and the last number given to one of a kind.
CREATE TABLE kept (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, UNIQUE (kind, key)
);
CREATE TABLE numbered (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
