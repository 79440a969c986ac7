"""Finds out by which rules the records of a slice cannot be read."""

from collections import defaultdict
from functools import cached_property

from msgspec.structs import replace

from hcfmt.check.catalogue import BUDGET_EXCEEDED, CODES
from hcfmt.check.context import CheckContext
from hcfmt.check.facts import Facts
from hcfmt.check.slice_diagnosis import SliceDiagnosis
from hcfmt.export import jsonscan
from hcfmt.export.slices import Slice
from hcfmt.findings import Finding, Flaw
from hcfmt.reader.record_repair import Path

_ALL = 1_000_000  # findings of each rule that are kept: more than a slice can have
_UNREADABLE = "This record cannot be read: a value is missing, or of another type than documented."
_FATAL = frozenset({BUDGET_EXCEEDED, *(CODES[kind] for kind in jsonscan.FATAL)})
_RULE = "HC301"  # of a flaw that the check does not find


class Diagnosis:
    """The findings of the records of a slice, made when the first is asked for."""

    def __init__(self, slice_: Slice, context: CheckContext) -> None:
        """Take the slice, and what makes findings."""
        self._slice = slice_
        self._context = context

    def problem(self, index: int | None, path: Path) -> Finding:
        """Return the finding of a place in the record of an index: the most severe, one of its own if there is none.

        In a document that is no list the index is None, and the path begins at the top.
        """
        findings = [found for found in self._findings[index] if _touch(found.location.path or (), path)]
        if not findings and index is not None and self.stops_at(index):
            findings = [replace(found, location=replace(found.location, index=index)) for found in self._findings[None]]
        if findings:
            return min(findings, key=lambda finding: finding.severity.rank)
        return self._context.found(_RULE, Flaw(_UNREADABLE, path=path), self._slice.member, index)

    def stops_at(self, index: int) -> bool:
        """Whether nothing from a record on can be trusted, because the text is not JSON or beyond a limit."""
        if not self._facts.stopped or index < self._facts.records - 1:
            return False
        return any(finding.code in _FATAL for place in (index, None) for finding in self._findings[place])

    @cached_property
    def _facts(self) -> Facts:
        diagnosis = SliceDiagnosis(self._slice, replace(self._context, keep=_ALL))
        diagnosis.run()
        return diagnosis.facts()

    @cached_property
    def _findings(self) -> defaultdict[int | None, list[Finding]]:
        by_index = defaultdict[int | None, list[Finding]](list)
        for finding in self._facts.tally.findings:
            by_index[finding.location.index].append(finding)
        return by_index


def _touch(one: Path, other: Path) -> bool:
    """Whether one of two paths leads to the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]
