"""Report on one input: verdict, ledger and findings, as objects and as JSON values; and its exit status."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from hcfmt.exits import Exit
from hcfmt.findings import BaselineEntry, Finding, Location
from hcfmt.json_values import plain
from hcfmt.version import __version__

if TYPE_CHECKING:
    from hcfmt.receipts import Receipt

FORMAT_VERSION = 2  # of the JSON and JSONL reports
TOOL = {"name": "hcfmt", "version": __version__}


class Verdict(StrEnum):
    """Verdict on an archive as a whole."""

    VALID = "valid"
    INVALID = "invalid"
    INCOMPLETE = "incomplete"


class Status(StrEnum):
    """Status of a rule: it found nothing, found something, did not examine everything, or had nothing to examine.

    All that a ``suppressed`` rule found does not count.
    """

    PASSED = "passed"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
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


class ConditionMet(Struct, frozen=True):
    """A condition of an importer that the archive meets: how often, where first, and what the importer then does.

    ``count`` is the number of records, members or findings; ``first`` is None for the archive as a whole. The other
    fields are those of the profile (docs/profiles.md).
    """

    id: str
    effect: str
    count: int
    first: Location | None
    happens: str
    remedy: str
    loses: Sequence[str]
    source: str
    evidence: str
    by_design: bool

    def to_dict(self) -> dict[str, object]:
        """Return the condition as a JSON object (schemas/report/report.json)."""
        return {**asdict(self), "first": str(self.first or "") or None}


class ImporterVerdict(Struct, frozen=True):
    """What one importer does with the archive.

    ``source`` says where the importer's source is and in which version it was read; ``built_in``: its profile comes
    with hcfmt. ``outcome`` is ``dies``, ``hangs``, ``refused``, ``loses``, ``imports``, or ``unknown`` where no data
    file was read; ``at`` is the first place where it ends, in the order of users, rooms, other data files and
    histories. ``lost`` counts the messages and files that it loses and the messages that it misfiles, of so many
    ``messages`` in all; a private message counts once.
    ``certain``: everything was examined that the profile's conditions look at, so that no other is met; records that
    contradict their schema are examined too, but a message among them may refer to somebody who does not exist.
    ``conditions`` are the worst first.
    """

    importer: str
    title: str
    source: str
    built_in: bool
    outcome: str
    at: Location | None
    lost: Mapping[str, int]
    messages: int
    certain: bool
    conditions: Sequence[ConditionMet]

    @property
    def loses(self) -> bool:
        """Whether anything is lost or misfiled that the importer should import, or may be, as nothing was read."""
        return self.outcome != "imports"

    def to_dict(self) -> dict[str, object]:
        """Return the verdict as a JSON object (schemas/report/report.json)."""
        conditions = [condition.to_dict() for condition in self.conditions]
        return {**asdict(self), "at": str(self.at or "") or None, "conditions": conditions}


class Report(Struct, frozen=True):
    """Report on one input.

    ``findings`` are in the order of member, place and code, the first of each code; ``totals`` counts all of them by
    code. ``ledger`` has an entry for every rule. ``inventory`` is a tree of numbers of all that was read. ``failed``: a
    rule raised an exception, which is an error in hcfmt. ``unreadable``: the input could not be read. ``importers`` are
    the verdicts of the importers asked for. ``decided_by`` is the code of the rule to which a verdict other than valid
    is due. ``sha256`` is the digest of the input in hexadecimal, if it was asked for and the input was read to its end.
    ``receipt`` is the receipt, if it was asked for and the input could be opened.

    Findings that do not count are in none of these. ``suppressed`` is their number by reason and code; a reason is the
    name of a setting, such as ``ignore`` or ``baseline``. ``accepted`` is the number of places of those
    whose fingerprint is in the baseline, by its entries.
    """

    input: str
    verdict: Verdict
    findings: Sequence[Finding]
    totals: Mapping[str, int]
    ledger: Sequence[Entry]
    inventory: Mapping[str, object]
    failed: bool = False
    unreadable: bool = False
    importers: Sequence[ImporterVerdict] = ()
    decided_by: str | None = None
    suppressed: Mapping[str, Mapping[str, int]] = {}
    accepted: Mapping[BaselineEntry, int] = {}
    sha256: str | None = None
    receipt: "Receipt | None" = None

    @property
    def why(self) -> str:
        """What ``decided_by`` found, or why it examined nothing, in a sentence; "" for a valid archive."""
        for finding in self.findings:
            if finding.code == self.decided_by:
                return f"{finding.code} {finding.name}: {finding.message}"
        reasons = (entry.reason for entry in self.ledger if entry.code == self.decided_by)
        return f"{reason}." if (reason := next(reasons, None)) else ""

    @property
    def exit(self) -> Exit:
        """Exit status of a run on this input alone."""
        if self.failed:
            return Exit.INTERNAL
        if self.unreadable:
            return Exit.USAGE
        return Exit[self.verdict.name]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document that ``hcfmt validate --format json`` prints of this input alone.

        The shape is schemas/report/report.json; all values are of the types that ``json.loads`` returns.
        """
        return document([self])

    def summary(self) -> dict[str, object]:
        """Return the JSON values of the report besides input, verdict and findings."""
        importers = {"importers": [verdict.to_dict() for verdict in self.importers]} if self.importers else {}
        return {
            "decided_by": self.decided_by,
            "totals": self.totals,
            "suppressed": self.suppressed,
            "ledger": [asdict(entry) for entry in self.ledger],
            "inventory": self.inventory,
            **importers,
        }


def gone_rows(gone: Mapping[BaselineEntry, int]) -> list[dict[str, object]]:
    """Return as JSON objects the entries of a baseline that accept findings which are gone, with their number."""
    return [{**asdict(entry), "member": entry.member or None, "count": count} for entry, count in sorted(gone.items())]


def document(
    reports: Sequence[Report], status: Exit | None = None, gone: Mapping[BaselineEntry, int] | None = None
) -> dict[str, Any]:
    """Return the JSON document of several reports (schemas/report/report.json).

    ``status`` is the exit status of the run, by default that of the reports alone. ``gone`` are findings that the
    baseline accepts and that no report has any more, with their number.
    """
    return {
        "format_version": FORMAT_VERSION,
        "tool": dict(TOOL),
        "exit_status": int(exit_status(reports) if status is None else status),
        **({"gone": plain(gone_rows(gone))} if gone else {}),
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


def exit_status(
    reports: Sequence[Report], *, exit_zero: bool = False, fail_on_loss: bool = False, is_outdated: bool = False
) -> Exit:
    """Return the highest exit status of several inputs; with ``exit_zero`` invalid inputs count as valid.

    With ``fail_on_loss`` an input is invalid of which an importer loses something, or of which that cannot be told.
    ``is_outdated``: the baseline
    accepts findings that are gone, which makes a run invalid too.
    """
    status = max((report.exit for report in reports), default=Exit.VALID)
    status = max(status, Exit.INVALID) if is_outdated else status
    if exit_zero and status is Exit.INVALID:
        status = Exit.VALID
    lost = fail_on_loss and any(verdict.loses for report in reports for verdict in report.importers)
    return max(status, Exit.INVALID) if lost else status
