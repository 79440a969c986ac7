-- An export as tables (docs/sqlite.md). Times are text, ISO 8601 in UTC with microseconds: 2018-03-28T17:25:30.000000Z.
-- Truth values are 0 and 1, and lists are JSON. Text and names of files are those of the archive; no file's content is
-- here. Where a record names a user whom users.json lacks, "sender" is NULL and "sender_id" has the id as it is written.

-- How the tables were made: key and value.
CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What was skipped or could not be resolved, as 'hcfmt validate' says it: the first 100 of each rule.
CREATE TABLE problems (code TEXT NOT NULL, severity TEXT NOT NULL, place TEXT NOT NULL, message TEXT NOT NULL);

-- The stored files of the archive: attachments, avatars and emoticons.
CREATE TABLE files (path TEXT PRIMARY KEY, kind TEXT NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    mention_name TEXT NOT NULL,
    email TEXT,
    title TEXT,
    account_type TEXT NOT NULL,
    roles TEXT NOT NULL,
    timezone TEXT NOT NULL,
    created TEXT,
    is_deleted INTEGER NOT NULL,
    avatar TEXT REFERENCES files (path)
);

CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    canonical_name TEXT NOT NULL,
    topic TEXT,
    privacy TEXT NOT NULL,
    is_archived INTEGER NOT NULL,
    is_deleted INTEGER,
    created TEXT NOT NULL,
    guest_access_url TEXT,
    owner INTEGER REFERENCES users (id),
    owner_id INTEGER
);

-- "role" is member, admin or participant.
CREATE TABLE room_members (
    room INTEGER NOT NULL REFERENCES rooms (id),
    role TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    user INTEGER REFERENCES users (id),
    PRIMARY KEY (room, role, user_id)
) WITHOUT ROWID;

-- The messages of rooms and, with an "owner", of private conversations, in the order of the archive. A private message
-- is in the histories of both people: a row for each, whose "owner" is the user in whose history it is.
-- "kind" is message, notification, topic, archive, guest_access or private. "message_id" is the archive's own id.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    time TEXT NOT NULL,
    room INTEGER REFERENCES rooms (id),
    room_id INTEGER,
    owner INTEGER REFERENCES users (id),
    owner_id INTEGER,
    sender INTEGER REFERENCES users (id),
    sender_id INTEGER NOT NULL,
    sender_name TEXT,
    receiver INTEGER REFERENCES users (id),
    receiver_id INTEGER,
    text TEXT NOT NULL,
    details TEXT,
    is_deleted INTEGER NOT NULL,
    deleted TEXT,
    deleted_by INTEGER REFERENCES users (id),
    deleted_by_id INTEGER
);

CREATE TABLE mentions (
    message INTEGER NOT NULL REFERENCES messages (id),
    user INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (message, user)
) WITHOUT ROWID;

-- "file" and "thumbnail" are NULL where the archive lacks the file; "path" is what the message says.
CREATE TABLE attachments (
    message INTEGER PRIMARY KEY REFERENCES messages (id),
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    created TEXT,
    sender INTEGER REFERENCES users (id),
    sender_id INTEGER,
    file TEXT REFERENCES files (path),
    thumbnail TEXT REFERENCES files (path)
);

CREATE TABLE emoticons (
    id INTEGER PRIMARY KEY,
    emoticon_id INTEGER,
    shortcut TEXT NOT NULL,
    path TEXT NOT NULL,
    file TEXT REFERENCES files (path),
    user INTEGER REFERENCES users (id),
    user_id INTEGER,
    width INTEGER,
    height INTEGER
);

-- The rooms and conversations that a user's client opens at its start, in their order. "user" is NULL for a preference
-- whose "key" names nobody.
CREATE TABLE autojoins (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    user INTEGER REFERENCES users (id),
    jid TEXT NOT NULL,
    name TEXT
);

-- Full-text search over the texts of messages. It holds the index alone; the texts stay in "messages".
CREATE VIRTUAL TABLE message_search USING fts5 (text, content = 'messages', content_rowid = 'id');

-- Messages of rooms.
CREATE VIEW room_messages AS SELECT * FROM messages WHERE kind <> 'private';

-- Private messages, each once: from the history of the sender or, if it is not there, of the receiver.
CREATE VIEW private_messages AS
SELECT * FROM messages AS message
WHERE kind = 'private' AND (
    owner_id = sender_id
    OR NOT EXISTS (
        SELECT 1 FROM messages AS other
        WHERE other.message_id = message.message_id AND other.kind = 'private' AND other.owner_id = message.sender_id
    )
);
