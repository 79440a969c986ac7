"""Decodes the slices of a history into batches of messages.

A slice is one batch. If one of its records is unreadable, each record is a batch of its own.
"""

from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson

from hcfmt.export.dialect_reading import is_other_dialect, message
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.slice_records import record_texts
from hcfmt.export.slices import Slice
from hcfmt.export.timestamps import LAST_DAY, parse_timestamps
from hcfmt.server.store.indexed_texts import indexed_texts
from hcfmt.server.store.participants import writer

_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_LENGTH, _DIGITS, _HYPHENS = 36, 32, (8, 13, 18, 23)  # of a UUID
_id, _timestamp = itemgetter("id"), itemgetter("timestamp")


@dataclass(frozen=True, slots=True)
class MessageBatch:
    """Messages of one history as columns of the same length.

    ``records`` are JSON texts with the wrapper key (``{"UserMessage":{...}}``), ``ids`` UUIDs in lower case, ``times``
    microseconds since 1970 UTC, ``deleted`` 0 or 1, ``peers`` the other user of a private message (0 in a room),
    ``writers`` the user who wrote a message (0: none), ``texts`` what messages are found by.
    """

    records: list[bytes]
    ids: list[str]
    times: list[int]
    deleted: list[int]
    peers: list[int]
    writers: list[int]
    texts: list[str]


def lower_uuids(ids: list[str]) -> list[str]:
    """Return UUIDs of 36 characters in lower case; raises ValueError or TypeError for any other value."""
    joined = "".join(ids)
    digits = len(bytes.fromhex(joined.replace("-", ""))) * 2
    hyphens = {joined[at::_LENGTH] for at in _HYPHENS}
    # Hyphens elsewhere, and the spaces that fromhex ignores, leave too few digits.
    if set(map(len, ids)) - {_LENGTH} or hyphens != {"-" * len(ids)} or digits != _DIGITS * len(ids):
        raise ValueError("A message id is no UUID.")
    return list(map(str.lower, ids))


class HistoryDecoder:
    """Decodes the slices of one history."""

    def __init__(self, kinds: tuple[str, ...], owner: int | None) -> None:
        """Take the wrapper keys that the history may have, and the owner's user id (None for a room's history)."""
        self._kinds = frozenset(kinds)
        self._owner = owner

    def decode(self, slice_: Slice) -> tuple[list[MessageBatch | None], int | None]:
        """Return a slice's messages (None: an unreadable record), and the offset of a record that the slice cuts."""
        array, is_other = slice_.array(), is_other_dialect(slice_)
        batch = self._batch(array, is_other=is_other) if array is not None else None
        if batch:
            return [batch], None
        texts, rest = record_texts(slice_)
        return [self._batch(b"[%b]" % text, is_other=is_other) for text in texts], rest

    def _batch(self, array: bytes, *, is_other: bool) -> MessageBatch | None:
        """Return the messages of a JSON array; None where one of them is unreadable."""
        try:
            return self._columns(orjson.loads(array), is_other=is_other)
        except _UNREADABLE:
            return None

    def _columns(self, wrappers: list[dict[str, Any]], *, is_other: bool) -> MessageBatch:
        """Return decoded messages as columns; raises one of ``_UNREADABLE`` for a malformed message.

        Messages of another dialect become hc-migrate's.
        """
        if set(map(len, wrappers)) - {1} or not self._kinds.issuperset(chain.from_iterable(wrappers)):
            raise ValueError("A record has an unknown wrapper key, or several keys.")
        records = [record for wrapper in wrappers for record in wrapper.values()]
        times = parse_timestamps(list(map(_timestamp, records)))
        if times and max(times) >= LAST_DAY:
            raise ValueError("A message of the calendar's last day leaves no time for later messages.")
        peers = [0] * len(records) if self._owner is None or not records else self._peers(records)
        deleted = [int(record.get("deleted") is not None) for record in records]
        ids = lower_uuids(list(map(_id, records)))
        writers = list(map(writer, chain.from_iterable(wrappers), records))
        if is_other:
            wrappers = [{kind: message(kind, record)} for wrapper in wrappers for kind, record in wrapper.items()]
            records = [record for wrapper in wrappers for record in wrapper.values()]
        texts = indexed_texts(chain.from_iterable(wrappers), records)
        return MessageBatch(list(map(orjson.dumps, wrappers)), ids, times, deleted, peers, writers, texts)

    def _peers(self, records: list[dict[str, Any]]) -> list[int]:
        """Return the other user's id of each private message; ValueError for a message that is not the owner's."""
        owner = self._owner
        sides = [(record["sender"]["id"], record["receiver"]["id"]) for record in records]
        if not all(type(sender) is int is type(receiver) and owner in (sender, receiver) for sender, receiver in sides):
            raise ValueError("A private message is not the owner's.")
        peers = [receiver if sender == owner else sender for sender, receiver in sides]
        if not 0 < min(peers) <= max(peers) <= SAFE_INTEGER:
            raise ValueError("A user id is out of range.")
        return peers
