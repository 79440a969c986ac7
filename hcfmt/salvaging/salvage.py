"""Salvage of an archive: three readings of it, and the check of what was written.

The first reading finds what is whole, the second checks what is saved and finds what it lacks, the third writes. None
holds more in memory than one record and the index of the check.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from hcfmt.check.context import CheckContext
from hcfmt.check.engine import Options, validate
from hcfmt.check.export_view import ExportView
from hcfmt.check.pipeline import Pipeline
from hcfmt.check.reading import Progress, Reader
from hcfmt.check.scan import Scan
from hcfmt.container import DIGESTS, STDIN, Archive, Budget, Member, Password, open_archive
from hcfmt.container.distinct_files import require_not_input
from hcfmt.container.private_files import temporary_directory
from hcfmt.container.recovery import Recovery
from hcfmt.container.standard_input import copy_of_standard_input
from hcfmt.errors import Fault
from hcfmt.export.dialects import CHECKED
from hcfmt.export.layout import hidden_path
from hcfmt.export.rewriting import draft_archive, write_like
from hcfmt.findings import Flaw
from hcfmt.salvaging.additions import additions
from hcfmt.salvaging.copies import Copies
from hcfmt.salvaging.plan import Plan
from hcfmt.salvaging.result import Salvaged
from hcfmt.salvaging.saved_members import SavedMembers
from hcfmt.salvaging.survey import NOTHING_WHOLE, Survey, survey

_DEFAULT = Budget()
_NO_EXPORT = "The archive holds no data file of an export that hcfmt checks. Nothing was written."
Watch = Callable[[Archive], Progress]


def salvage(
    archive: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    force: bool = False,
    stdin: BinaryIO | None = None,
    watch: Watch | None = None,
) -> Salvaged:
    """Save what is whole of a damaged archive, as a sound one, and return what was saved, lost and made up.

    Members that are whole are written byte by byte. Of damaged data files the whole records are. A lost or damaged
    history of a user gets those private messages back that the other person's history holds. Users and rooms that are
    referred to and whose records are lost become placeholders, and so do histories and files.

    ``archive`` is a path or a URL, which is read three times, or ``-`` for ``stdin``, of which a copy is made beside
    the output. The suffix of ``output`` decides its form, a slash at its end asks for a directory; otherwise it has the
    archive's own form. Password and key derivation stay. The same input gives the same bytes. ``watch`` is as in
    ``Options``.

    Raises Fault if nothing is whole, or if no layer can be opened, as with a wrong password, and UsageError as
    ``open_archive`` and ``write_like`` do. Nothing is written then.
    """
    archive, output = os.fspath(archive), os.fspath(output)
    require_not_input(output, [archive])
    options = Options(password=password, digests=digests, budget=budget, keep=1, watch=watch)
    with draft_archive(output, force=force) as draft, temporary_directory(Path(draft).parent) as directory:
        source = copy_of_standard_input(stdin, directory) if archive == STDIN else archive
        with closing(Copies(directory)) as copies:
            job = _Salvage(source, options, copies)
            plan = job.examine()
            job.write(plan, draft)
            return plan.result(validate(draft, replace(job.options, digests=DIGESTS)))


class _Salvage:
    """One salvage: ``examine``, then ``write``. ``options`` hold the password that opened the archive, once it did."""

    def __init__(self, source: str, options: Options, copies: Copies) -> None:
        self.options = options
        self._source = source
        self._copies = copies
        self._survey, self._recovery = Survey(), Recovery()

    def examine(self) -> Plan:
        """Read the archive twice, and return what is written of it. Raises Fault if nothing is whole."""
        budget = self.options.budget
        with self._reading(self._recovery, sha256=True) as archive:
            self._survey = survey(archive, self._recovery, budget)
            if archive.password is not None:
                self.options = replace(self.options, password=archive.password, digests=(archive.digest or "md5",))
        self._copies.begin(self._survey.whole_histories)
        saved = SavedMembers(self._survey, self._copies, budget)
        export = self._check(saved)
        if not saved.whole and not any(row.records for row in saved.partly.values()):
            damage = next(iter(self._survey.damages), None)
            raise Fault(damage.kind if damage else "not-an-export", NOTHING_WHOLE)
        if export.layout.dialect.name not in CHECKED:
            raise Fault("not-an-export", _NO_EXPORT)
        return Plan(self._survey, saved, export, additions(export, saved.paths), self._copies)

    def write(self, plan: Plan, output: str) -> None:
        """Read the archive again, and write what is saved of it and what is made up."""
        with self._reading(Recovery(self._recovery)) as archive:
            entries = plan.entries(archive.members(), self.options.budget)
            write_like(archive, output, entries, password=self.options.password, salt=self._survey.salt)

    @contextmanager
    def _reading(self, recovery: Recovery, *, sha256: bool = False) -> Iterator[Archive]:
        """Open the archive for one reading, which is watched."""
        options = self.options
        with open_archive(
            self._source,
            password=options.password,
            digests=options.digests,
            budget=options.budget,
            sha256=sha256,
            recovery=recovery,
        ) as archive:
            if options.watch:
                progress = options.watch(archive)
                archive.change_members(lambda members: _shown(members, progress))
            yield archive

    def _check(self, saved: SavedMembers) -> ExportView:
        """Return the view of what is saved of the archive."""
        budget = self.options.budget
        context = CheckContext(budget.depth, keep=1, max_values=budget.values, expired=budget.expired)
        with self._reading(Recovery(self._recovery)) as archive:
            archive.change_members(saved.members)
            scan = Scan(archive, budget, context)
            scan.run(Pipeline(context, None, 1).run(Reader(archive, budget, context.redaction).events()))
        if scan.fault:
            sentence = Flaw(scan.fault.message, scan.fault.values).sentence(context.redaction.text)
            raise Fault(scan.fault.kind, sentence, scan.fault.byte)
        facts = scan.facts()
        return ExportView(scan.layout(), facts.index, facts.kinds, context)


def _shown(members: Iterator[Member], progress: Progress) -> Iterator[Member]:
    for member in members:
        progress(hidden_path(member.path))
        yield member
