"""The report on one input: verdict, ledger, findings; and the exit status that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from hcfmt.findings import Finding


class Verdict(StrEnum):
    """What can be said of an archive as a whole."""

    VALID = "valid"
    INVALID = "invalid"
    INCOMPLETE = "incomplete"


class Status(StrEnum):
    """What became of a rule: it found nothing, something, could not see everything, or had nothing to look at."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not applicable"


class Exit(IntEnum):
    """The exit statuses of the command; part of its stable interface."""

    VALID = 0
    INVALID = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERNAL = 4
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the rule ledger: what became of a rule, and how many objects it examined.

    ``reason`` says why it did not see all of them, where it did not.
    """

    code: str
    status: Status
    examined: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All that is said of one input.

    ``findings`` are in order of member, place and code, and capped for each code; ``totals`` are exact. ``inventory``
    is a tree of counts of what was read. ``failed``: a rule raised an exception, so the fault is hcfmt's own.
    """

    input: str
    verdict: Verdict
    findings: Sequence[Finding]
    totals: Mapping[str, int]
    ledger: Sequence[Entry]
    inventory: Mapping[str, object]
    failed: bool = False

    @property
    def exit(self) -> Exit:
        """The exit status that this report alone calls for."""
        if self.failed:
            return Exit.INTERNAL
        return Exit[self.verdict.name]


def exit_status(reports: Sequence[Report], *, exit_zero: bool = False) -> Exit:
    """Return the exit status for several inputs: the highest of theirs; ``exit_zero`` forgives invalid ones only."""
    status = max((report.exit for report in reports), default=Exit.VALID)
    return Exit.VALID if exit_zero and status is Exit.INVALID else status
