"""What a salvage saved, lost and made up, as values; member paths are as reports show them, without text of people."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from hcfmt.verdict import Report


class PartlySaved(Struct, frozen=True):
    """A data file of which only whole records were saved.

    ``records`` were saved, ``broken`` records begin in what is left of the file and are not whole. ``bytes`` is the
    number of bytes that are missing; how many records those held, nobody can tell.
    """

    member: str
    records: int
    broken: int
    bytes: int


class Lost(Struct, frozen=True):
    """A member that was not saved, as a part of it is missing, and the number of its bytes that are missing."""

    member: str
    bytes: int


class Placeholders(Struct, frozen=True):
    """Records or files that were made up: their kind, the member that holds them, and their number.

    ``kind`` is ``user``, ``room``, or for an empty one ``list`` (of users or rooms), ``history`` or ``file``.
    """

    kind: str
    member: str
    count: int = 1


class Restored(Struct, frozen=True):
    """A lost history of a user into which copies of private messages were put from the histories of others."""

    member: str
    records: int


class Salvaged(Struct, frozen=True):
    """Result of a salvage.

    ``report`` is that of the written archive. ``damages`` are the rule's code and a sentence of each damage, the first
    1,000. ``whole`` is the number of members that were saved byte by byte, ``altered`` whether bytes of
    them may nevertheless have been altered. ``skipped`` is the number of bytes of members that are lost with their
    headers, and with these their names. ``left_out`` counts links and special members, which are never written.
    """

    report: Report
    damages: Sequence[tuple[str, str]] = ()
    whole: int = 0
    altered: bool = False
    partly: Sequence[PartlySaved] = ()
    lost: Sequence[Lost] = ()
    skipped: int = 0
    restored: Sequence[Restored] = ()
    made_up: Sequence[Placeholders] = ()
    left_out: int = 0

    def to_dict(self) -> Mapping[str, Any]:
        """Return everything but the report as JSON values, with its verdict and the rules found."""
        document: dict[str, Any] = {
            "verdict": str(self.report.verdict),
            "found": dict(self.report.totals),
            "damages": [{"code": code, "message": message} for code, message in self.damages],
            "whole_members": self.whole,
            "may_be_altered": self.altered,
        }
        for name in ("partly", "lost", "restored", "made_up"):
            document[name] = to_builtins(getattr(self, name))
        return {**document, "skipped_bytes": self.skipped, "left_out": self.left_out}
