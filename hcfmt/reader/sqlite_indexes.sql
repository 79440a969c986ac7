-- The indexes of an export's tables, made when the tables are full: one for each foreign key, and for orders by time.
CREATE INDEX users_by_mention_name ON users (mention_name);
CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar IS NOT NULL;
CREATE INDEX rooms_by_owner ON rooms (owner);
CREATE INDEX room_members_by_user ON room_members (user);
CREATE INDEX messages_by_time ON messages (time);
CREATE INDEX messages_by_room ON messages (room, time);
CREATE INDEX messages_by_owner ON messages (owner, time) WHERE owner IS NOT NULL;
CREATE INDEX messages_by_sender ON messages (sender, time);
CREATE INDEX messages_by_receiver ON messages (receiver, time) WHERE receiver IS NOT NULL;
CREATE INDEX messages_by_deleter ON messages (deleted_by) WHERE deleted_by IS NOT NULL;
CREATE INDEX private_messages_by_message_id ON messages (message_id, owner_id) WHERE kind = 'private';
CREATE INDEX mentions_by_user ON mentions (user);
CREATE INDEX attachments_by_sender ON attachments (sender);
CREATE INDEX attachments_by_file ON attachments (file) WHERE file IS NOT NULL;
CREATE INDEX attachments_by_thumbnail ON attachments (thumbnail) WHERE thumbnail IS NOT NULL;
CREATE INDEX emoticons_by_user ON emoticons (user);
CREATE INDEX emoticons_by_file ON emoticons (file);
CREATE INDEX autojoins_by_user ON autojoins (user);
