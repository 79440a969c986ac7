"""Check of one input: one pass over the archive, a final check of the whole export, and the report."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from hcfmt.check.catalogue import CODES, RULE_FAILED, UNREADABLE_INPUT
from hcfmt.check.choices import Choices
from hcfmt.check.context import CheckContext, Redaction
from hcfmt.check.export_view import ExportView
from hcfmt.check.facts import Facts, Tally
from hcfmt.check.final_check import FinalCheck, check_export, check_layout
from hcfmt.check.inventory import inventory
from hcfmt.check.judgement import Judgement
from hcfmt.check.outcome import counted, ledger, verdict
from hcfmt.check.pipeline import Pipeline
from hcfmt.check.reading import Progress, Reader, no_progress
from hcfmt.check.scan import Scan
from hcfmt.container import (
    DIGESTS,
    LIMITS,
    Archive,
    ArchiveInput,
    Budget,
    Password,
    input_name,
    open_archive,
    unreadable_archive,
)
from hcfmt.errors import NoPasswordError, UnreadableError, UsageError
from hcfmt.export.dialects import CHECKED
from hcfmt.findings import Severity
from hcfmt.suggestions import unknown_name
from hcfmt.verdict import Entry, ImporterVerdict, Report, Status

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from hcfmt.check.baselines import Baseline
    from hcfmt.check.expected_contents import ExpectedContents
    from hcfmt.check.export_log import ExportLog

KEPT = 100  # findings of each rule
LARGE = 32 << 20  # bytes of a file, mostly compressed, whose check takes longer than the start of other processes


class Options(Struct, frozen=True):
    """Options of a check.

    ``password`` is text (as UTF-8), bytes, several of these that are tried in turn, or a function that returns any of
    them and is called only for encrypted input.
    ``digests`` are the key derivations that are tried, in order. ``fail_on`` is the lowest severity that makes an
    archive invalid. ``keep`` is the number of findings of each code that a report holds; all are counted. Reports
    describe text of the archive unless ``show_values`` is set. ``executor`` checks slices in other processes, and
    ``in_flight`` is the number of tasks of about 4 MiB that it is given at a time; this process checks what is read
    beyond them. The executor is used only after ``inline`` bytes of data files were checked in this process, so that a
    small input starts no process; of a file of 32 MiB or more, it is used at once. ``watch`` is called with the archive
    once it is open, and returns a function that is called with the path of each member. ``importers`` are the importers
    for which the report has a verdict: names of profiles, ``all``, or paths of files in TOML. ``dialect`` is the one
    that the export must be in: ``hc-migrate``, ``server`` or ``cloud``, by default any of them. ``choices`` are those
    among rules, ``baseline`` holds findings that do not count. With ``accept_all`` no finding that a baseline can hold
    counts: ``baseline_of`` makes a baseline of such reports. With ``sha256`` a report has that of its input. With
    ``receipt`` it has a receipt, for which every byte is read and hashed. With
    ``report_unreadable`` an input that cannot be read, or is encrypted without a password, gets a report that says so
    (HCX03), in place of UnreadableError and NoPasswordError. ``expected`` is what the archive must hold, ``log`` that
    of its making; rules compare both with it.
    """

    password: Password | None = None
    digests: Sequence[str] = DIGESTS
    budget: Budget = Budget()
    fail_on: Severity = Severity.ERROR
    keep: int = KEPT
    show_values: bool = False
    executor: "Executor | None" = None
    in_flight: int = 8
    inline: int = 0
    watch: Callable[[Archive], Progress] | None = None
    importers: Sequence[str] = ()
    dialect: str | None = None
    choices: Choices = Choices()
    baseline: "Baseline | None" = None
    accept_all: bool = False
    sha256: bool = False
    receipt: bool = False
    report_unreadable: bool = False
    expected: "ExpectedContents | None" = None
    log: "ExportLog | None" = None


_DEFAULT = Options()


def validate(archive: ArchiveInput, options: Options = _DEFAULT, *, stdin: BinaryIO | None = None) -> Report:
    """Check one archive and return its report.

    ``archive`` is a path, ``-`` for ``stdin``, or a binary file object, which is read from its position and stays
    open. Raises UsageError when the archive cannot be opened; without ``options.report_unreadable`` also
    UnreadableError and NoPasswordError.
    """
    return examine(archive, options, stdin=stdin)[0]


def examine(
    archive: ArchiveInput, options: Options = _DEFAULT, *, stdin: BinaryIO | None = None
) -> tuple[Report, ExportView]:
    """Check one archive as ``validate`` does; return its report, and the view of the export that the rules had.

    The view of an archive that was not read to its end holds what was read.
    """
    context = _context(options)
    try:
        with open_archive(
            archive,
            password=options.password,
            digests=options.digests,
            budget=options.budget,
            stdin=stdin,
            sha256=options.sha256 or options.receipt,
            contents=options.receipt,
        ) as opened:
            return _checked(opened, options, context)
    except (UnreadableError, NoPasswordError) as error:
        if not options.report_unreadable:
            raise
        reason = error.reason if isinstance(error, UnreadableError) else str(error)
        return _checked(unreadable_archive(archive, reason, options.budget), options, context)


def unchecked(archives: Sequence[ArchiveInput]) -> Iterator[Report]:
    """Yield the reports of archives that a run did not reach: incomplete, without findings, all rules skipped."""
    if not archives:
        return
    reason = "the run ended before this input was checked"
    ledger = tuple(Entry(code, Status.SKIPPED, 0, reason) for code in CODES.values())
    nothing, _ = _checked(unreadable_archive(archives[0], reason, _DEFAULT.budget), _DEFAULT, _context(_DEFAULT))
    report = replace(nothing, findings=(), totals={}, ledger=ledger, unreadable=False)
    yield from (replace(report, input=_name(input_name(archive))) for archive in archives)


def _checked(archive: Archive, options: Options, context: CheckContext) -> tuple[Report, ExportView]:
    """Check an open archive; return its report and the view of its export."""
    progress = options.watch(archive) if options.watch else no_progress
    reader = Reader(archive, options.budget, context.redaction, progress)
    inline = options.inline if (archive.size or 0) < LARGE else 0
    pipeline = Pipeline(context, options.executor, options.in_flight, inline)
    scan = Scan(archive, options.budget, context)
    scan.run(pipeline.run(reader.events()))  # each header, each slice of a data file, the start of each stored file
    facts = scan.facts()
    layout = replace(scan.layout(), demanded=options.dialect, expected=options.expected, log=options.log)
    facts.examined.update(_examined(archive) + facts.kinds)
    facts.tally += Tally.of(context.keep, [context.judged(code, flaw) for code, flaw in scan.archive_flaws()])
    final = check_layout(layout, context) if scan.fault else check_export(facts, layout, context)
    facts.examined.update(final.examined)
    facts.tally += final.tally
    if options.receipt:
        archive.hash_rest()
    view = ExportView(final.layout, facts.index, facts.kinds, context)
    report = _report(scan, facts, final, options, context.judgement, _importers(facts, view, context))
    if archive.contents is None:
        return report, view
    from hcfmt.check.receipts.making import receipt_of  # noqa: PLC0415 - most runs make none

    receipt = receipt_of(report, archive, facts.index, final.layout, _settings(options, context))
    return replace(report, receipt=receipt), view


def _settings(options: Options, context: CheckContext) -> dict[str, object]:
    """Return the settings on which the verdict and the ledger depend."""
    return {
        "fail_on": options.fail_on,
        "dialect": options.dialect,
        "choices": to_builtins(options.choices),
        "baseline": [
            [entry.code, entry.fingerprint, count]
            for entry, count in (options.baseline.entries.items() if options.baseline else ())
        ],
        "accept_all": options.accept_all,
        "importers": context.importers,
        "expected": to_builtins(options.expected),
        "log": to_builtins(options.log),
        "limits": {name: getattr(options.budget, name) for name in LIMITS},
    }


def _context(options: Options) -> CheckContext:
    budget, redaction = options.budget, Redaction(options.show_values)
    if options.dialect is not None and options.dialect not in CHECKED:
        raise UsageError(unknown_name("dialect", options.dialect, CHECKED))
    importers: tuple[str, ...] = ()
    if options.importers:
        from hcfmt.check.importer_profiles import importer_sources  # noqa: PLC0415 - only profiles need it

        importers = importer_sources(options.importers)
    return CheckContext(
        budget.depth, options.keep, redaction, budget.values, budget.expired, importers, _judgement(options)
    )


def _judgement(options: Options) -> Judgement:
    if options.choices == _DEFAULT.choices and options.baseline is None and not options.accept_all:
        return Judgement()
    from hcfmt.check.compiled_choices import compiled  # noqa: PLC0415 - only choices need it

    accepted = options.baseline.numbers if options.baseline else None
    return compiled(options.choices, accepted, accepts_all=options.accept_all)


def _examined(archive: Archive) -> Counter[str]:
    """Return the objects that rules of the container examine: the archive, its layers, a name with suffixes."""
    layers = Counter(archive.layers)
    return layers + Counter(
        {"archive": 1, "packing": layers["gzip"] + layers["tar"], "file name": int(archive.is_file_name)}
    )


def _report(
    scan: Scan,
    facts: Facts,
    final: FinalCheck,
    options: Options,
    judgement: Judgement,
    importers: Sequence[ImporterVerdict],
) -> Report:
    fault = CODES[scan.fault.kind] if scan.fault else None
    entries = ledger(facts, final.skipped_rules, final.partial_rules, fault)
    tally = counted(facts.tally, entries, judgement)
    if tally is not facts.tally:
        facts.tally = tally
        entries = ledger(facts, final.skipped_rules, final.partial_rules, fault)
    judged, decided_by = verdict(facts, entries, options.fail_on, judgement, final.skipped_rules)
    return Report(
        input=_name(scan.archive.name),
        verdict=judged,
        findings=tally.findings,
        totals=_by_code(tally.totals),
        ledger=tuple(entries),
        inventory=inventory(facts, final.layout, scan.archive),
        failed=facts.tally.totals[RULE_FAILED] > 0,
        unreadable=fault == UNREADABLE_INPUT,
        importers=importers,
        decided_by=decided_by,
        suppressed={why: _by_code(of.totals) for why, of in sorted(tally.suppressed.items()) if of.totals.total()},
        accepted={entry: places for entry, (_, places) in tally.accepted.items()},
        sha256=scan.archive.sha256,
    )


def _by_code(totals: Counter[str]) -> Mapping[str, int]:
    return {code: count for code, count in sorted(totals.items()) if count}


def _importers(facts: Facts, view: ExportView, context: CheckContext) -> Sequence[ImporterVerdict]:
    """Return the verdicts of the importers that were asked for."""
    if not context.importers:
        return ()
    from hcfmt.check.importers import importer_verdicts  # noqa: PLC0415 - only profiles need it

    return importer_verdicts(context.importers, facts, view)


def _name(path: str) -> str:
    """Return an input as it was given, or the last part of an absolute path: reports do not describe the machine."""
    return PurePath(path).name if PurePath(path).is_absolute() else path
