"""The tar reader agrees with Python's on tars of GNU tar, bsdtar and Python."""

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt.container import MemberKind
from tests.support.builders import Row, read_tar
from tests.support.counterparts import counterpart

FORMS = {"GNU": tarfile.GNU_FORMAT, "PAX": tarfile.PAX_FORMAT, "USTAR": tarfile.USTAR_FORMAT}

# Names of one part: short, beyond ASCII, and so long that two or three of them pass 100 and 255 bytes.
PARTS = st.one_of(
    st.text("ab.-_ ", min_size=1, max_size=12),
    st.text("aé한\U0001f600\n\\", min_size=1, max_size=12),
    st.integers(90, 120).map(lambda length: "n" * length),
).filter(lambda part: part not in {".", ".."})
PATHS = st.lists(PARTS, min_size=1, max_size=4).map(tuple)
KINDS = st.sampled_from(["file", "file", "empty file", "directory", "link", "hard link"])
TREES = st.dictionaries(PATHS, st.tuples(KINDS, st.binary(max_size=1200)), max_size=8)

Tree = dict[tuple[str, ...], tuple[str, bytes]]


def _grow(root: Path, tree: Tree) -> None:
    """Make a tree; what cannot stand where something else already stands is left out."""
    first = None
    for parts, (kind, content) in tree.items():
        path = root.joinpath(*parts)
        with suppress(OSError):  # a file where a directory is wanted, and the other way round
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind == "directory":
                path.mkdir(exist_ok=True)
            elif kind == "link":
                path.symlink_to("/".join(parts))
            elif kind == "hard link" and first:
                path.hardlink_to(first)
            else:
                path.write_bytes(b"" if kind == "empty file" else content)
                first = path


def _gnu(form: str) -> Callable[[Path], bytes]:
    return lambda root: _output(counterpart("gtar", "tar", version="GNU tar"), f"--format={form}", root)


def _bsd(form: str) -> Callable[[Path], bytes]:
    return lambda root: _output(counterpart("bsdtar"), f"--format={form}", root)


def _output(program: str, form: str, root: Path) -> bytes:
    """Pack a tree; names that a format cannot hold are left out by the program itself, which then exits nonzero."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    command = [program, form, "-cf", "-", "-C", str(root), "."]
    return subprocess.run(command, capture_output=True, check=False, env=environment).stdout


def _python(form: str) -> Callable[[Path], bytes]:
    def pack(root: Path) -> bytes:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=FORMS[form]) as archive:
            for path in sorted(root.rglob("*")):
                with suppress(ValueError):  # a name that the format cannot hold
                    archive.add(path, path.relative_to(root).as_posix(), recursive=False)
        return packed.getvalue()

    return pack


WRITERS = {
    **{f"GNU tar, {form}": _gnu(form) for form in ("gnu", "oldgnu", "posix", "ustar", "v7")},
    **{f"bsdtar, {form}": _bsd(form) for form in ("gnutar", "pax", "ustar", "v7")},
    **{f"Python, {form}": _python(form) for form in FORMS},
}


def _as_python_reads(data: bytes) -> list[Row]:
    rows = []
    with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape") as archive:
        for info in archive:
            kind = (
                MemberKind.FILE
                if info.isreg()
                else MemberKind.DIRECTORY
                if info.isdir()
                else MemberKind.LINK
                if info.islnk() or info.issym()
                else MemberKind.SPECIAL
            )
            file = archive.extractfile(info) if info.isreg() else None
            rows.append((info.name.rstrip("/"), info.size if file else 0, kind, file.read() if file else b""))
    return rows


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES)
@pytest.mark.slow
def test_both_readers_see_the_same_members_at_any_chunk_size(writer: Callable[[Path], bytes], tree: Tree) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _grow(root, tree)
        data = writer(root)
    read = read_tar(data)
    assert read.fault is None
    assert read.terminated
    assert read.trailing == 0
    assert [(path.rstrip("/"), *rest) for path, *rest in read.rows] == _as_python_reads(data)
    assert all(read_tar(data, chunk) == read for chunk in (1, 7, 512))


@settings(max_examples=100)
@given(data=st.data(), spoilt=st.lists(st.tuples(st.integers(0, 5119), st.integers(1, 255)), min_size=1, max_size=3))
def test_damage_raises_nothing_but_faults(data: st.DataObject, spoilt: list[tuple[int, int]]) -> None:
    packed = io.BytesIO()
    form = data.draw(st.sampled_from(sorted(FORMS.values())))
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for name in ("é" * 60 if form != tarfile.USTAR_FORMAT else "e", "next"):
            info = tarfile.TarInfo(name)
            info.size = 600
            archive.addfile(info, io.BytesIO(bytes(600)))
    damaged = bytearray(packed.getvalue()[: data.draw(st.integers(1, 6000))])
    for at, bits in spoilt:
        damaged[at % len(damaged)] ^= bits
    read = read_tar(bytes(damaged))
    if read.fault:
        assert read.fault.kind in {"tar-corrupt", "tar-cut", "budget-exceeded"}
    assert read == read_tar(bytes(damaged), 7)
