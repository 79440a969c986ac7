"""The messages of a piece of a history's text, as columns: all at once by compiled code, or one by one if need be."""

from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson

from hcfmt.export.jsontext import SAFE_INTEGER, SPACE
from hcfmt.export.slices import Slice
from hcfmt.server.store import marks
from hcfmt.server.store.moments import LAST, moments

_ODD = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_id, _timestamp = itemgetter("id"), itemgetter("timestamp")


@dataclass(frozen=True, slots=True)
class Lines:
    """Messages by column, all of the same length.

    ``texts`` are wrappers (``{"UserMessage":{...}}``) as orjson writes them, ``ids`` UUIDs, 16 bytes each, ``times``
    microseconds since 1970 UTC. ``gone`` says whether one was deleted, ``peers`` who is on the other side of a private
    message (0 in a room).
    """

    texts: list[bytes]
    ids: list[bytes]
    times: list[int]
    gone: list[bool]
    peers: list[int]


def record_texts(piece: Slice) -> tuple[list[bytes], int | None]:
    """Return the texts of a slice's records, sound or not, and where one begins that the slice cuts, None for none."""
    texts: list[bytes] = []
    for start, end in piece.records():
        if end < 0 and not piece.ended:
            return texts, start
        text = piece.text[start : end if end >= 0 else None].strip(SPACE)
        if text:
            texts.append(text)
    return texts, None


class Cutter:
    """Reads the slices of one history."""

    def __init__(self, kinds: tuple[str, ...], owner: int | None) -> None:
        """Take the wrapper keys of the history's records, and of a private one whose it is."""
        self._kinds = frozenset(kinds)
        self._owner = owner

    def lines(self, piece: Slice) -> tuple[list[Lines | None], int | None]:
        """Return the messages of a slice, None for each that cannot be read, and where a record begins that it cuts."""
        whole = piece.array()
        lines = self._read(whole) if whole is not None else None
        if lines:
            return [lines], None
        texts, rest = record_texts(piece)
        return [self._read(b"[%b]" % text) for text in texts], rest

    def _read(self, text: bytes) -> Lines | None:
        try:
            return self._columns(orjson.loads(text))
        except _ODD:
            return None

    def _columns(self, wrappers: list[dict[str, Any]]) -> Lines:
        """Sort messages into columns; any of ``_ODD`` where one is not as it must be."""
        if set(map(len, wrappers)) - {1} or not self._kinds.issuperset(chain.from_iterable(wrappers)):
            raise ValueError("A record is not below one known key.")
        # Cut, and so copied: what orjson gives holds the whole kilobyte that it was written into.
        texts = [orjson.dumps(one, None, orjson.OPT_APPEND_NEWLINE)[:-1] for one in wrappers]
        records = [record for wrapper in wrappers for record in wrapper.values()]
        ids = marks.listed(marks.packed(list(map(_id, records))))
        times = moments(list(map(_timestamp, records)))
        if times and max(times) >= LAST:
            raise ValueError("Nothing can be said after that.")
        gone = [record.get("deleted") is not None for record in records]
        peers = [0] * len(records) if self._owner is None or not records else self._peers(records)
        return Lines(texts, ids, times, gone, peers)

    def _peers(self, records: list[dict[str, Any]]) -> list[int]:
        owner = self._owner
        sides = [(record["sender"]["id"], record["receiver"]["id"]) for record in records]
        if not all(type(one) is int is type(other) and owner in (one, other) for one, other in sides):
            raise ValueError("A private message is another's.")
        peers = [other if one == owner else one for one, other in sides]
        if not 0 < min(peers) <= max(peers) <= SAFE_INTEGER:
            raise ValueError("That is no user's id.")
        return peers
