"""Compares the findings of an archive with those of its anonymised copy."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from hcfmt.anonymisation.replacements import Replacements
from hcfmt.findings import Finding
from hcfmt.verdict import Report


class RuleDifference(Struct, frozen=True):
    """Number of findings of a rule in an archive and in its copy; where they are equal, the findings' places differ."""

    code: str
    before: int
    after: int

    def __str__(self) -> str:
        """Return the difference in words."""
        if self.before == self.after:
            return f"{self.code} (other places)"
        return f"{self.code} ({self.before:,} before, {self.after:,} after)"


def differences(original: Report, copy: Report, replacements: Replacements, keep: int) -> Iterator[RuleDifference]:
    """Yield the rules of which a copy has other findings than its original; both reports show values.

    The places of findings are compared where both reports hold all of them, which are at most ``keep`` of each rule.
    """
    places, copied_places = _places(original, replacements), _places(copy, None)
    for code in sorted({*original.totals, *copy.totals}):
        before, after = original.totals.get(code, 0), copy.totals.get(code, 0)
        if before != after or (before <= keep and places.get(code) != copied_places.get(code)):
            yield RuleDifference(code, before, after)


def _places(report: Report, replacements: Replacements | None) -> dict[str, Counter[object]]:
    """Return the places of findings by rule, as they are in the copy."""
    places: dict[str, Counter[object]] = {}
    for finding in report.findings:
        places.setdefault(finding.code, Counter())[_place(finding, replacements)] += 1
    return places


def _place(finding: Finding, replacements: Replacements | None) -> object:
    place = finding.location
    member, path = place.member or "", place.path or ()
    if replacements:
        of_path, of_name = replacements.paths.of_path, replacements.names.of_property
        member = of_path(member)
        path = tuple(of_name(step) if isinstance(step, str) else step for step in path)
    return member.rstrip("/"), place.index, path
