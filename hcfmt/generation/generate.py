"""Generates the export of a plan, in any form, and returns its manifest."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from hcfmt.container import Password
from hcfmt.export.writer import ArchiveForm, Encryption, Entry, archive_chunks, output_form, write_archive
from hcfmt.extras import require_extra
from hcfmt.generation.plan import Plan
from hcfmt.rng import random_for

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from hcfmt.generation.manifest import ExportStats

_SALT = 8  # bytes

Watch = Callable[[str, int], None]
"""A function that is called with the path and the size in bytes of each member before it is written."""


def generate(
    path: str | os.PathLike[str] | BinaryIO,
    plan: Plan,
    *,
    password: Password | None = None,
    digest: str = "md5",
    salt: bytes | None = None,
    executor: "Executor | None" = None,
    force: bool = False,
    watch: Watch | None = None,
) -> dict[str, Any]:
    """Write the export of a plan and return its manifest.

    The suffix of ``path`` selects the form: .tar.gz.aes, which needs a ``password``, .tar.gz or .tar; any other path
    is a directory, except that suffixes of other files, such as .zip, are refused. To a binary stream, which stays
    open, .tar.gz.aes is written. The same plan gives the same tar on
    any machine, on any day and with any ``executor``. The ``salt`` (8 bytes) follows from the seed unless given.
    ``watch`` is called with the path and the size in bytes of each member before it is written. Raises UsageError for
    an existing path without ``force``, for an unusable path, and without the extra hcfmt[generate].
    """
    require_extra("generate")
    from hcfmt.generation.manifest import ExportStats, manifest  # noqa: PLC0415 - needs the libraries of the extra
    from hcfmt.generation.world_building import build_world  # noqa: PLC0415 - as above

    stats = ExportStats()
    write_export(
        path,
        plan,
        password=password,
        digest=digest,
        salt=salt,
        executor=executor,
        force=force,
        watch=watch,
        stats=stats,
    )
    return manifest(build_world(plan), stats)


def write_export(  # noqa: PLR0913 - the arguments of generate, and what counts
    path: str | os.PathLike[str] | BinaryIO,
    plan: Plan,
    *,
    password: Password | None = None,
    digest: str = "md5",
    salt: bytes | None = None,
    executor: "Executor | None" = None,
    force: bool = False,
    watch: Watch | None = None,
    stats: "ExportStats | None" = None,
) -> None:
    """Write the export of a plan as ``generate`` does, and count it in ``stats`` if it is given, which takes longer."""
    require_extra("generate")
    from hcfmt.generation.members import members  # noqa: PLC0415 - needs the libraries of the extra

    salt = salt or random_for(plan.seed, "salt").randbytes(_SALT)
    encryption = Encryption(password, salt, digest) if password is not None else None
    entries = members(plan, stats, executor)
    if watch:
        entries = _watched(entries, watch)
    if isinstance(path, str | os.PathLike):
        path = os.fspath(path)
        form = output_form(path) or ArchiveForm.DIRECTORY
        write_archive(path, form, entries, encryption=encryption, force=force)
    else:
        path.writelines(archive_chunks(entries, ArchiveForm.ENCRYPTED, encryption=encryption))


def _watched(entries: Iterator[Entry], watch: Watch) -> Iterator[Entry]:
    for entry in entries:
        watch(entry.path, entry.size)
        yield entry
