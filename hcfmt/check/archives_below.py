"""Finds the archives below a directory."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from hcfmt.container.suffixes import layers_of_name
from hcfmt.export.layout import OPTIONAL, REQUIRED

_AT_THE_TOP = frozenset((*REQUIRED, *OPTIONAL))


def archives_below(inputs: Iterable[str]) -> list[str]:
    """Return inputs with each directory that is no export replaced by the archives below it, sorted.

    An archive is a file whose name ends as one does (``.aes``, ``.tar.gz``, ``.tgz``, ``.tar``), or a directory that
    holds a data file, such as ``users.json``. Links to directories are not followed. A directory without any stays.
    """
    return [archive for name in inputs for archive in sorted(_archives(name)) or [name]]


def _archives(top: str) -> Iterator[str]:
    """Yield the archives below a directory; none below a file."""
    for directory, directories, files in os.walk(top):
        if not _AT_THE_TOP.isdisjoint(files):
            directories.clear()  # what is below is part of the export
            yield directory
            continue
        yield from (str(Path(directory, file)) for file in files if layers_of_name(file))
