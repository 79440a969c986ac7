"""Small sound archives of every container and dialect to damage, and what a reader of the standard library sees whole.

The reader shares no code with hcfmt but the derivation of the key.
"""

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

import hcfmt
from hcfmt.container.aes import HEADER, derive
from tests.support.builders import PASSWORD, encrypted, opened
from tests.support.dialects import packed

DIALECTS = ("hc-migrate", "server", "cloud")
SUFFIXES = (".tar", ".tar.gz", ".tar.gz.aes")
_GZIP = 31  # wbits


@dataclass(frozen=True)
class Sample:
    """A sound archive: its bytes, the suffix that tells its container, and the content of its members by path."""

    data: bytes
    suffix: str
    members: Mapping[str, bytes]


@cache
def sample(seed: int, dialect: str, suffix: str) -> Sample:
    """Return a sound archive; an odd seed shuffles its members, and every third one has texts that are hard to read."""
    tar, members = _tar(seed, dialect)
    data = tar if suffix == ".tar" else gzip.compress(tar, mtime=0)
    return Sample(encrypted(data) if suffix.endswith(".aes") else data, suffix, members)


@cache
def _tar(seed: int, dialect: str) -> tuple[bytes, Mapping[str, bytes]]:
    with TemporaryDirectory() as directory:
        path = Path(directory, "export.tar")
        plan = hcfmt.Plan(
            users=5,
            rooms=3,
            messages=80,
            attachments=6,
            attachment_bytes=80_000,
            emoticons=1,
            seed=seed,
            dialect=dialect,
            nasty=seed % 3 == 0,
        )
        hcfmt.generate(str(path), plan)
        data = path.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = [(info.name, tar.extractfile(info).read()) for info in tar if info.isfile()]  # type: ignore[union-attr]
    random = Random(seed)  # noqa: S311 - a test
    return (packed(members, random) if seed % 2 else data), dict(members)


def whole_members(data: bytes, suffix: str) -> dict[str, bytes]:
    """Return the whole members in the beginning of an archive, and below its name and "/" the beginning of the next."""
    if suffix.endswith(".aes"):
        data = _decrypted(data)
    if suffix != ".tar":
        data = zlib.decompressobj(_GZIP).decompress(data)
    whole, at, name = {}, 0, ""
    while len(block := data[at : at + 512]) == 512 and any(block):
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            break
        content = data[at + 512 : at + 512 + info.size]
        if info.type in (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE):
            name = content.partition(b"path=")[2].partition(b"\n")[0].decode() or content.rstrip(b"\0").decode()
        elif len(content) < info.size:
            whole[(name or info.name) + "/"] = content
            break
        elif info.isfile():
            whole[name or info.name] = content
            name = ""
        at += 512 + info.size + -info.size % 512
    return whole


def _decrypted(data: bytes) -> bytes:
    if len(data) <= HEADER:
        return b""
    key, vector = derive(PASSWORD, data[8:HEADER], "md5")
    blocks = data[HEADER : len(data) - len(data) % 16]
    return Cipher(AES256(key), CBC(vector)).decryptor().update(blocks)


def whole_records(text: bytes) -> list[Any]:
    """Return the whole records of the beginning of a list of records."""
    try:
        characters = text.decode()
    except UnicodeDecodeError as error:
        characters = text[: error.start].decode()
    records: list[Any] = []
    at = characters.find("[") + 1
    if not at or characters[: at - 1].strip():
        return []
    while (begin := characters.find("{", at)) >= 0:
        try:
            record, at = json.JSONDecoder().raw_decode(characters, begin)
        except ValueError:
            break
        records.append(record)
    return records


def members_of(path: Path) -> dict[str, bytes]:
    """Return the files of an archive by path, as hcfmt reads them."""
    archive, rows = opened(path)
    assert archive.fault is None
    return {row[0]: row[3] for row in rows}
