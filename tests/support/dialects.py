"""Exports in the dialects of HipChat Server and Cloud, made of hc-migrate exports."""

import io
import tarfile
from collections.abc import Iterable
from random import Random

from hcfmt.container import open_archive
from hcfmt.export.dialect_writing import rewrite_export
from hcfmt.export.editing import EditableExport, read_export
from hcfmt.export.writer import ArchiveForm

Files = list[tuple[str, bytes]]


def in_dialect(data: bytes, dialect: str) -> Files:
    """Return the files of an unencrypted hc-migrate archive, rewritten in a dialect."""
    with open_archive(io.BytesIO(data), password=None) as archive:
        export = read_export(archive, ArchiveForm.TAR, "", io.BytesIO())
    return _rewritten(export, dialect)


def _rewritten(export: EditableExport, dialect: str) -> Files:
    rewrite_export(export, dialect)
    return [(item.path, item.read()) for item in export.items]


def packed(files: Iterable[tuple[str, bytes]], random: Random | None = None) -> bytes:
    """Return a tar of files, shuffled if a source of random orders is given."""
    members = list(files)
    if random:
        random.shuffle(members)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            tar.addfile(info, io.BytesIO(data))
    return stream.getvalue()
