"""The JSON documents that the page is made of: people and chats, messages by rank, ranks by time and by id.

They hold for any store, of an invalid archive too. Times are milliseconds since 1970 UTC, addresses relative to the
page. A chat's key is ``room-12`` or, for the messages of two people, ``private-3-17``, the lower id first.
"""

import re
from typing import TYPE_CHECKING, Any

from hcfmt.export.layout import EMOTICON_FILES
from hcfmt.server.api.objects import member_ids, photo_path
from hcfmt.server.page.bounded_values import number_of, text_of, without_empty
from hcfmt.server.page.message_documents import MICROSECONDS, Address, MessageDocuments, address_of
from hcfmt.server.store import Chat, all_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hcfmt.server.store import Record, Store
    from hcfmt.server.store.chat_reader import ChatSummary

CHUNK = 200
"""Messages that a page asks for at once."""

MOST_MESSAGES = 500
"""Messages of one document at most."""

_KEY = re.compile(r"room-([0-9]{1,16})|private-([0-9]{1,16})-([0-9]{1,16})")
_MOST_BYTES = 4 << 20  # of the records of one document, but for the last one
_MOST_TIME = 1 << 53  # milliseconds
_MEMBERS = 500  # ids of a room's members
_TOPIC = 2_000  # characters
_AVATAR_SIZES = ("_125", "")


def overview(store: "Store", name: str, address: Address = address_of) -> dict[str, Any]:
    """Return what the page shows around the messages: people, chats, emoticons, and what was left out.

    ``name`` is the archive's. A pair of people is one chat: their histories are copies of each other, and the one with
    more messages is shown. ``address`` returns the address of a stored file.
    """
    people = list(all_records(store.users, guests=True, deleted=True))
    return {
        "name": name,
        "people": list(_people(store, people, address)),
        "chats": list(_chats(store)),
        "emoticons": _emoticons(store, address),
        "omissions": dict(store.omissions),
        "chunk": CHUNK,
        "searchable": True,
    }


def messages(store: "Store", key: str, first: int, count: int, address: Address = address_of) -> list[dict[str, Any]]:
    """Return messages of a chat from the rank ``first`` on, the oldest first; an unknown chat has none.

    There are fewer than ``count`` where their records are very large, but at least one if the chat has one. Raises
    LookupError for a key that no chat can have.
    """
    chat, first = find_chat(store, key), max(0, min(first, _MOST_TIME))
    page = store.chats.by_rank(chat, first, max(0, min(count, MOST_MESSAGES)), _MOST_BYTES)
    return MessageDocuments(store, chat, address).documents(page, first)


def at(store: "Store", key: str, time: int) -> dict[str, Any]:
    """Return the rank of a chat's first message at or after a time, of the last one if all are older.

    Raises LookupError for a key that no chat can have.
    """
    chat = find_chat(store, key)
    rank = store.chats.rank_at(chat, max(-_MOST_TIME, min(time, _MOST_TIME)) * MICROSECONDS)
    return {"i": max(0, min(rank, store.count_history(chat) - 1))}


def place(store: "Store", key: str, message_id: str) -> dict[str, Any] | None:
    """Return the rank of a message by its id, None for an unknown one; LookupError for a key that no chat can have."""
    rank = store.chats.rank_of(find_chat(store, key), message_id)
    return None if rank is None else {"i": rank}


def is_key(key: str) -> bool:
    """Whether a text can be the key of a chat."""
    return bool(_KEY.fullmatch(key))


def find_chat(store: "Store", key: str) -> Chat:
    """Return the chat of a key; raises LookupError for a key that no chat can have."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise LookupError(f"{key[:100]} is no chat")
    if match[1]:
        return Chat(room=int(match[1]))
    return store.chats.pair(*sorted((int(match[2]), int(match[3]))))


def key_of(chat: Chat) -> str:
    """Return the key of a chat."""
    if chat.room is not None:
        return f"room-{chat.room}"
    return "private-{}-{}".format(*_pair(chat))


def _people(store: "Store", records: "list[Record]", address: Address) -> "Iterator[dict[str, Any]]":
    stored = store.chats.files(path for record in records for path in _photos(record))
    for record in records:
        avatar = next((address(stored[path]) for path in _photos(record) if path in stored), None)
        yield {
            "id": record["id"],
            "name": text_of(record["name"]),
            "mention_name": text_of(record["mention_name"]),
            "title": text_of(record["title"]),
            "is_deleted": record["is_deleted"],
            "account_type": text_of(record["account_type"]),
            "avatar": avatar,
        }


def _photos(record: "Record") -> "Iterator[str]":
    """Yield the paths that a user's photo may have, the better one first."""
    return (path for size in _AVATAR_SIZES if (path := photo_path(record, size)))


def _chats(store: "Store") -> "Iterator[dict[str, Any]]":
    """Yield every room, then every pair of people with messages, each by id."""
    rooms: dict[int, ChatSummary] = {}
    pairs: dict[tuple[int, int], ChatSummary] = {}
    for summary in store.chats.summaries():
        if summary.room is not None:
            rooms[summary.room] = summary
            continue
        pair = _pair(summary)
        known = pairs.get(pair)
        if known is None or (summary.messages, known.owner or 0) > (known.messages, summary.owner or 0):
            pairs[pair] = summary
    for record in all_records(store.rooms, archived=True, deleted=True):
        yield {"key": f"room-{record['id']}", **_room(record), **_counts(rooms.get(record["id"]))}
    for pair, summary in sorted(pairs.items()):
        yield {"key": f"private-{pair[0]}-{pair[1]}", "people": pair, **_counts(summary)}


def _pair(chat: "Chat | ChatSummary") -> tuple[int, int]:
    """Return the ids of the two people of a private chat, the lower one first."""
    owner, peer = chat.owner or 0, chat.peer or 0
    return (owner, peer) if owner < peer else (peer, owner)


def _room(record: "Record") -> dict[str, Any]:
    members = member_ids(record)
    return {
        "room": record["id"],
        "name": text_of(record["name"]),
        "topic": text_of(record["topic"], _TOPIC),
        "privacy": text_of(record["privacy"]),
        "is_archived": record["is_archived"],
        "is_deleted": record["is_deleted"],
        "members": members[:_MEMBERS],
        "member_count": len(members),
    }


def _counts(summary: "ChatSummary | None") -> dict[str, Any]:
    if summary is None:
        return {"count": 0, "first": None, "last": None}
    first, last = summary.first // MICROSECONDS, summary.last // MICROSECONDS
    return {"count": summary.messages, "first": first, "last": last}


def _emoticons(store: "Store", address: Address) -> dict[str, Any]:
    """Return the emoticons whose picture the archive holds, by shortcut, the first one of each."""
    records = list(all_records(store.emoticons))
    stored = store.chats.files(EMOTICON_FILES + text_of(record["path"]) for record in records)
    shown: dict[str, Any] = {}
    for record in records:
        file, shortcut = stored.get(EMOTICON_FILES + text_of(record["path"])), text_of(record["shortcut"])
        if file and shortcut and shortcut not in shown:
            size = {name: number_of(record.get(name)) for name in ("width", "height")}
            shown[shortcut] = {"url": address(file)} | without_empty(size)
    return shown
