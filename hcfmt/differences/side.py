"""One of two exports that are compared: its records as rows, and what of it could not be read."""

from collections.abc import Sequence
from operator import itemgetter

from msgspec import Struct

from hcfmt.check.export_dialect import DataFileOrigins
from hcfmt.differences.partitions import Partitions
from hcfmt.differences.rows import PLACE, SECTION, TIME, Row
from hcfmt.export.timestamps import are_exact, sort_key

Place = tuple[int, str]
"""The index of a section, and the place in it: a room's id, the ids of two people, else ""."""

Span = tuple[str, str]
"""The first and the last time of messages."""

_place = itemgetter(SECTION, PLACE)


class Contents:
    """The data files of one directory of an archive.

    ``spans`` are the first and the last time of the messages of each place. ``begun`` and ``whole`` are the paths of
    the data files of which something was read, and of those that were read to their end. ``slices`` are the numbers of
    long slices by a digest of each; ``shared`` are those of the other export that this one has too, and whose rows are
    not made again.
    """

    def __init__(self, rows: Partitions) -> None:
        """Take where the rows go; begin with none."""
        self.rows = rows
        self.origins = DataFileOrigins()
        self.spans: dict[Place, Span] = {}
        self.begun: set[str] = set()
        self.whole: set[str] = set()
        self.slices: dict[bytes, int] = {}
        self.shared: set[int] = set()

    def add(self, rows: Sequence[Row], size: int) -> None:
        """Add the rows of records whose text has ``size`` bytes."""
        self.rows.add(rows, size)
        extend(self.spans, rows)


def extend(spans: dict[Place, Span], rows: Sequence[Row]) -> None:
    """Extend the times of places by those of rows; a time that does not exist counts as none."""
    times = [row[TIME] for row in rows]
    if not any(times):
        return
    if not are_exact(times):
        times = list(map(sort_key, times))
    places = list(map(_place, rows))
    if len(set(places)) == 1:  # as in the history of a room, of which the first and the last time are enough
        places, times = places[:2], [min(times), max(times)]
    for place, time in zip(places, times, strict=False):
        first, last = spans.get(place) or (time, time)
        if time and not first < time < last:
            spans[place] = min(first or time, time), max(last, time)


class Side(Struct, eq=False):
    """What was read of one export.

    ``dialect`` is the one that wrote most of its data files, None where nothing tells it. ``problems`` are sentences on
    what could not be read. ``complete``: the archive was read to its end.
    """

    name: str
    dialect: str | None
    contents: Contents
    problems: Sequence[str]
    complete: bool

    def has_read(self, path: str) -> bool:
        """Whether all is known of a data file: it was read to its end, or is known not to be there."""
        return path in self.contents.whole or (self.complete and path not in self.contents.begun)
