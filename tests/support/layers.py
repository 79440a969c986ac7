"""Small archives of every layer, and a function that reads them."""

import io
from hashlib import shake_256

from hcfmt.container import Archive, open_archive
from hcfmt.container.passwords import Password
from tests.support.builders import END, PASSWORD, encrypted, entry, walk, zipped

NOISE = shake_256().digest(600_000)


def tar(remainder: int) -> bytes:
    """Return a tar of two members whose gzip has a length that leaves this remainder by 16, whatever zlib made it."""
    tars = (entry(b"users.json", NOISE[:length]) + entry(b"rooms.json", b"[]") + END for length in range(300))
    return next(tar for tar in tars if len(zipped(tar)) % 16 == remainder)


PATHS = ["users.json", "rooms.json"]
TAR = tar(4)  # so that the last encrypted block holds half of gzip's trailer and 12 bytes of padding
GZIP = zipped(TAR)
ENCRYPTED = encrypted(GZIP)
BIG = zipped(entry(b"a", b"x") + entry(b"noise", NOISE) + entry(b"z", b"x") + END)


def read(data: bytes, password: Password | None = lambda: PASSWORD) -> tuple[Archive, list[str]]:
    """Read bytes from standard input, so that no name has a say; return the archive and the paths of whole members."""
    with open_archive("-", password=password, stdin=io.BytesIO(data)) as archive:
        return archive, [row[0] for row in walk(archive)]


def unpadded(data: bytes) -> bytes:
    """Encrypt bytes that fill their last block, without padding."""
    assert len(data) % 16 == 0
    return encrypted(data)[:-16]


def filled(data: bytes, count: int) -> bytes:
    """Append x to a whole number of 16-byte blocks, and ``count`` whole blocks more."""
    return data + b"x" * (-len(data) % 16 + 16 * count)
