"""From what was found and examined to what became of every rule, and from that to the verdict."""

from collections import Counter
from collections.abc import Mapping

from hcfmt.check.catalogue import RULES, Rule
from hcfmt.check.facts import MISREAD, MISSHAPEN, SKIPPED_BY, Facts
from hcfmt.export.references import inside_strings, schemas_of
from hcfmt.export.schemas import SHAPE_GATE
from hcfmt.findings import Severity
from hcfmt.verdict import Entry, Status, Verdict

_IN_HISTORIES = frozenset({"date", "message", "sender", "timestamp"})
_ABSENT = "there was none to look at, and there ought to be"


def ledger(facts: Facts, untold: Mapping[str, str], unsure: Mapping[str, str], fault: str | None) -> list[Entry]:
    """Return an entry for every rule of the catalogue, in the order of codes.

    ``untold`` says, by code, why rules of the whole could not tell at all, ``unsure`` why not of everything; ``fault``
    is the code of what ended the reading, if anything did.
    """
    reasons = {} if fault else {**unsure, **untold}
    return [_entry(rule, facts, reasons.get(rule.code), fault) for rule in RULES.values()]


def _entry(rule: Rule, facts: Facts, reason: str | None, fault: str | None) -> Entry:
    seen = facts.examined.get(rule.code, facts.examined[rule.counts])
    reason = reason or _reason(rule, seen, facts.unexamined, fault)
    if facts.tally.totals.get(rule.code):
        return Entry(rule.code, Status.FAILED, seen, reason)
    if reason:
        return Entry(rule.code, Status.SKIPPED, seen, reason)
    return Entry(rule.code, Status.PASSED if seen else Status.NOT_APPLICABLE, seen)


def _reason(rule: Rule, seen: int, unread: Counter[tuple[str, str]], fault: str | None) -> str | None:
    """Say why a rule did not see everything that it is about, None when it did."""
    if fault and rule.code != fault:
        return f"{fault} ended the reading"
    if rule.must_exist and not seen:
        return f"{rule.counts}: {_ABSENT}"
    missed = Counter[str]()
    for (what, schema), count in unread.items():
        if _concerns(rule, what, schema):
            missed[what] += count
    told = ", ".join(f"{what}: {count:,}" for what, count in sorted(missed.items()))
    return f"not looked at: {told}" if told else None


def _concerns(rule: Rule, what: str, schema: str) -> bool:
    """Whether a rule would have looked at what could not be looked at in data files of a schema."""
    if what == MISREAD:
        return (rule.code, schema) in inside_strings()
    # A record that contradicts its schema was looked at by the very rules that say so.
    if SKIPPED_BY[what].isdisjoint(rule.subjects) or (rule.code in SHAPE_GATE and what == MISSHAPEN):
        return False
    annotated = schemas_of(rule.code)
    return not annotated or schema in annotated


def verdict(facts: Facts, entries: list[Entry], fail_on: Severity) -> Verdict:
    """Return the verdict.

    A fault, damage, or not one record to look at outweighs every finding. Where another rule that ought to have seen
    objects saw none, the archive may still be invalid for what was seen, but it is not valid; histories that were read
    and are empty prove that there are no messages.
    """
    found = [RULES[code] for code, count in facts.tally.totals.items() if count]
    unseen = {entry.code for entry in entries if RULES[entry.code].must_exist and not entry.examined}
    if any(rule.unchecked or rule.damaged for rule in found) or unseen & SHAPE_GATE:
        return Verdict.INCOMPLETE
    if any(rule.severity.at_least(fail_on) for rule in found):
        return Verdict.INVALID
    if facts.examined["history"]:
        unseen = {code for code in unseen if RULES[code].counts not in _IN_HISTORIES}
    return Verdict.INCOMPLETE if unseen else Verdict.VALID
