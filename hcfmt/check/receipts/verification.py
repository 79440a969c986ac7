"""Compares an archive with its receipt, without a check of its content."""

import os
from collections.abc import Callable, Sequence
from typing import BinaryIO

from hcfmt.check.context import Redaction
from hcfmt.check.receipts.comparison import compare_members
from hcfmt.check.receipts.member_rows import member_rows
from hcfmt.container import DIGESTS, STDIN, Archive, ArchiveInput, Budget, Password, open_archive
from hcfmt.container.archive import EMPTY
from hcfmt.container.source import open_source
from hcfmt.errors import Defect, Fault
from hcfmt.receipts import Receipt, ReceiptMember, Sameness, StreamDigest, Verification

_DEFAULT = Budget()
_RECEIPT_INCOMPLETE = "The archive of the receipt could not be read to its end, so that members may be missing in it."


def verify_receipt(
    receipt: Receipt,
    archive: ArchiveInput,
    *,
    password: Password | None = None,
    digests: Sequence[str] = DIGESTS,
    budget: Budget = _DEFAULT,
    show_values: bool = False,
    watch: Callable[[Archive], Callable[[str], None]] | None = None,
    stdin: BinaryIO | None = None,
) -> Verification:
    """Compare an archive with its receipt, and return what changed since, by member.

    A file that is the one of the receipt needs no ``password``. The paths of changed members are hidden as in reports
    unless ``show_values`` is set, and then shown of members that the archive still has. The other arguments are those
    of ``Options`` and ``validate``. Raises UsageError when the archive cannot be opened.
    """
    if receipt.file and _is_file_of(receipt.file, archive, budget):
        return _same(Sameness.FILE, receipt)
    with open_archive(
        archive, password=password, digests=digests, budget=budget, stdin=stdin, sha256=True, contents=True
    ) as opened:
        redaction = Redaction(show_values)
        progress = watch(opened) if watch else None
        for member in opened.members():
            if progress:
                progress(redaction.member_path(member.path))
        opened.hash_rest()
        if receipt.file and opened.sha256 == receipt.file.sha256:
            return _same(Sameness.FILE, receipt)
        contents = opened.contents
        assert contents  # noqa: S101 - it was opened with them
        if receipt.tar and contents.tar_sha256 == receipt.tar.sha256:
            return _same(Sameness.TAR, receipt)
        fault = opened.fault or (EMPTY if receipt.members and not contents.members else None)
        return _compared(receipt, member_rows(contents, redaction), fault)


def _compared(receipt: Receipt, rows: Sequence[ReceiptMember], fault: Defect | None) -> Verification:
    """Compare the members, all of which were read unless there was a fault."""
    changes, unchanged = compare_members(receipt.members, rows, complete=fault is None)
    reason = f"The archive cannot be read to its end: {fault.message}" if fault else ""
    if not receipt.complete:
        reason = reason or _RECEIPT_INCOMPLETE
    same = Sameness.UNKNOWN if reason else Sameness.CHANGED if changes else Sameness.MEMBERS
    return Verification(same, changes, len(unchanged), _bare(unchanged), reason)


def _same(same: Sameness, receipt: Receipt) -> Verification:
    return Verification(same, unchanged=len(receipt.members))


def _bare(rows: Sequence[ReceiptMember]) -> int:
    """Return the number of members without bytes, except directories, which have nothing that could change."""
    return sum(row.sha256 is None and row.kind != "directory" for row in rows)


def _is_file_of(file: StreamDigest, archive: ArchiveInput, budget: Budget) -> bool:
    """Whether a path is that of a regular file with the bytes of the receipt, which needs no password."""
    if not isinstance(archive, str | os.PathLike) or os.fspath(archive) == STDIN:
        return False
    source = open_source(archive, budget)
    if source is None:
        return False
    try:
        if not source.is_regular or source.size != file.bytes:
            return False
        source.hash_bytes()
        source.hash_rest()
    except Fault:  # the time is up, which the comparison reports
        return False
    finally:
        source.close()
    return source.sha256 == file.sha256
