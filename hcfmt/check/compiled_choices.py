"""Compiles choices among rules: which rules count, how severe each is, how many of its findings are tolerated."""

import re
from collections.abc import Iterator, Mapping, Sequence

from hcfmt.check.catalogue import CODES, RULES, unknown_rule
from hcfmt.check.choices import Choices
from hcfmt.check.judgement import IGNORE, PATHS, SELECT, TOLERATE, Judgement, Tolerance
from hcfmt.container.path_patterns import pattern_of
from hcfmt.errors import UsageError
from hcfmt.findings import Severity
from hcfmt.suggestions import unknown_name

ALL = "ALL"
_PREFIX = r"HC[0-9X]?[0-9]?"
_SHARE = r"([0-9]{1,2}|100(?=%|\.0+%))(?:\.([0-9]{1,9}))?%"  # up to 100%


def compiled(
    choices: Choices, accepted: Mapping[tuple[str, str], int] | None = None, *, accepts_all: bool = False
) -> Judgement:
    """Check choices and compile them; raises UsageError for an unknown rule, severity or tolerance.

    ``accepted`` and ``accepts_all`` are as in Judgement.
    """
    paths = [(pattern_of(glob), _codes(codes, PATHS)) for glob, codes in choices.per_path_ignores.items()]
    return Judgement(
        _uncounted(choices), paths, _severities(choices), dict(_tolerances(choices)), accepted or {}, accepts_all
    )


def matching(selector: str) -> tuple[int, Sequence[str]]:
    """Return how exact the choice of rules is, from 0, and their codes; raises UsageError if there is no such rule."""
    folded = selector.upper()
    if folded == ALL:
        return 0, tuple(RULES)
    code = CODES.get(selector.lower(), folded)
    codes = [code] if code in RULES else []
    if not codes and re.fullmatch(_PREFIX, folded):
        codes = [code for code in RULES if code.startswith(folded)]
    if not codes:
        raise UsageError(unknown_rule(selector))
    return len(code), codes


def _codes(selectors: Sequence[str], setting: str) -> frozenset[str]:
    return frozenset(code for selector in selectors for code in _suppressible(selector, setting)[1])


def _suppressible(selector: str, setting: str) -> tuple[int, Sequence[str]]:
    """Return the same as ``matching`` without protected rules; raises UsageError if the choice is one of these."""
    exactness, codes = _chosen(selector, setting)
    left = [code for code in codes if not RULES[code].always_counts]
    if len(codes) == 1 and not left:
        rule = RULES[codes[0]]
        means = "a part of the archive was not checked" if rule.unchecked else "the archive is damaged"
        raise UsageError(
            f"{setting} cannot name {rule.code} {rule.name}: its findings mean that {means}, which is never a pass."
        )
    return exactness, left


def _chosen(selector: str, setting: str) -> tuple[int, Sequence[str]]:
    """Return the same as ``matching``; the UsageError names the setting."""
    try:
        return matching(selector)
    except UsageError as error:
        raise UsageError(f"{setting}: {error}") from None


def _exactness(selectors: Mapping[str, tuple[int, Sequence[str]]], code: str) -> int | None:
    return max((exactness for exactness, codes in selectors.values() if code in codes), default=None)


def _uncounted(choices: Choices) -> Mapping[str, str]:
    """Return the rules that do not count, with the reason."""
    selected = {selector: _chosen(selector, SELECT) for selector in choices.select or [ALL]}
    ignored = {selector: _suppressible(selector, IGNORE) for selector in choices.ignore}
    reasons = {}
    for code in RULES:
        chosen, refused = _exactness(selected, code), _exactness(ignored, code)
        if chosen is None and not RULES[code].always_counts:
            reasons[code] = SELECT
        elif chosen is not None and refused is not None and refused >= chosen:
            reasons[code] = IGNORE
    return reasons


def _severities(choices: Choices) -> Mapping[str, Severity]:
    rows = []
    for selector, severity in choices.severity.items():
        if severity not in set(Severity):
            raise UsageError(f"severity of {selector}: {unknown_name('severity', str(severity), map(str, Severity))}")
        rows.append((*_suppressible(selector, "severity"), Severity(severity)))
    rows.sort(key=lambda row: row[0])  # the most exact last
    return {code: severity for _, codes, severity in rows for code in codes}


def _tolerances(choices: Choices) -> Iterator[tuple[str, Tolerance]]:
    for selector, allowed in choices.tolerate.items():
        _, codes = _suppressible(selector, TOLERATE)
        if len(matching(selector)[1]) > 1:
            raise UsageError(f"tolerate names one rule at a time, by its code or name; {selector} are several.")
        yield codes[0], tolerance(selector, allowed)


def tolerance(selector: str, allowed: object) -> Tolerance:
    """Return a tolerance; raises UsageError for what is neither a number, as such or as text, nor a share."""
    text = str(allowed)
    if not isinstance(allowed, bool) and re.fullmatch("[0-9]{1,18}", text):
        return Tolerance(int(text))
    if match := re.fullmatch(_SHARE, text):
        decimals = match[2] or ""
        return Tolerance(int(match[1] + decimals), 100 * 10 ** len(decimals))
    raise UsageError(
        f'tolerate {selector}: {text!r} is neither a number, such as 14, nor a share of up to 100%: "0.1%".'
    )
