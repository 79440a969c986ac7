"""Finds the message of a store that a record of the archive became, by the record's index in its history."""

import sqlite3

from hcfmt.server.store.values import Chat

_POSITION = """
SELECT before + 1 + :record - (
    SELECT count(*) FROM skipped WHERE directory = :directory AND id = :id AND record < :record
)
FROM history WHERE directory = :directory AND id = :id
AND NOT EXISTS (SELECT * FROM skipped WHERE directory = :directory AND id = :id AND record = :record)
"""
_MESSAGE = """
SELECT room, owner, peer, message.id FROM message JOIN chat ON chat.id = chat
WHERE position = ? AND position <= (SELECT CAST(value AS INTEGER) FROM info WHERE key = 'last message')
"""


def message_of_record(db: sqlite3.Connection, directory: str, key: int, record: int) -> tuple[Chat, str] | None:
    """Return the chat and the id of a record's message, given the history's directory ("rooms"), its owner's id.

    None for a record that is no message of the store, and where that is not known: the archive has the history twice,
    or too many such records.
    """
    row = db.execute(_POSITION, {"directory": directory, "id": key, "record": record}).fetchone()
    message = db.execute(_MESSAGE, row).fetchone() if row else None
    if message is None:
        return None
    room, owner, peer, message_id = message
    chat = Chat(room, owner, peer)
    is_of_history = (room == key) if directory == "rooms" else (owner == key)
    return (chat, message_id) if is_of_history else None
