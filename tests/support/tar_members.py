"""Archives made of single members."""

import gzip
import tarfile

MAIN = "from hcfmt.cli import main; main()"


def member(name: str, content: bytes = b"", **fields: object) -> bytes:
    """Return one member as it stands in a tar."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)


def packed(*members: bytes) -> bytes:
    """Return a .tar.gz of some members."""
    return gzip.compress(b"".join(members) + bytes(1024), mtime=0)
