"""What one reading of a damaged archive met."""

from bisect import bisect_left

from hcfmt.errors import Defect, Fault

DAMAGES = frozenset({"ciphertext-cut", "gzip-corrupt", "gzip-cut", "tar-corrupt", "tar-cut"})
"""Kinds of the faults behind which reading goes on."""

_GARBLING = frozenset({"gzip-corrupt", "tar-corrupt"})
_MOST_NOTED = 1000  # damages that are described
_MOST_RANGES = 100_000  # of unknown bytes that are told apart, so that memory stays bounded


class Recovery:
    """What one reading of a damaged archive met; another reading that is given the first goes on at the same places.

    ``damages`` are the defects in the order in which they were met, the first 1,000. ``lost`` is the number of bytes
    that are known to be missing of a member's payload, by the number of each damaged member, from 0. ``skipped`` is the
    number of bytes other than zero that stood where a header should be and before the next one: nobody knows their
    member. ``is_garbled``: bytes that were read may have been altered, and not only cut off.

    ``gaps`` are the offsets in the tar at which bytes are missing, nobody knows how many. ``unknown`` are the ranges of
    the tar whose bytes could not be decoded, and are zeros; both in order. ``blocks`` are the bits of the compressed
    stream at which decoding went on behind damage, by the byte at which it failed (None: nowhere), and ``searched`` is
    the number of bytes in which such places were looked for.
    """

    def __init__(self, before: "Recovery | None" = None) -> None:
        """Begin without a damage; ``before`` is that of an earlier reading of the same archive."""
        self.damages: list[Defect] = []
        self.lost: dict[int, int] = {}
        self.skipped = 0
        self.is_garbled = False
        self.gaps: list[int] = []
        self.unknown: list[tuple[int, int]] = []
        self.searched = 0
        self.blocks: dict[int, int | None] = before.blocks if before else {}

    def note(self, fault: Fault) -> None:
        """Note a damage. Raises the fault again if it is none, such as a limit that is reached."""
        if fault.defect.kind not in DAMAGES:
            raise fault
        self.is_garbled = self.is_garbled or fault.defect.kind in _GARBLING
        if len(self.damages) < _MOST_NOTED:
            self.damages.append(fault.defect)

    def add_unknown(self, start: int, end: int) -> None:
        """Add a range of the tar, behind all before; of too many the last ones are joined."""
        if self.unknown and (self.unknown[-1][1] == start or len(self.unknown) == _MOST_RANGES):
            start, _ = self.unknown.pop()
        self.unknown.append((start, end))

    def count_unknown(self, start: int, end: int) -> int:
        """Return the number of bytes in a range of the tar that could not be decoded."""
        first = max(bisect_left(self.unknown, (start, start)) - 1, 0)
        count = 0
        for begin, stop in self.unknown[first:]:
            if begin >= end:
                break
            count += max(0, min(stop, end) - max(begin, start))
        return count

    def next_gap(self, start: int) -> int | None:
        """Return the first place, from the byte ``start`` of the tar on, before which bytes are missing."""
        at = bisect_left(self.gaps, start)
        return self.gaps[at] if at < len(self.gaps) else None

    def has_gap(self, start: int, end: int) -> bool:
        """Return whether bytes are missing before one of the bytes from ``start`` to ``end`` of the tar."""
        at = bisect_left(self.gaps, start)
        return at < len(self.gaps) and self.gaps[at] < end
