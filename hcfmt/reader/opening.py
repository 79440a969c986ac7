"""Opens an export to read its records."""

from collections.abc import Sequence
from typing import BinaryIO

from hcfmt.check.context import CheckContext, Redaction
from hcfmt.container import DIGESTS, ArchiveInput, Budget, Password
from hcfmt.reader.export import Export
from hcfmt.reader.inputs import Input
from hcfmt.reader.passes import Settings, Watch

_DEFAULT = Budget()


def open_export(
    archive: ArchiveInput,
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    strict: bool = False,
    show_values: bool = False,
    stdin: BinaryIO | None = None,
    watch: Watch | None = None,
) -> Export:
    """Open an export to read its records; the ``with`` block of what it returns closes it.

    ``archive`` is a path, a URL, ``-`` for ``stdin``, or a binary file object, of any container and dialect that
    ``validate`` reads. ``password``, ``digests`` and ``budget`` are those of ``Options``. Users and rooms are read at
    once and held in memory; everything else is read when it is asked for, in a new pass over the archive. What comes
    only once, such as standard input, is copied to a temporary file as it is.

    What cannot be read is skipped, and ``Export.problems`` says what and where, without text of the archive unless
    ``show_values`` is set. With ``strict`` the first problem is raised as ProblemError, or as Fault where the archive
    cannot be read on. ``watch`` is called with the archive of each pass, and returns a function that is called with the
    path of each member.

    Raises UsageError where the input cannot be opened or holds no export, and Fault where it cannot be read at all.
    """
    context = CheckContext(
        max_depth=budget.depth,
        redaction=Redaction(show_values),
        max_values=budget.values,
        expired=budget.expired,
    )
    source = Input(archive, password=password, digests=digests, budget=budget, stdin=stdin)
    try:
        return Export(source, Settings(budget, context, watch), strict=strict)
    except BaseException:
        source.close()
        raise
