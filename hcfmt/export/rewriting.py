"""Writes the changed copy of an archive: in the archive's form, and as a draft until it is known to be good."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hcfmt.container import Archive, Password
from hcfmt.container.atomic_write import atomic_file, is_directory_name, require_replaceable
from hcfmt.container.private_files import temporary_directory
from hcfmt.errors import UsageError
from hcfmt.export.writer import (
    ArchiveForm,
    Encryption,
    Entry,
    atomic_directory,
    output_form,
    require_free,
    write_archive,
)

_CHUNK = 1 << 20  # bytes


def form_like(archive: Archive, output: str) -> ArchiveForm:
    """Return the form that the suffix of an output asks for, else the form of an open archive.

    Layers that are repeated count once; an archive of unknown layers becomes a tar. Raises UsageError as
    ``output_form`` does.
    """
    layers = tuple(dict.fromkeys(archive.layers))
    own = next((form for form in ArchiveForm if form.layers == layers), ArchiveForm.TAR)
    return output_form(output) or own


def write_like(
    archive: Archive,
    output: str,
    entries: Iterable[Entry],
    *,
    password: Password | None = None,
    digest: str | None = None,
    salt: bytes,
    force: bool = False,
) -> None:
    """Write entries as an archive in the form of ``form_like``, complete or not at all.

    An encrypted one has the password and the key derivation that opened ``archive``, or ``password`` and MD5 where that
    is not encrypted; ``digest`` is another key derivation, and ``salt`` has 8 bytes. ``entries`` are taken one by one
    while they are written, so they may be made of the archive's members as it is read. Raises UsageError as
    ``write_archive`` does.
    """
    secret = password if archive.password is None else archive.password
    encryption = None if secret is None else Encryption(secret, salt, digest or archive.digest or "md5")
    write_archive(output, form_like(archive, output), entries, encryption=encryption, force=force)


@contextmanager
def draft_archive(output: str, *, force: bool = False) -> Iterator[str]:
    """Yield the path of a draft to write; it becomes ``output`` if the block ends normally, else it is deleted.

    The draft is in a private directory beside the output and has its name, with the slash that asks for a directory;
    the block may also write a directory without one. An existing file is replaced only with ``force``, a directory
    never. Raises UsageError at once for a path that cannot be the output, as ``output_form``, ``require_free`` and
    ``atomic_file`` do, and for an OSError of the block.
    """
    if output_form(output) is ArchiveForm.DIRECTORY or Path(output).is_dir():
        require_free(Path(output))
    else:
        require_replaceable(output, force=force)
    try:
        with temporary_directory(Path(output).parent) as directory:
            path = directory / Path(output).name
            yield f"{path}/" if is_directory_name(output) else str(path)
            _move(path, output, force=force)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror or type(error).__name__}.") from None


def _move(draft: Path, output: str, *, force: bool) -> None:
    """Move a finished file or directory to the path of the output."""
    if draft.is_dir():
        with atomic_directory(output) as directory:
            for inner in draft.iterdir():
                inner.rename(directory / inner.name)
        return
    with draft.open("rb") as source, atomic_file(output, force=force) as target:
        shutil.copyfileobj(source, target, _CHUNK)
