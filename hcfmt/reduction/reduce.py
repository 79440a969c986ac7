"""Reduces an archive to the smallest one that still has findings of some rules, and writes it."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.check.catalogue import CODES, RULES, find_rule
from hcfmt.check.engine import Options, validate
from hcfmt.container import DIGESTS, SALT, Archive, ArchiveInput, Budget, Password, input_name, open_archive
from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.budget import never_expired
from hcfmt.container.distinct_files import require_not_input
from hcfmt.errors import UsageError
from hcfmt.export.rewriting import draft_archive, write_like
from hcfmt.reduction.archive_links import ArchiveLinks
from hcfmt.reduction.draft import Draft
from hcfmt.reduction.judge import KEPT, Judge
from hcfmt.reduction.layers import OF_BEGINNINGS, OF_LAYERS, beginning_with, write_in_layers
from hcfmt.reduction.steps import reduce_draft
from hcfmt.reduction.stored_archive import StoredArchive
from hcfmt.verdict import Report

Watch = Callable[[int, int], object]
"""Called with the number of messages left, and that of all messages of the archive."""

_DEFAULT = Budget()


class Amounts(Struct, frozen=True):
    """Amounts in an archive: members, records of all data files, and among these messages.

    The copies of a private message count as one message.
    """

    members: int
    records: int
    messages: int


class Reduction(Struct, frozen=True):
    """A reduced archive: the codes of the rules that were kept, the amounts before and after, and the new report."""

    kept: tuple[str, ...]
    before: Amounts
    after: Amounts
    report: Report


def reduce(  # noqa: PLR0913 - the arguments of the command
    archive: ArchiveInput,
    output: str | os.PathLike[str],
    keep: str | Iterable[str],
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    salt: bytes | None = None,
    force: bool = False,
    stdin: BinaryIO | None = None,
    watch: Watch | None = None,
) -> Reduction:
    """Write the smallest archive that still has a finding of each rule in ``keep``, and none that the archive lacks.

    ``keep`` are codes or names of rules. Members, records, properties and texts are left out as long as the check
    still finds the same (delta debugging). What is left is as it was in the archive: reducing does not anonymise.
    ``output`` has the form that its suffix asks for, else that of the archive, and the same password; ``salt`` are the
    8 bytes of its encryption, random by default. The same arguments give the same tar. When ``budget.expired`` says
    that the time is up, the smallest archive found so far is written.

    A finding about the layers (encryption, gzip, tar) stays if the layers are written again as they were, or if the
    beginning of the file has it too, which is then all that is written.

    Raises Fault (budget-exceeded) if the time is up before the archive was checked once. Raises UsageError, and
    writes nothing, if the archive has no finding of a rule, if the finding is in other bytes of a layer, and as
    ``write_like`` does.
    """
    output = os.fspath(output)
    codes = tuple(sorted({find_rule(name).code for name in ([keep] if isinstance(keep, str) else keep)}))
    if not codes:
        raise UsageError("There is no finding to keep: name a rule.")
    if isinstance(archive, str | os.PathLike):
        require_not_input(output, [archive])
    with draft_archive(output, force=force) as path, _temporary_file(output) as file:
        with open_archive(archive, password=password, digests=digests, budget=budget, stdin=stdin) as opened:
            stored = StoredArchive(opened, file, budget)
        options = Options(password=opened.password or password, digests=digests, budget=budget)
        draft = whole_draft(stored)
        before = _amounts(draft)
        if _is_cut(archive, opened, codes) and (cut := beginning_with(archive, frozenset(codes), options)) is not None:
            with atomic_file(path, force=False) as target:
                target.write(cut)
            report = validate(path, options)
            if report.totals.get(_MISNAMED) and _MISNAMED not in _found_layers(opened):
                raise UsageError(f"{output}: holds the beginning of the archive, so its name needs the same suffix.")
            return Reduction(codes, before, Amounts(0, 0, 0), report)
        of_content = [code for code in codes if code not in _found_layers(opened)]
        judge = Judge(frozenset(of_content), Options(keep=KEPT, budget=budget), _counted(watch, before.messages))
        report = judge.begin(draft)
        _require_findings(of_content, report, opened, budget)
        draft = reduce_draft(draft, judge, [finding for finding in report.findings if finding.code in codes])
        if len(of_content) < len(codes):
            write_in_layers(opened, path, draft.entries(), salt or os.urandom(SALT))
        else:
            write_like(opened, path, draft.entries(), password=password, salt=salt or os.urandom(SALT), force=force)
        report = _confirmed(codes, path, options, output)
    return Reduction(codes, before, _amounts(draft), report)


def _is_cut(archive: ArchiveInput, opened: Archive, codes: Iterable[str]) -> TypeGuard[str | os.PathLike[str]]:
    """Whether a file could not be read on for a rule that its beginning may break too."""
    is_file = isinstance(archive, str | os.PathLike) and opened.is_file_name and Path(archive).is_file()
    return is_file and opened.fault is not None and CODES.get(opened.fault.kind) in OF_BEGINNINGS.intersection(codes)


def _found_layers(opened: Archive) -> AbstractSet[str]:
    """Return the codes of findings about which layers an archive has."""
    return OF_LAYERS.intersection(CODES.get(defect.kind, "") for defect in opened.defects)


@contextmanager
def _temporary_file(output: str) -> Iterator[BinaryIO]:
    """Yield a file without a name, beside the output."""
    with tempfile.TemporaryFile(dir=Path(output).parent) as file:
        yield file


def _counted(watch: Watch | None, total: int) -> Callable[[Draft], object]:
    return lambda draft: watch(draft.messages, total) if watch else None


def whole_draft(stored: StoredArchive) -> Draft:
    """Return the draft that keeps everything."""
    records = {
        number: range(len(member.records)) for number, member in enumerate(stored.members) if member.records is not None
    }
    return Draft(stored, ArchiveLinks(stored), frozenset(range(len(stored.members))), records)


def _amounts(draft: Draft) -> Amounts:
    return Amounts(sum(1 for _ in draft.written()), sum(1 for _ in draft.places()), draft.messages)


def _require_findings(codes: Sequence[str], report: Report, archive: Archive, budget: Budget) -> None:
    """Raise UsageError for a rule of which the archive's content has no finding, Fault if it was not read in time."""
    lacking = [code for code in codes if not report.totals.get(code)]
    if not lacking:
        return
    budget.spend_time()
    rule = RULES[lacking[0]]
    if "archive" in rule.subjects or lacking[0] in _OF_HEADERS:
        raise UsageError(
            f"{lacking[0]} {rule.name} is about the bytes of a layer, of which nothing can be left out: reduce keeps "
            f"findings in what the layers hold. 'hcfmt break --rule {lacking[0]}' breaks a small archive likewise."
        )
    found = ", ".join(code for code, count in report.totals.items() if count)
    others = f", but of: {found}" if found else "; it has no findings at all"
    reason = f" The archive could be read only in part: {archive.fault.message}" if archive.fault else ""
    raise UsageError(f"{input_name(archive.name)}: has no finding of {lacking[0]} {rule.name}{others}.{reason}")


_MISNAMED = "HC001"
_OF_HEADERS = frozenset({"HC014"})
"""Rules of members that are about the bytes of a tar header."""


def _confirmed(codes: Sequence[str], path: str, options: Options, output: str) -> Report:
    """Return the report on the written archive, however long it takes; raise UsageError if a finding is gone."""
    report = validate(path, replace(options, budget=replace(options.budget, expired=never_expired)))
    gone = [code for code in codes if not report.totals.get(code)]
    if gone:
        raise UsageError(f"{output}: under this name and in this form the archive has no finding of {', '.join(gone)}.")
    return report
