-- The indexes of the messages, created after loading, which is faster than to update them for every message.
CREATE UNIQUE INDEX message_rank ON message (chat, rank);
CREATE UNIQUE INDEX message_visible_rank ON message (chat, visible_rank) WHERE NOT deleted;
CREATE INDEX message_time ON message (chat, time, rank);
CREATE INDEX message_id ON message (chat, id);
