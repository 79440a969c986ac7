"""The whole check of one input: read it once, let the rules of the whole speak, and report."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from hcfmt.check.catalogue import BUDGET_EXCEEDED, CODES, RULE_FAILED, RULES, Rule, rules_of
from hcfmt.check.context import CheckContext, Redaction
from hcfmt.check.cross_references import Resolution, resolve, unread
from hcfmt.check.export_view import ExportView
from hcfmt.check.facts import Found, Tally
from hcfmt.check.inventory import inventory
from hcfmt.check.outcome import ledger, verdict
from hcfmt.check.rules import run_rules
from hcfmt.check.scan import Progress, Scan
from hcfmt.container import DIGESTS, Archive, ArchiveInput, Budget, Password, open_archive
from hcfmt.container.budget import OUT_OF_MEMORY, OUT_OF_TIME
from hcfmt.errors import Defect, Fault
from hcfmt.findings import Finding, Flaw, Location, MemberPath, Severity
from hcfmt.verdict import Report

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True, slots=True)
class Options:
    """How an archive is to be checked.

    ``password`` is text (as UTF-8), bytes, or a function that returns either and is called only for encrypted input.
    ``digests`` are the key derivations tried, in order. ``keep`` is how many findings of each code a report holds; all
    are counted. ``executor`` checks slices in other processes; ``watch`` is told the archive when it is open, and the
    members as they come.
    """

    password: Password | None = None
    digests: Sequence[str] = DIGESTS
    budget: Budget = field(default_factory=Budget)
    fail_on: Severity = Severity.ERROR
    keep: int = 100
    show_values: bool = False
    executor: "Executor | None" = None
    watch: Callable[[Archive], Progress] | None = None


_PLAIN = Options()
_LATE, _NO_ROOM = "the time allowed ran out", "the memory ran out"


def validate(archive: ArchiveInput, options: Options = _PLAIN, *, stdin: BinaryIO | None = None) -> Report:
    """Check one archive and return the report.

    ``archive`` is a path, ``-`` for ``stdin``, or a binary file object, which is read from where it stands and stays
    open. Raises UsageError when it cannot be opened at all.
    """
    terms = CheckContext(
        options.budget.depth,
        options.keep,
        Redaction(options.show_values),
        options.budget.values,
        options.budget.expired,
    )
    with open_archive(
        archive, password=options.password, digests=options.digests, budget=options.budget, stdin=stdin
    ) as opened:
        reading = Scan(opened, options.budget, terms, options.executor)
        if options.watch:
            reading.progress = options.watch(opened)
        reading.run()
        return _report(_name(opened.name), reading, options, terms)


def _name(path: str) -> str:
    """Return an input as it was given, of an absolute path the last part: a report tells nothing of the machine."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def _report(name: str, reading: Scan, options: Options, terms: CheckContext) -> Report:
    facts, layout = reading.facts(), reading.layout()
    facts.examined.update(_examined(reading.archive) + facts.kinds)
    fault, ended_by = reading.fault, None
    flaws, more = _container_flaws(reading), Counter[str]()
    subjects: dict[str, object] = {"layout": layout}
    references: Mapping[str, list[Flaw]] | None = None
    untold, unsure = dict[str, str](), dict[str, str]()
    if fault is None:
        whole = ExportView(layout, facts.index, facts.kinds, terms)
        resolution = _resolved(whole)
        facts.examined.update(whole.examined)
        more = resolution.more
        layout = replace(layout, claimed=frozenset(resolution.claimed))
        references = resolution.flaws
        flaws += [(RULE_FAILED, flaw) for flaw in references.get(RULE_FAILED, ())]
        subjects = {"export": whole, "layout": layout}
        untold, unsure = resolution.untold | _unread(whole), {**resolution.unsure, **whole.unsure()}
    else:
        ended_by = CODES[fault.kind]
    flaws += _final_flaws(references, subjects, untold, terms)
    facts.tally += Tally.of(terms.keep, (terms.found(code, flaw) for code, flaw in flaws))
    facts.tally.totals.update({code: count for code, count in more.items() if code not in untold})
    for reason, sentence in {_LATE: OUT_OF_TIME, _NO_ROOM: OUT_OF_MEMORY}.items():
        if fault is None and reason in untold.values():
            facts.tally += Tally.of(terms.keep, [terms.found(BUDGET_EXCEEDED, Flaw(sentence))])
    entries = ledger(facts, untold, unsure, ended_by)
    return Report(
        input=name,
        verdict=verdict(facts, entries, options.fail_on),
        findings=tuple(_finding(one) for one in facts.tally.kept),
        totals=dict(sorted(facts.tally.totals.items())),
        ledger=tuple(entries),
        inventory=inventory(facts, layout, reading.archive),
        failed=facts.tally.totals[RULE_FAILED] > 0,
    )


