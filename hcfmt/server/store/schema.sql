-- The tables of a store. Times are microseconds since 1970 UTC. A "record" is JSON as orjson writes it, in UTF-8.

-- The archive's identity, the omissions of its loading, and the last row of the archive in each table that only grows.
CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- "position" is the order of the records in the archive. Each name has two columns, exact and without letter case, and
-- an index with the columns that order the records of one name. A reset restores users, rooms, files and
-- participants from copies.
CREATE TABLE user (
    id INTEGER PRIMARY KEY, position INTEGER NOT NULL, mention TEXT, folded_mention TEXT, email TEXT, folded_email TEXT,
    guest INTEGER NOT NULL, deleted INTEGER NOT NULL, record BLOB NOT NULL
);
CREATE UNIQUE INDEX user_position ON user (position);
CREATE INDEX user_mention ON user (mention, deleted, position);
CREATE INDEX user_folded_mention ON user (folded_mention, deleted, position);
CREATE INDEX user_email ON user (email, deleted, position);
CREATE INDEX user_folded_email ON user (folded_email, deleted, position);
CREATE TABLE room (
    id INTEGER PRIMARY KEY, position INTEGER NOT NULL, name TEXT, folded_name TEXT,
    private INTEGER NOT NULL, archived INTEGER NOT NULL, deleted INTEGER NOT NULL, record BLOB NOT NULL
);
CREATE UNIQUE INDEX room_position ON room (position);
CREATE INDEX room_name ON room (name, deleted, position);
CREATE INDEX room_folded_name ON room (folded_name, deleted, position);
CREATE TABLE emoticon (
    id INTEGER PRIMARY KEY, position INTEGER NOT NULL, shortcut TEXT, folded_shortcut TEXT, record BLOB NOT NULL
);
CREATE UNIQUE INDEX emoticon_position ON emoticon (position);
CREATE INDEX emoticon_shortcut ON emoticon (shortcut, position);
CREATE INDEX emoticon_folded_shortcut ON emoticon (folded_shortcut, position);
CREATE TABLE autojoin (id TEXT PRIMARY KEY, position INTEGER NOT NULL, record BLOB NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX autojoin_position ON autojoin (position);

-- Who takes part in a room, by autojoins or by writing in it. "time" is that of the user's newest message, NULL for one
-- who wrote none. The room -1 stands for all private messages.
CREATE TABLE participant (
    room INTEGER NOT NULL, user INTEGER NOT NULL, time INTEGER, PRIMARY KEY (room, user)
) WITHOUT ROWID;
CREATE INDEX participant_user ON participant (user, time);

-- The archive's metadata and preferences.
CREATE TABLE data_file (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- A stored file's bytes are in chunks of 1 MiB with consecutive ids, the last one shorter. Files may share chunks.
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, type TEXT NOT NULL,
    first_chunk INTEGER NOT NULL
);
CREATE INDEX file_upload ON file (substr(path, instr(path, '/files/') + 7)) WHERE instr(path, '/files/') > 0;
CREATE TABLE chunk (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB NOT NULL);

-- The histories of the archive, also empty ones: "directory" is users or rooms, "id" the user's or the room's,
-- "before" the position of the message before its first one, NULL if the archive has the history twice, or too many
-- records that are no messages.
CREATE TABLE history (
    directory TEXT NOT NULL, id INTEGER NOT NULL, before INTEGER, PRIMARY KEY (directory, id)
) WITHOUT ROWID;

-- The records of a history that are no message of the store, by their index in its list.
CREATE TABLE skipped (
    directory TEXT NOT NULL, id INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (directory, id, record)
) WITHOUT ROWID;

-- A chat is a room's history, or the messages with one peer in a user's history.
CREATE TABLE chat (id INTEGER PRIMARY KEY, room INTEGER, owner INTEGER, peer INTEGER);
CREATE UNIQUE INDEX chat_room ON chat (room);
CREATE UNIQUE INDEX chat_pair ON chat (owner, peer);

-- A message in one chat. "position" is the order of the messages in their history. "rank" is the number of older
-- messages in the chat, "visible_rank" the number of older messages that are not deleted; of two messages of the same
-- time, the one of the lower position is older. "id" is a UUID in lower case, "record" includes the wrapper key.
-- The indexes are in indexes.sql.
CREATE TABLE message (
    position INTEGER PRIMARY KEY, chat INTEGER NOT NULL, rank INTEGER NOT NULL, visible_rank INTEGER NOT NULL,
    time INTEGER NOT NULL, id TEXT NOT NULL, deleted INTEGER NOT NULL, record BLOB NOT NULL
);

-- Blocks of messages of one history, of a room or of an owner, by which messages are found (search_index.py): the
-- positions of the first and the last message, the times of the oldest and the newest. "id" is the row of the block in
-- the full-text table search_0, or of another part in search_1 and so on.
CREATE TABLE search_block (
    part INTEGER NOT NULL, id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    oldest INTEGER NOT NULL, newest INTEGER NOT NULL, room INTEGER, owner INTEGER, PRIMARY KEY (part, id)
) WITHOUT ROWID;

-- The server's own JSON documents (tokens, webhooks, ...), and the last number of each kind of numbered documents.
CREATE TABLE document (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, UNIQUE (kind, key)
);
CREATE TABLE counter (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
