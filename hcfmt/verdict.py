"""Report on one input: verdict, ledger and findings, as objects and as JSON values; and its exit status."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from hcfmt.exits import Exit
from hcfmt.findings import Finding
from hcfmt.json_values import plain
from hcfmt.version import __version__

FORMAT_VERSION = 2  # of the JSON and JSONL reports
TOOL = {"name": "hcfmt", "version": __version__}


class Verdict(StrEnum):
    """Verdict on an archive as a whole."""

    VALID = "valid"
    INVALID = "invalid"
    INCOMPLETE = "incomplete"


class Status(StrEnum):
    """Status of a rule: it found nothing, found something, did not examine everything, or had nothing to examine."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not applicable"


class Entry(Struct, frozen=True):
    """Entry of the ledger, the table of all rules: the status of a rule, and the number of objects it examined.

    ``reason`` says why it did not examine all of them, if it did not.
    """

    code: str
    status: Status
    examined: int
    reason: str | None = None


class Report(Struct, frozen=True):
    """Report on one input.

    ``findings`` are in the order of member, place and code, the first of each code; ``totals`` counts all of them by
    code. ``ledger`` has an entry for every rule. ``inventory`` is a tree of numbers of all that was read. ``failed``: a
    rule raised an exception, which is an error in hcfmt.
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
        """Exit status of a run on this input alone."""
        if self.failed:
            return Exit.INTERNAL
        return Exit[self.verdict.name]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document that ``hcfmt validate --format json`` prints of this input alone.

        The shape is schemas/report/report.json; all values are of the types that ``json.loads`` returns.
        """
        return document([self])

    def summary(self) -> dict[str, object]:
        """Return the JSON values of the report besides input, verdict and findings."""
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
    """Return the highest exit status of several inputs; with ``exit_zero`` invalid inputs count as valid."""
    status = max((report.exit for report in reports), default=Exit.VALID)
    return Exit.VALID if exit_zero and status is Exit.INVALID else status