def _final_flaws(
    references: Mapping[str, list[Flaw]] | None,
    subjects: Mapping[str, object],
    untold: dict[str, str],
    terms: CheckContext,
) -> Iterator[tuple[str, Flaw]]:
    """Yield (rule code, flaw) of the cross-reference check, unless there was none, and of the rules of each subject.

    Rules that the time limit keeps from running are added to ``untold``.
    """
    if references is not None:
        for rule in rules_of("reference"):
            if not _is_skipped(rule, untold, terms):
                yield from ((rule.code, flaw) for flaw in references.get(rule.code, ()))
    for subject, value in subjects.items():
        for rule in rules_of(subject):
            if not _is_skipped(rule, untold, terms):
                yield from run_rules([rule], value)


def _is_skipped(rule: Rule, untold: dict[str, str], terms: CheckContext) -> bool:
    """Whether a rule is in ``untold``, to which it is added when the time is up."""
    if rule.code not in untold and terms.expired():
        untold[rule.code] = _LATE
    return rule.code in untold


def _unread(whole: ExportView) -> dict[str, str]:
    """Say of what rules of the whole cannot tell at all, by code."""
    return {rule.code: unread(path) for rule in rules_of("export") for path in rule.requires if whole.is_lost(path)}


def _resolved(whole: ExportView) -> Resolution:
    """Resolve all references; what ends it early, or a failure of hcfmt's own, leaves their rules untold."""
    try:
        return resolve(whole)
    except Fault:
        return Resolution(whole.terms.keep, untold={rule.code: _LATE for rule in rules_of("reference")})
    except MemoryError:
        return Resolution(whole.terms.keep, untold={rule.code: _NO_ROOM for rule in rules_of("reference")})
    except Exception as error:  # noqa: BLE001 - it becomes a finding, never a verdict
        untold = {rule.code: "hcfmt failed" for rule in rules_of("reference")}
        failed = Resolution(whole.terms.keep, untold=untold)
        failed.tell(RULE_FAILED, Flaw("Resolving references raised {exception}.", {"exception": type(error).__name__}))
        return failed


def _examined(archive: Archive) -> Counter[str]:
    """Count what the rules of containers look at: the archive, its layers, and a name that may promise others."""
    layers = Counter(archive.layers)
    return layers + Counter(
        {"archive": 1, "packing": layers["gzip"] + layers["tar"], "file name": int(archive.is_file_name)}
    )


def _container_flaws(reading: Scan) -> list[tuple[str, Flaw]]:
    """Return (rule code, flaw) of the defects that the layers found; a fault also names the last whole member."""
    flaws = [(CODES[defect.kind], _flaw(defect)) for defect in reading.archive.defects]
    if reading.fault is not None:
        flaws.append((CODES[reading.fault.kind], _flaw(reading.fault, reading.last_whole)))
    return flaws


def _flaw(defect: Defect, last_member: str | None = None) -> Flaw:
    """Return a defect as a flaw, which names the last member that was read whole if there is one."""
    if last_member is None:
        return Flaw(defect.message, byte=defect.byte)
    sentence = f"{defect.message} The last whole member is {{last_member}}."
    return Flaw(sentence, {"last_member": MemberPath(last_member)}, byte=defect.byte)


def _finding(found: Found) -> Finding:
    rule = RULES[found.code]
    location = Location(found.member or None, found.pointer, found.line, found.byte)
    return Finding(rule.code, rule.name, rule.severity, found.message, location, found.subcode, found.values)
