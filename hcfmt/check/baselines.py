"""Baselines: findings that were accepted once, so that a run fails for new ones alone.

A baseline does not name inputs: it accepts the same findings in each input of a run, and in later exports of the same
server. An entry has a number, that of its places: findings on one property of one record share a fingerprint, and one
finding may stand for all places of a value. Further places are new.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from hcfmt.findings import BaselineEntry
from hcfmt.verdict import Report


class Baseline(Struct, frozen=True, dict=True):
    """Accepted findings: the number of their places by entry.

    Reports are those of checks with this baseline, on archives that could be checked completely.
    """

    entries: Mapping[BaselineEntry, int] = {}

    @cached_property
    def numbers(self) -> Mapping[tuple[str, str], int]:
        """The number of accepted places by code and fingerprint."""
        return {entry.key: number for entry, number in self.entries.items()}

    def matched(self, reports: Sequence[Report]) -> "Baseline":
        """Return the baseline without what no report has any more."""
        found = _largest(reports)
        left = {entry: min(number, found.get(entry.key, 0)) for entry, number in self.entries.items()}
        return Baseline({entry: number for entry, number in left.items() if number})

    def unmatched(self, reports: Sequence[Report]) -> Mapping[BaselineEntry, int]:
        """Return the entries of which no report has as many places, with the number of those that are gone."""
        found = _largest(reports)
        gone = {entry: number - found.get(entry.key, 0) for entry, number in self.entries.items()}
        return {entry: number for entry, number in gone.items() if number > 0}


def _largest(reports: Sequence[Report]) -> Mapping[tuple[str, str], int]:
    """Return the largest number of places that a report has, by code and fingerprint."""
    largest: Counter[tuple[str, str]] = Counter()
    for report in reports:
        in_report: Counter[tuple[str, str]] = Counter()
        for entry, number in report.accepted.items():
            in_report[entry.key] += number
        largest |= in_report
    return largest


def baseline_of(reports: Sequence[Report]) -> Baseline:
    """Return the baseline that accepts what the reports of a run with ``Options.accept_all`` accepted."""
    largest = _largest(reports)
    entries = {entry.key: entry for report in reversed(reports) for entry in sorted(report.accepted)[::-1]}
    return Baseline({entry: largest[entry.key] for entry in sorted(entries.values())})
