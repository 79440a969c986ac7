"""Status of every rule (passed, failed, skipped, not applicable), and the verdict that follows from it.

The ledger is the table of these statuses in a report: it shows that every rule was run, and on how much.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import repeat

from msgspec.structs import replace

from hcfmt.check.catalogue import RULES, Rule
from hcfmt.check.facts import MISREAD, MISSHAPEN, OF_FILES, SKIPPED_BY, Facts, Tally
from hcfmt.check.judgement import BASELINE, TOLERATE, Judgement
from hcfmt.export.references import inside_strings, schemas_of
from hcfmt.export.schemas import CONTRADICTIONS, SHAPE_GATE, dialect_of
from hcfmt.findings import Finding, Flaw, Location, Severity
from hcfmt.verdict import Entry, Status, Verdict

_IN_HISTORIES = frozenset({"date", "message", "sender", "timestamp"})
_NO_CHOICES = Judgement()
_ABSENT = "no {} found, although an export should have some"


def ledger(
    facts: Facts, skipped_rules: Mapping[str, str], partial_rules: Mapping[str, str], fault: str | None
) -> list[Entry]:
    """Return the ledger: an entry for every rule of the catalogue, in the order of codes.

    ``skipped_rules`` and ``partial_rules`` hold, by code, why a rule examined nothing or not everything. ``fault`` is
    the code of what ended the reading, if anything did.
    """
    reasons = {} if fault else {**partial_rules, **skipped_rules}
    found = facts.tally.with_suppressed.totals
    return [_entry(rule, facts, found[rule.code], reasons.get(rule.code), fault) for rule in RULES.values()]


def _entry(rule: Rule, facts: Facts, found: int, reason: str | None, fault: str | None) -> Entry:
    examined = facts.examined.get(rule.code, facts.examined[rule.counts])
    reason = reason or _reason(rule, examined, facts.unexamined, fault)
    if found:
        counts = facts.tally.totals[rule.code] > 0
        return Entry(rule.code, Status.FAILED if counts else Status.SUPPRESSED, examined, reason)
    if reason:
        return Entry(rule.code, Status.SKIPPED, examined, reason)
    return Entry(rule.code, Status.PASSED if examined else Status.NOT_APPLICABLE, examined)


def _reason(rule: Rule, examined: int, unexamined: Counter[tuple[str, str]], fault: str | None) -> str | None:
    """Return the reason why a rule did not examine everything, None if it did."""
    if fault and rule.code != fault:
        return f"{fault} ended the reading"
    if rule.must_exist and not examined:
        return _ABSENT.format(rule.counts)
    missed = Counter[str]()
    for (gap, schema), count in unexamined.items():
        if _concerns(rule, gap, schema):
            missed[gap] += count
    listed = ", ".join(f"{gap}: {count:,}" for gap, count in sorted(missed.items()))
    return f"not examined: {listed}" if listed else None


def _concerns(rule: Rule, gap: str, schema: str) -> bool:
    """Whether a rule would have examined the unexamined objects of a kind in data files of a schema."""
    if gap == MISREAD:
        return (rule.code, dialect_of(schema)[1]) in inside_strings()
    # The rules of shape have examined a record that contradicts its schema: they report it.
    if SKIPPED_BY[gap].isdisjoint(rule.subjects) or (rule.code in CONTRADICTIONS and gap == MISSHAPEN):
        return False
    annotated = schemas_of(rule.code)
    return not annotated or dialect_of(schema)[1] in annotated


def counted(tally: Tally, entries: Sequence[Entry], judgement: Judgement) -> Tally:
    """Return a tally in which tolerated findings do not count, and those that exceed the baseline do."""
    exceeding = Tally.of(tally.keep, _exceeding(tally, judgement))
    if exceeding.totals:
        accepted = tally.suppressed[BASELINE]
        left = replace(
            accepted,
            totals=accepted.totals - exceeding.totals,
            more_places=accepted.more_places - exceeding.more_places,
        )
        tally = replace(tally, suppressed={**tally.suppressed, BASELINE: left}) + exceeding
    examined = {entry.code: entry.examined for entry in entries}
    tolerated = [
        code
        for code, tolerance in judgement.tolerances.items()
        if tally.totals[code] > 0 and tolerance.allows(tally.totals[code] + tally.more_places[code], examined[code])
    ]
    return tally.suppressing(tolerated, TOLERATE) if tolerated else tally


def _exceeding(tally: Tally, judgement: Judgement) -> Iterator[Finding]:
    """Yield the findings of each fingerprint that has more places than the baseline accepts, for the further places.

    These are as many findings as there are further places, or as were found if those are fewer.
    """
    if not judgement.accepted:
        return
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for entry, (number, places) in tally.accepted.items():
        earlier = found.get(entry.key, (0, 0))
        found[entry.key] = earlier[0] + number, earlier[1] + places
    for entry in sorted(tally.accepted):
        number, places = found.pop(entry.key, (0, 0))
        further = places - judgement.accepted[entry.key]
        if further <= 0:
            continue
        rule, values = RULES[entry.code], {"found": places, "accepted": judgement.accepted[entry.key]}
        noun = "findings have" if number == places else "places have findings of"
        sentence = f"{{found:,}} {noun} this fingerprint, of which the baseline accepts {{accepted:,}}."
        message = Flaw(sentence, values).sentence(str)
        place = Location(entry.member or None)
        one = Finding(rule.code, rule.name, judgement.severity(rule), message, place, None, values, entry.fingerprint)
        yield from repeat(one, min(number, further) - 1)
        yield replace(one, places=further - min(number, further) + 1)


def verdict(
    facts: Facts,
    entries: Sequence[Entry],
    fail_on: Severity,
    judgement: Judgement = _NO_CHOICES,
    skipped_rules: Collection[str] = (),
) -> tuple[Verdict, str | None]:
    """Return the verdict, and the code of the rule to which it is due; None for a valid archive.

    A fault, damage, or an archive without a single record is incomplete, whatever else was found. An archive in which
    another rule that must examine something examined nothing may be invalid, but is never valid; histories that were
    read and are empty prove that there are no messages. Neither is an archive valid of which a data file was not read,
    or for lack of one a rule was skipped: the findings on that may be suppressed.
    """
    found = [RULES[code] for code, count in facts.tally.totals.items() if count]
    unexamined = [entry.code for entry in entries if RULES[entry.code].must_exist and not entry.examined]
    faults = [rule.code for rule in found if rule.unchecked] + [rule.code for rule in found if rule.damaged]
    faults += [code for code in unexamined if code in SHAPE_GATE]
    if faults:
        return Verdict.INCOMPLETE, faults[0]
    severities = {rule.code: judgement.severity(rule) for rule in found}
    failing = [code for code, severity in severities.items() if severity.at_least(fail_on)]
    if failing:
        return Verdict.INVALID, min(failing, key=lambda code: (severities[code].rank, code))
    if facts.examined["history"]:
        unexamined = [code for code in unexamined if RULES[code].counts not in _IN_HISTORIES]
    if any(gap in OF_FILES for gap, _ in facts.unexamined):
        unexamined += [entry.code for entry in entries if entry.reason]
    unexamined += sorted(skipped_rules)
    return (Verdict.INCOMPLETE, unexamined[0]) if unexamined else (Verdict.VALID, None)
