"""Judgement of findings: which of them count, and how severe they are, by the choices of a user."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from hcfmt.check.catalogue import RULES, Rule
from hcfmt.export.layout import extra_directory
from hcfmt.findings import BaselineEntry, Finding, Severity

SELECT, IGNORE, PATHS, TOLERATE, BASELINE = "select", "ignore", "per-path-ignores", "tolerate", "baseline"
"""Why a finding is suppressed: the name of the setting."""


class Suppressed(Struct, frozen=True):
    """A finding that does not count, and why; ``entry`` is its place in a baseline if it is accepted there."""

    finding: Finding
    why: str
    entry: BaselineEntry | None = None


class Tolerance(Struct, frozen=True):
    """The places of a rule's findings that are tolerated: a ``number``, or so many ``of`` so many examined objects."""

    number: int
    of: int | None = None

    def allows(self, found: int, examined: int) -> bool:
        """Return whether findings on so many places are tolerated among so many objects."""
        return found <= self.number if self.of is None else found * self.of <= self.number * examined


class Judgement(Struct, frozen=True):
    """Compiled choices, which decide for each finding whether it counts; picklable.

    ``rules`` are the rules that do not count, with the reason. ``paths`` are regular expressions of members' paths
    below the directory of the export, with the codes that are ignored there. ``accepted`` is the number of places in
    a baseline, by code and fingerprint; with ``accepts_all`` a baseline is being made, which accepts every finding
    that the other choices leave.
    """

    rules: Mapping[str, str] = {}
    paths: Sequence[tuple[str, AbstractSet[str]]] = ()
    severities: Mapping[str, Severity] = {}
    tolerances: Mapping[str, Tolerance] = {}
    accepted: Mapping[tuple[str, str], int] = {}
    accepts_all: bool = False

    @property
    def is_made_by_finding(self) -> bool:
        """Whether findings of one rule may be judged differently."""
        return bool(self.paths or self.accepted or self.accepts_all)

    def severity(self, rule: Rule) -> Severity:
        """Return the severity of a rule."""
        return self.severities.get(rule.code, rule.severity)

    def why_suppressed(self, code: str, member: str, fingerprint: str, *, elsewhere: bool) -> str:
        """Return why a finding does not count, "" if it does.

        ``elsewhere``: it stands for places in other members too, so that no path is its own.
        """
        if RULES[code].always_counts:
            return ""
        if (code, fingerprint) in self.accepted:
            return BASELINE
        if why := self.rules.get(code):
            return why
        if self.paths and not elsewhere and self._is_ignored_at(code, member):
            return PATHS
        return BASELINE if self.accepts_all else ""

    def _is_ignored_at(self, code: str, member: str) -> bool:
        path = member.removeprefix(extra_directory(member))
        return any(code in codes and re.fullmatch(pattern, path) for pattern, codes in self.paths)
