"""Final check, after everything was read: cross-references, and the rules of the layout and of the export."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from hcfmt.check.catalogue import BUDGET_EXCEEDED, RULE_FAILED, Rule, rules_of
from hcfmt.check.context import CheckContext
from hcfmt.check.cross_references import CrossReferences, check_references, needs_file
from hcfmt.check.export_view import ExportView
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.layout_view import Layout
from hcfmt.check.rules import run_rules
from hcfmt.container.budget import OUT_OF_MEMORY, OUT_OF_TIME
from hcfmt.errors import Fault, UsageError
from hcfmt.findings import Flaw

_LATE, _NO_MEMORY, _FAILED = "the time limit was reached", "the memory ran out", "hcfmt failed"


class FinalCheck(Struct):
    """Result of the final check.

    ``layout`` knows which stored files records claim. ``skipped_rules`` and ``partial_rules`` hold, by code, why a rule
    examined nothing or not everything.
    """

    layout: Layout
    tally: Tally
    examined: Counter[str] = field(default_factory=Counter)
    skipped_rules: dict[str, str] = {}
    partial_rules: dict[str, str] = {}


def check_layout(layout: Layout, context: CheckContext) -> FinalCheck:
    """Run the rules of the layout alone: for an archive that was not read to its end."""
    result = FinalCheck(layout, Tally(context.keep))
    flaws = _layout_flaws(result, context)
    result.tally = Tally.of(context.keep, (context.judged(code, flaw) for code, flaw in flaws))
    return result


def check_export(facts: Facts, layout: Layout, context: CheckContext) -> FinalCheck:
    """Run the cross-reference check and all rules that need the whole export."""
    export = ExportView(layout, facts.index, facts.kinds, context)
    references = _check_references(export)
    result = FinalCheck(
        replace(layout, claimed=frozenset(references.claimed)),
        Tally(context.keep),
        export.examined,
        references.skipped_rules | _rules_without_file(export),
        {**references.partial_rules, **export.partial_rules()},
    )
    flaws = _export_flaws(export, references, result, context)
    result.tally = Tally.of(context.keep, (context.judged(code, flaw) for code, flaw in flaws))
    for code in (references.more.keys() | references.suppressed.keys()) - result.skipped_rules.keys():
        result.tally += references.left_out(code, context.judgement.rules.get(code, ""))
    for reason, sentence in {_LATE: OUT_OF_TIME, _NO_MEMORY: OUT_OF_MEMORY}.items():
        if reason in result.skipped_rules.values():
            result.tally += Tally.of(context.keep, [context.judged(BUDGET_EXCEEDED, Flaw(sentence))])
    return result


def _check_references(export: ExportView) -> CrossReferences:
    """Return the result of the cross-reference check; if it ends early, all its rules are skipped."""
    keep = export.context.keep
    try:
        return check_references(export)
    except Fault:
        return CrossReferences(keep, skipped_rules=_all_references_skipped(_LATE))
    except MemoryError:
        return CrossReferences(keep, skipped_rules=_all_references_skipped(_NO_MEMORY))
    except UsageError:  # the baseline that is being made has too many entries
        raise
    except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
        references = CrossReferences(keep, skipped_rules=_all_references_skipped(_FAILED))
        values = {"exception": type(error).__name__}
        references.add(RULE_FAILED, Flaw("The cross-reference check raised {exception}.", values))
        return references


def _all_references_skipped(reason: str) -> dict[str, str]:
    return {rule.code: reason for rule in rules_of("reference")}


def _rules_without_file(export: ExportView) -> dict[str, str]:
    """Return, by code, why rules of the export are skipped: a data file that they require is lost."""
    rules = rules_of("export")
    return {rule.code: needs_file(path) for rule in rules for path in rule.requires if export.is_lost(path)}


def _export_flaws(
    export: ExportView, references: CrossReferences, result: FinalCheck, context: CheckContext
) -> Iterator[tuple[str, Flaw]]:
    """Yield (rule code, flaw) of the cross-reference check and of the rules of the export and of the layout."""
    yield from ((RULE_FAILED, flaw) for flaw in references.flaws.get(RULE_FAILED, ()))
    for rule in _rules_in_time("reference", result, context):
        yield from ((rule.code, flaw) for flaw in references.flaws.get(rule.code, ()))
    for rule in _rules_in_time("export", result, context):
        yield from run_rules([rule], export)
    yield from _layout_flaws(result, context)


def _layout_flaws(result: FinalCheck, context: CheckContext) -> Iterator[tuple[str, Flaw]]:
    for rule in _rules_in_time("layout", result, context):
        yield from run_rules([rule], result.layout)


def _rules_in_time(subject: str, result: FinalCheck, context: CheckContext) -> Iterator[Rule]:
    """Yield the rules of a subject that are not skipped; once the time is up, all that are left become skipped."""
    for rule in rules_of(subject):
        if rule.code not in result.skipped_rules and context.expired():
            result.skipped_rules[rule.code] = _LATE
        if rule.code not in result.skipped_rules:
            yield rule
