"""Small files by their names: pictures and texts that open, and bytes for everything else."""

from struct import pack
from zlib import compress, crc32

from hcfmt.errors import UsageError

_TEXTS = {
    "csv": "number,name\n1,one\n2,two\n",
    "json": '{"number": 1}\n',
    "log": "2018-03-05 09:00:00 INFO started\n",
    "md": "# Notes\n\nThe first note.\n",
    "txt": "A note.\n",
}
_PICTURE = "png"
KINDS = (*_TEXTS, "bin", _PICTURE)
"""Extensions of the files that can be made."""

_EDGE = 16  # pixels
_BYTES = bytes(range(1, 65))


def sample_size(name: str) -> int:
    """Return the size of what ``sample_file`` returns, 0 for other kinds of files."""
    return len(sample_file(name)) if _kind(name) in KINDS else 0


def sample_file(name: str) -> bytes:
    """Return the content of a file by its extension. Raises UsageError for an extension that is not in ``KINDS``."""
    kind = _kind(name)
    if kind not in KINDS:
        raise UsageError(f"{name} needs a content, as none is made of this kind, only of {', '.join(KINDS)}.")
    if kind == _PICTURE:
        return picture(_EDGE)
    return _TEXTS[kind].encode() if kind in _TEXTS else _BYTES


def _kind(name: str) -> str:
    return name.rpartition(".")[2].lower()


def picture(edge: int) -> bytes:
    """Return a PNG of one colour with a number of pixels on each side."""
    rows = (b"\0" + b"\x2a\x7f\xb8" * edge) * edge
    chunks = (b"IHDR", pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)), (b"IDAT", compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data)) for kind, data in chunks
    )
