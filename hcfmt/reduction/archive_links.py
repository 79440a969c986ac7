"""The links of all records of a stored archive: which message is which, and which stored files records name."""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b

from hcfmt.export.annotations import FILE, annotations
from hcfmt.export.layout import Kind
from hcfmt.reduction.record_links import links_of
from hcfmt.reduction.stored_archive import StoredArchive

HISTORIES = (Kind.ROOM_HISTORY, Kind.USER_HISTORY)
HISTORY_OF = {"room": "rooms/{}/history.json", "user": "users/{}/history.json"}
"""The place of the history of a thing, by its id."""

RecordPlace = tuple[int, int]
"""The number of a member, and the index of a record in it."""

_ID = re.compile(rb'"id"\s*:\s*"([^"]*)"')
_OWNER = re.compile(r"(?<=/)[0-9]+(?=/)")


class ArchiveLinks:
    """The links of a stored archive.

    ``keys`` has for each history the keys of its messages, in order: the two copies of a private message have the same.
    ``files`` has for each record that names stored files of the archive their numbers among the members, ``named`` are
    all these files.
    """

    def __init__(self, stored: StoredArchive) -> None:
        """Read every record once."""
        self.keys: dict[int, array[int]] = {}
        self.files: dict[RecordPlace, Sequence[int]] = {}
        self._by_place = _stored_files(stored)
        for number, member in enumerate(stored.members):
            if member.records is None or member.schema is None:
                continue
            is_history = member.row is not None and member.row.kind in HISTORIES
            keys = array("Q")
            names_file = _names_file(member.schema)
            for index in range(len(member.records)):
                text = stored.record(number, index)
                if is_history:
                    found = _ID.search(text)
                    keys.append(_key(found[1] if found else text))
                if names_file.search(text):
                    self.files[number, index] = self.files_of(member.schema, member.place, text)
            if is_history:
                self.keys[number] = keys
        self.named = frozenset(file for files in self.files.values() for file in files)

    def files_of(self, schema: str, place: str, text: bytes) -> Sequence[int]:
        """Return the numbers of the stored files that a record names, by its text and the place of its data file."""
        places = links_of(schema, place, text).files
        return sorted({number for file in places for number in self._by_place.get(file, ())})


def _key(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def _stored_files(stored: StoredArchive) -> Mapping[str, Sequence[int]]:
    """Return the numbers of the stored files by their places, and by their places with ``*`` for an id."""
    numbers: dict[str, list[int]] = {}
    for number, member in enumerate(stored.members):
        for place in {member.place, _OWNER.sub("*", member.place, count=1)} if member.is_stored_file else ():
            numbers.setdefault(place, []).append(number)
    return numbers


@cache
def _names_file(schema: str) -> re.Pattern[bytes]:
    """Return a pattern that is found in each record with a text in a property that may name a stored file."""
    names = sorted({str(annotation.path[-1]).encode() for annotation in annotations(schema, (FILE,))})
    return re.compile(rb'"(?:%b)"\s*+:\s*+"' % b"|".join(names)) if names else re.compile(rb"(?!)")


def messages_kept(keys: Iterable[int], links: ArchiveLinks) -> dict[int, list[int]]:
    """Return for each history the indices of the messages with some keys."""
    kept = frozenset(keys)
    return {
        number: [index for index, key in enumerate(of_history) if key in kept]
        for number, of_history in links.keys.items()
    }
