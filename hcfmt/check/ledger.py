"""From what was found and examined to what became of every rule, and from that to the verdict."""

from collections import Counter
from collections.abc import Mapping

from hcfmt.check.facts import MISSED_BY, MISSHAPEN
from hcfmt.check.rule import Rule
from hcfmt.check.rules import RULES
from hcfmt.export.schemas import SHAPE_GATE
from hcfmt.findings import Severity
from hcfmt.verdict import Entry, Status, Verdict

_ABSENT = "there was none to look at, and there ought to be"


def ledger(totals: Mapping[str, int], examined: Counter[str], unread: Counter[str], fault: str | None) -> list[Entry]:
    """Return an entry for every rule of the catalogue, in the order of codes.

    ``totals`` counts findings by code, ``examined`` objects by the rules' ``looks_at``, ``unread`` what no rule of
    text or shape could look at, by reason; ``fault`` is the code of what ended the reading, if anything did.
    """
    return [_entry(rule, totals, examined, unread, fault) for rule in RULES.values()]


def _entry(
    rule: Rule, totals: Mapping[str, int], examined: Counter[str], unread: Counter[str], fault: str | None
) -> Entry:
    seen = examined[rule.looks_at]
    reason = _reason(rule, seen, unread, fault)
    if totals.get(rule.code):
        return Entry(rule.code, Status.FAILED, seen, reason)
    if reason:
        return Entry(rule.code, Status.SKIPPED, seen, reason)
    return Entry(rule.code, Status.PASSED if seen else Status.NOT_APPLICABLE, seen)


def _reason(rule: Rule, seen: int, unread: Counter[str], fault: str | None) -> str | None:
    """Say why a rule did not see everything that it is about, None when it did."""
    if fault and rule.code != fault:
        return f"{fault} ended the reading"
    if rule.ought and not seen:
        return f"{rule.looks_at}: {_ABSENT}"
    missed = [f"{what}: {count:,}" for what, count in sorted(unread.items()) if rule.subject in MISSED_BY[what]]
    # A record that contradicts its schema was looked at by the very rules that say so.
    if rule.code in SHAPE_GATE:
        missed = [what for what in missed if not what.startswith(MISSHAPEN)]
    return f"not looked at: {', '.join(missed)}" if missed else None


def verdict(totals: Mapping[str, int], entries: list[Entry], fail_on: Severity) -> Verdict:
    """Return the verdict: a fault, damage, or something that ought to be there and is not outweighs every finding."""
    found = [RULES[code] for code, count in totals.items() if count]
    unseen = any(RULES[entry.code].ought and not entry.examined for entry in entries)
    if any(rule.fault or rule.damage for rule in found) or unseen:
        return Verdict.INCOMPLETE
    return Verdict.INVALID if any(rule.severity.at_least(fail_on) for rule in found) else Verdict.VALID
