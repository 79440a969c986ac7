"""The report on one input: verdict, ledger, findings; and the exit status that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum
from typing import Any

from hcfmt.findings import Finding
from hcfmt.json_values import plain
from hcfmt.version import __version__

FORMAT_VERSION = 2  # of the JSON and JSONL reports
TOOL = {"name": "hcfmt", "version": __version__}


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

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document that ``hcfmt validate --format json`` prints of this input alone.

        The shape is schemas/report/report.json; all values are of the types that ``json.loads`` returns.
        """
        return document([self])

    def summary(self) -> dict[str, object]:
        """Return what the JSON report says of an input beside its findings."""
        return {
            "totals": self.totals,
            "ledger": [asdict(entry) for entry in self.ledger],
            "inventory": self.inventory,
        }


def document(reports: Sequence[Report]) -> dict[str, Any]:
    """Return the JSON document of several reports (schemas/report/report.json)."""
    return {
        "format_version": FORMAT_VERSION,
        "tool": dict(TOOL),
        "reports": [
            plain(
                {
                    "input": report.input,
                    "verdict": report.verdict,
                    "findings": [finding.to_dict() for finding in report.findings],
                    **report.summary(),
                }
            )
            for report in reports
        ],
    }


def exit_status(reports: Sequence[Report], *, exit_zero: bool = False) -> Exit:
    """Return the exit status for several inputs: the highest of theirs; ``exit_zero`` forgives invalid ones only."""
    status = max((report.exit for report in reports), default=Exit.VALID)
    return Exit.VALID if exit_zero and status is Exit.INVALID else status
