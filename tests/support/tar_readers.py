"""Reads a tar with GNU tar, bsdtar, Python's tarfile and Go's archive/tar, in one comparable form."""

import io
import json
import os
import struct
import subprocess
import tarfile
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from hcfmt.container import Archive, MemberKind
from hcfmt.errors import Fault
from hcfmt.export.layout import canonical
from tests.support.counterparts import counterpart

Reading = dict[str, str] | None
"""The digest of every file by its canonical path, DIRECTORY for a directory; None where the reader reports an error."""

DIRECTORY = "directory"
_SOURCE = Path(__file__).with_name("tar_reader.go")


def of_archive(archive: Archive) -> Reading:
    """Read an archive with hcfmt; None where a member is neither file nor directory, or the archive ends in a fault."""
    reading: dict[str, str] = {}
    for member in archive.members():
        digest = sha256()
        try:
            for chunk in member.chunks:
                digest.update(chunk)
        except Fault:
            return None
        if member.kind not in (MemberKind.FILE, MemberKind.DIRECTORY):
            return None
        reading[canonical(member.path)] = DIRECTORY if member.kind is MemberKind.DIRECTORY else digest.hexdigest()
    return None if archive.fault else _with_parents(reading)


def _with_parents(reading: dict[str, str]) -> dict[str, str]:
    """Add the directories that unpacking makes because something lies below them."""
    parents = {"/".join(parts[:end]) for path in reading for parts in [path.split("/")] for end in range(1, len(parts))}
    return {**dict.fromkeys(parents, DIRECTORY), **reading, "": DIRECTORY}


def _unpacked(*command: str) -> Callable[[bytes], Reading]:
    """Return what unpacks a tar with a program, as a user does, and looks at what is then there."""

    def read(data: bytes) -> Reading:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([*command, "-xf", "-", "-C", folder], input=data, capture_output=True, check=False)
            if done.returncode:
                return None
            root = Path(folder)
            return {"": DIRECTORY} | {
                os.fsencode(path.relative_to(root)).decode("utf-8", "surrogateescape"): _digest(path)
                for path in root.rglob("*")
            }

    return read


def _digest(path: Path) -> str:
    return DIRECTORY if path.is_dir() else sha256(path.read_bytes()).hexdigest()


def by_gnu_tar(data: bytes) -> Reading:
    """Unpack with GNU tar."""
    return _unpacked(counterpart("gtar", "tar", version="GNU tar"))(data)


def by_bsdtar(data: bytes) -> Reading:
    """Unpack with bsdtar."""
    return _unpacked(counterpart("bsdtar"))(data)


def by_python(data: bytes) -> Reading:
    """Read with Python's tarfile."""
    reading: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape") as archive:
            for info in archive:
                file = archive.extractfile(info) if info.isreg() else None
                if file is None and not info.isdir():
                    return None
                reading[canonical(info.name)] = sha256(file.read()).hexdigest() if file else DIRECTORY
    except (tarfile.TarError, OSError, ValueError):
        return None
    return _with_parents(reading)


@contextmanager
def go_reader(folder: Path) -> Iterator[Callable[[bytes], Reading]]:
    """Give what reads with Go's archive/tar; the program is built in ``folder`` and reads one tar after the other."""
    program = folder / "tar_reader"
    environment = {**os.environ, "GOCACHE": str(folder / "cache"), "GOFLAGS": "", "GO111MODULE": "off"}
    build = [counterpart("go"), "build", "-o", str(program), str(_SOURCE)]
    subprocess.run(build, check=True, capture_output=True, env=environment)
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        yield lambda data: _query(process.stdin, process.stdout, data)  # type: ignore[arg-type]  # both are there
        process.stdin.close()


def _query(questions: BinaryIO, answers: BinaryIO, data: bytes) -> Reading:
    questions.write(struct.pack(">Q", len(data)) + data)
    questions.flush()
    answer = json.loads(answers.readline())
    if answer["Error"] or any(member["Kind"] == "special" for member in answer["Members"]):
        return None
    return _with_parents(
        {
            canonical(b64decode(member["Path"]).decode("utf-8", "surrogateescape")): (
                DIRECTORY if member["Kind"] == DIRECTORY else member["Digest"]
            )
            for member in answer["Members"]
        }
    )
