"""Make an export from a plan: write it in any form, and tell what was made."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from hcfmt.container import Password
from hcfmt.export.writer import ArchiveForm, Encryption, Entry, output_form, write_archive
from hcfmt.extras import require_extra
from hcfmt.generation.manifest import ExportStats, manifest
from hcfmt.generation.members import members
from hcfmt.generation.plan import Plan
from hcfmt.generation.world import world
from hcfmt.rng import random_for

if TYPE_CHECKING:
    from concurrent.futures import Executor

_SALT = 8  # bytes

Watch = Callable[[str, int], None]
"""Called with the path and the size in bytes of each member when it is written."""


def generate(
    path: str | os.PathLike[str],
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

    The suffix of ``path`` decides the form: .tar.gz.aes, which needs a ``password``, .tar.gz, .tar, or else a
    directory; a suffix of other files, such as .zip, is refused. The ``salt`` (8 bytes) comes from the seed unless
    given, so that the same plan makes the same file; the tar inside is the same in any case, whatever the machine, the
    day or the executor. Raises UsageError for what cannot be, where something is there already without ``force``, and
    without what hcfmt[generate] installs.
    """
    require_extra("generate")
    path = os.fspath(path)
    form = output_form(path) or ArchiveForm.DIRECTORY
    encryption = (
        Encryption(password, salt or random_for(plan.seed, "salt").randbytes(_SALT), digest)
        if password is not None
        else None
    )
    made = ExportStats()
    entries = members(plan, made, executor)
    write_archive(path, form, _watched(entries, watch) if watch else entries, encryption=encryption, force=force)
    return manifest(world(plan), made)


def _watched(entries: Iterator[Entry], watch: Watch) -> Iterator[Entry]:
    for entry in entries:
        watch(entry.path, entry.size)
        yield entry
