"""An archive is read from a binary file object as from its path, whatever its layers are."""

import gzip
import io
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from hcfmt import PROFILES, Options, Report, generate, stats, validate
from hcfmt.container import open_archive
from hcfmt.errors import UsageError

PASSWORD = "hipchat"
SUFFIXES = [".tar", ".tar.gz", ".tar.gz.aes"]


class OnlyRead:
    """A file object that has the one method it must have, and returns few bytes at once."""

    def __init__(self, data: bytes) -> None:
        """Return the bytes given."""
        self._file = io.BytesIO(data)

    def read(self, size: int) -> bytes:
        return self._file.read(min(size, 4_999))


class Unseekable(io.BytesIO):
    """A stream in memory that is read once, from its start to its end."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation("seek")

    def tell(self) -> int:
        raise io.UnsupportedOperation("tell")


@contextmanager
def _in_memory(path: Path) -> Iterator[Any]:
    yield io.BytesIO(path.read_bytes())


@contextmanager
def _unseekable(path: Path) -> Iterator[Any]:
    yield Unseekable(path.read_bytes())


@contextmanager
def _minimal(path: Path) -> Iterator[Any]:
    yield OnlyRead(path.read_bytes())


@contextmanager
def _behind_other_bytes(path: Path) -> Iterator[Any]:
    file = io.BytesIO(b"other bytes" + path.read_bytes())
    file.seek(len(b"other bytes"))
    yield file


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        yield file


@contextmanager
def _unbuffered(path: Path) -> Iterator[Any]:
    with path.open("rb", buffering=0) as file:
        yield file


@contextmanager
def _from_a_pipe(path: Path) -> Iterator[Any]:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(path.read_bytes())

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reading, "rb") as file:
        yield file
    writer.join()


@contextmanager
def _in_a_zip(path: Path) -> Iterator[Any]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "inner")
    with zipfile.ZipFile(packed) as archive, archive.open("inner") as file:
        yield file


@contextmanager
def _in_a_gzip(path: Path) -> Iterator[Any]:
    with gzip.open(f"{path}.txt", "wb") as file:
        file.write(path.read_bytes())
    with gzip.open(f"{path}.txt", "rb") as file:
        yield file


Opening = Callable[[Path], Any]
OPENINGS: dict[str, Opening] = {
    "in memory": _in_memory,
    "without seek and tell": _unseekable,
    "with read alone": _minimal,
    "behind other bytes": _behind_other_bytes,
    "an opened file": _opened,
    "an unbuffered file": _unbuffered,
    "a pipe": _from_a_pipe,
    "a member of a ZIP file": _in_a_zip,
    "a decompressed file": _in_a_gzip,
}


@pytest.fixture(scope="module", params=SUFFIXES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("objects") / f"export{request.param}"
    generate(path, PROFILES["tiny"], password=PASSWORD)
    return path


def _content(report: Report) -> object:
    """Return a report without its input's name, and without the rule that judges the name."""
    ledger = [entry for entry in report.ledger if entry.code != "HC001"]
    return report.verdict, report.findings, report.totals, ledger, report.inventory


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_a_file_object_gets_the_report_of_its_path(archive: Path, opening: Opening) -> None:
    expected = validate(archive, Options(password=PASSWORD))
    with opening(archive) as file:
        report = validate(file, Options(password=PASSWORD))
        assert not getattr(file, "closed", False)
    assert _content(report) == _content(expected)


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_a_file_object_gets_the_numbers_of_its_path(archive: Path, opening: Opening) -> None:
    expected = stats(archive, Options(password=PASSWORD))
    with opening(archive) as file:
        counted = stats(file, Options(password=PASSWORD))
    for numbers in (expected, counted):
        numbers.pop("input")
    assert counted == expected


def test_a_file_object_is_read_to_its_end(archive: Path) -> None:
    file = io.BytesIO(archive.read_bytes())
    validate(file, Options(password=PASSWORD))
    assert file.tell() == archive.stat().st_size


@pytest.mark.parametrize("end", [100, 1_000, 10_000])
def test_a_file_object_that_is_cut_gets_the_report_of_a_file_that_is_cut(
    archive: Path, end: int, tmp_path: Path
) -> None:
    cut = tmp_path / archive.name
    cut.write_bytes(archive.read_bytes()[:end])
    report = validate(io.BytesIO(cut.read_bytes()), Options(password=PASSWORD))
    assert _content(report) == _content(validate(cut, Options(password=PASSWORD)))


def test_an_opened_file_has_its_path_for_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    generate("export.tar.gz", PROFILES["tiny"])
    Path("export.tar.gz").rename("export.tar")
    with Path("export.tar").open("rb") as file:
        report = validate(file)
    assert report == validate("export.tar")
    assert report.input == "export.tar"
    assert report.totals["HC001"]


@pytest.mark.parametrize(("opening", "name"), [(_in_memory, "<BytesIO>"), (_in_a_gzip, "<GzipFile>")])
def test_another_file_object_has_its_type_for_a_name(archive: Path, opening: Opening, name: str) -> None:
    with opening(archive) as file:
        assert validate(file, Options(password=PASSWORD)).input == name


def _closed() -> IO[bytes]:
    file = io.BytesIO(b"")
    file.close()
    return file


class Strings:
    """A text file of a library's own."""

    def read(self, _: int) -> str:
        return "text"


class NotReady(io.RawIOBase):
    """A stream that does not block and has no bytes yet."""

    def readable(self) -> bool:
        return True

    def readinto(self, _: object) -> None:
        return None


BINARY = 'open it in binary mode, as open(path, "rb") does.'
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (io.StringIO, f"<StringIO>: the file object is open in text mode: {BINARY}"),
    (Strings, f"<Strings>: the file object returns str, not bytes: {BINARY}"),
    (_closed, "<BytesIO>: the file object is closed: pass an open one."),
    (NotReady, "<NotReady>: the file object does not block and has no bytes yet: pass one that blocks."),
    (lambda: 5, "An archive is a path or a binary file object, not int."),
    (lambda: None, "An archive is a path or a binary file object, not NoneType."),
]


@pytest.mark.parametrize(("make", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_what_has_no_bytes_is_refused(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        validate(make())
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("r", f"export.tar: the file object is open in text mode: {BINARY}"),
        ("ab", f"export.tar: the file object is not open for reading: {BINARY}"),
    ],
)
def test_a_file_opened_otherwise_is_refused(
    mode: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("export.tar").write_bytes(b"")
    with Path("export.tar").open(mode) as file:
        untyped: Any = file
        with pytest.raises(UsageError) as caught:
            validate(untyped)
    assert str(caught.value) == sentence


def test_members_are_read_from_a_file_object(archive: Path) -> None:
    with open_archive(io.BytesIO(archive.read_bytes()), password=PASSWORD) as opened:
        paths = [member.path for member in opened.members()]
    assert opened.fault is None
    assert "users.json" in paths
