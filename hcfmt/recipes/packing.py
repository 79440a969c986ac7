"""Packs an export that a recipe changed."""

import io
import warnings
import zipfile
from pathlib import Path

from hcfmt.container import Password
from hcfmt.container.private_files import private_file
from hcfmt.errors import UsageError
from hcfmt.export.editing import save_export
from hcfmt.recipes.draft import Draft


def save(draft: Draft, path: Path, password: Password | None, salt: bytes) -> None:
    """Write a changed export to a new path in a private directory.

    ``password`` encrypts it unless the recipe sets another one; ``salt`` is 8 bytes. Raises UsageError if an encrypted
    file has no password, or if the members cannot be written as a directory or a ZIP.
    """
    if tuple(draft.layers) == ("zip",):
        _write_zip(draft, path)
        return
    save_export(draft.export, path, password if draft.password is None else draft.password, salt, layers=draft.layers)


def _write_zip(draft: Draft, path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a second member of one path
        for member in draft.export.items:
            if member.target is not None:
                raise UsageError("A ZIP is written without links: leave out the line with ->, or 'layers zip'.")
            try:
                packed.writestr(zipfile.ZipInfo(member.path), member.read())
            except UnicodeEncodeError:
                raise UsageError("A ZIP cannot hold a member whose path is not UTF-8.") from None
    with private_file(path) as file:
        file.write(stream.getvalue())
