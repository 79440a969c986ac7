"""Fixes an archive: checks it, writes it anew with the changes of the chosen fixes, and checks the result.

A pass fixes what the check before it found. What only the next check can see, as in a data file that could not be read
before, is fixed by the next pass. The result appears only if no rule reports it that did not report the archive.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from hcfmt.check.catalogue import RULES, rules_of
from hcfmt.check.choices import Choices
from hcfmt.check.compiled_choices import compiled
from hcfmt.check.engine import Options, examine
from hcfmt.check.export_view import ExportView
from hcfmt.check.reading import no_progress
from hcfmt.check.remedies import REMEDIES, Safety
from hcfmt.container import DIGESTS, SALT, STDIN, Archive, open_archive
from hcfmt.container.distinct_files import require_not_input
from hcfmt.container.private_files import private_file, temporary_directory
from hcfmt.errors import UsageError
from hcfmt.export.editing import Answer, Change
from hcfmt.export.rewriting import draft_archive, form_like, write_like
from hcfmt.export.schemas import CONTRADICTIONS
from hcfmt.fixes.plan import Plan
from hcfmt.fixes.rewriting import Rewriting
from hcfmt.fixes.table import FIXES, NOT_KEPT
from hcfmt.verdict import Report, Status

_MOST_PASSES = 5
_DEFAULT = Options()
_NAME = "archive"
_HIDING = CONTRADICTIONS | {rule.code for rule in rules_of("text")}  # rules of records that others cannot examine
_WITHOUT_FINDINGS = frozenset({Status.PASSED, Status.NOT_APPLICABLE})

Tell = Callable[[Answer], None]


def _ignore(_: Answer) -> None:
    """Pass over a change."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was fixed: the number of changes by rule, and the reports on the archive and on the result.

    ``written``: there is an output. Where nothing was changed, ``after`` is ``before``. ``unsafe`` are the codes of
    rules whose findings an unsafe fix would have changed. Unless the archive ``is_read`` to its end, nothing is fixed.
    """

    changes: Mapping[str, int]
    before: Report
    after: Report
    written: bool
    unsafe: Sequence[str]
    is_read: bool = True


def fix(  # noqa: PLR0913 - the arguments of the command
    archive: str | os.PathLike[str],
    output: str | os.PathLike[str] | None,
    options: Options = _DEFAULT,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    unsafe: bool = False,
    salt: bytes | None = None,
    tell: Tell = _ignore,
    force: bool = False,
) -> Fixed:
    """Fix what rules report in an archive, and write the result.

    ``select`` and ``ignore`` choose rules as those of ``Choices`` do; of these, the safe fixes are made, and with
    ``unsafe`` also those that drop or invent something. Without an ``output`` nothing is written, and all else is the
    same. The suffix of the output decides its form, a slash at its end asks for a directory; otherwise it has the
    archive's own form. The password is the same; ``salt`` are 8 bytes for the encryption, by default random ones.
    ``tell`` is called with every change in the order in which they are made. ``options`` are those of the checks.

    If there is nothing to fix, and if the archive cannot be read to its end, nothing is written. Raises UsageError, and
    writes nothing, if the archive is the output or standard input, if the result would lack what another rule reports
    (a new file has no bytes behind its end), or if a rule reports the result that did not report the archive.
    """
    archive = os.fspath(archive)
    if archive == STDIN:
        raise UsageError("The archive is read several times, so it cannot be standard input: name a file.")
    if output is not None:
        require_not_input(os.fspath(output), [archive])
    chosen = _chosen(select, ignore)
    job = _Job(
        archive,
        None if output is None else os.fspath(output),
        replace(options, keep=max(options.keep, 1)),
        frozenset(code for code in chosen if unsafe or FIXES[code].is_safe),
        os.urandom(SALT) if salt is None else salt,
        tell,
    )
    return _fix(job, chosen, force=force)


@dataclass(frozen=True, slots=True)
class _Job:
    """The archive, the output (None: the result is not kept), the options of the checks, and the rules to fix."""

    archive: str
    output: str | None
    options: Options
    codes: frozenset[str]
    salt: bytes
    tell: Tell


def _chosen(select: Sequence[str], ignore: Sequence[str]) -> Sequence[str]:
    """Return the codes of the fixes that are chosen; raise UsageError for an unknown rule."""
    uncounted = compiled(Choices(select=select)).rules if select else {}
    ignored = compiled(Choices(select=select, ignore=ignore)).rules if ignore else uncounted
    return [code for code in FIXES if code not in ignored]


def _fix(job: _Job, chosen: Sequence[str], *, force: bool) -> Fixed:
    before, view = examine(job.archive, job.options)
    unsafe = [code for code in before.totals if code in chosen and code not in job.codes]
    nothing = Fixed({}, before, before, written=False, unsafe=unsafe, is_read=_is_read(before))
    if job.codes.isdisjoint(before.totals) or not nothing.is_read:
        return nothing
    try:
        with temporary_directory() if job.output is None else draft_archive(job.output, force=force) as place:
            draft = place if isinstance(place, str) else str(place / _NAME)
            changes, after = _in_passes(job, draft, before, view)
    except _NothingChangedError:
        return nothing
    after = replace(after, input=job.archive if job.output is None else job.output)
    return Fixed(dict(sorted(changes.items())), before, after, written=job.output is not None, unsafe=unsafe)


class _NothingChangedError(Exception):
    """No fix could change anything, so that there is no result."""


def _in_passes(job: _Job, draft: str, before: Report, view: ExportView) -> tuple[Counter[str], Report]:
    """Write the draft in as many passes as fix something; return the changes by rule and the report on the draft."""
    source, report, changes = job.archive, before, Counter[str]()
    for number in range(_MOST_PASSES):
        chosen = job.codes | {code for made in changes for code in FIXES[made].follow_ups if code not in before.totals}
        codes = [code for code in FIXES if code in chosen and report.totals.get(code)]
        if not codes:
            break
        _require_chosen(report, codes)
        target = draft if number == 0 else str(Path(draft).with_name(f"pass-{number}")) + "/" * draft.endswith("/")
        made = _write(job, source, target, view, codes, is_damaged=_is_damaged(before))
        if made and number:
            _replace(draft, target)
        if not made:
            break
        source, changes = draft, changes + made
        report, view = examine(source, replace(job.options, digests=DIGESTS))
        _require_no_new(before, report, changes)
    if not changes:
        raise _NothingChangedError
    _require_no_new(before, report, changes, is_last=True)
    return changes, report


def _replace(draft: str, target: str) -> None:
    """Put the file or directory of the last pass in the place of the one before."""
    if Path(draft).is_dir():
        shutil.rmtree(draft)
    Path(target).replace(draft)


def _is_read(report: Report) -> bool:
    """Whether an archive was read to its end, and one export was found in it."""
    return not any(RULES[code].unchecked and RULES[code].subject == "archive" for code in report.totals.keys() - FIXES)


def _is_damaged(report: Report) -> bool:
    """Whether bytes of an archive are damaged or lost, although it could be read."""
    return any(RULES[code].damaged for code in report.totals)


def _require_chosen(report: Report, codes: Sequence[str]) -> None:
    """Raise UsageError if a new archive would lack what a rule reports that is not to be fixed."""
    for code in sorted(NOT_KEPT):
        if report.totals.get(code) and code not in codes:
            remedy = REMEDIES[code]
            how = f"--select {code}" if remedy.safety is Safety.SAFE else f"--unsafe, and {code} among the rules"
            raise UsageError(
                f"Nothing was written: {code} {RULES[code].name} was found too, and a new archive cannot keep what it "
                f"reports. To have it fixed as well: {how}."
            )


def _require_no_new(before: Report, after: Report, changes: Mapping[str, int], *, is_last: bool = False) -> None:
    """Raise UsageError if a rule that had examined the archive reports it only now.

    After the last pass, a rule must not have more findings than before either, and none of what the passes leave behind
    unless the archive is damaged. What only a fix made readable is not new.
    """
    allowed = {code for made in changes for code in FIXES[made].companions}
    if not is_last or _is_damaged(before):
        allowed |= {code for made in changes for code in FIXES[made].follow_ups}
    examined = {entry.code for entry in before.ledger if entry.reason is None or entry.status in _WITHOUT_FINDINGS}
    if not before.totals.keys().isdisjoint(_HIDING):
        examined -= {rule.code for rule in rules_of("export")}  # which pass over broken records
    more = [code for code, count in after.totals.items() if count > (before.totals.get(code, 0) if is_last else 0)]
    new = [code for code in more if code in examined - allowed and (is_last or code not in before.totals)]
    if new:
        sentences = [finding.message for finding in after.findings if finding.code == new[0]]
        raise UsageError(
            f"Nothing was written: fixing {', '.join(sorted(changes))} would lead to {', '.join(new)}. {sentences[-1]} "
            "Choose the rules to fix by --select and --ignore."
        )


def _write(
    job: _Job, source: str, target: str, view: ExportView, codes: Sequence[str], *, is_damaged: bool
) -> Counter[str]:
    """Write the archive with the changes of the fixes, and return their number by rule."""
    changes: Counter[str] = Counter()

    def log(code: str, change: Change) -> None:
        changes[code] += 1
        job.tell(Answer(code, change.member, change.pointer, change.before, change.after))

    options = job.options

    def opening() -> Archive:
        digests = options.digests if source == job.archive else DIGESTS
        return open_archive(source, password=options.password, digests=digests, budget=options.budget)

    with temporary_directory() as directory, ExitStack() as resources:
        opened, spool = resources.enter_context(opening()), resources.enter_context(private_file(directory / "spool"))
        form = form_like(opened, target if job.output is None else job.output)
        plan = Plan(view, opened, form, options.budget, opening, directory, resources, is_damaged)
        for code in codes:
            plan.code = code
            FIXES[code].plan(plan)
        progress = options.watch(opened) if options.watch else no_progress
        entries = Rewriting(opened, plan, options.budget, log, progress, spool).entries()
        write_like(opened, target, entries, password=options.password, digest=plan.digest, salt=job.salt)
    return changes
