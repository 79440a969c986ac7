"""Bytes come from files, standard input and file objects alike, and errors say why one cannot be read."""

import io
from pathlib import Path

import pytest

from hcfmt.container import Budget
from hcfmt.container.source import open_source
from hcfmt.errors import Fault, UsageError


class Failing(io.BytesIO):
    """A stream on a disk that fails."""

    def read1(self, _: int | None = None, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_file_is_read_whole_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(600_000))
    source = open_source(str(tmp_path / "a"), Budget())
    assert source is not None
    assert source.size == 600_000
    assert [len(chunk) for chunk in source.chunks()] == [262_144, 262_144, 75_712]
    assert source.bytes_read == 600_000
    source.close()
    with pytest.raises(ValueError, match="closed"):
        next(source.chunks())


def test_standard_input_is_read_and_stays_open() -> None:
    stdin = io.BytesIO(b"abc")
    source = open_source("-", Budget(), stdin)
    assert source is not None
    assert source.size is None
    assert list(source.chunks()) == [b"abc"]
    source.close()
    assert not stdin.closed


def test_a_file_that_is_redirected_to_standard_input_has_a_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with (tmp_path / "a").open("rb") as stdin:
        source = open_source("-", Budget(), stdin)
    assert source is not None
    assert source.size == 3


def test_a_device_has_no_size() -> None:
    source = open_source("/dev/null", Budget())
    assert source is not None
    assert source.size is None
    assert list(source.chunks()) == []
    source.close()


def test_a_directory_has_no_source(tmp_path: Path) -> None:
    assert open_source(str(tmp_path), Budget()) is None


def test_the_error_of_a_missing_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing: cannot be read: No such file or directory\."):
        open_source(str(tmp_path / "missing"), Budget())


def test_a_missing_standard_input_is_an_error() -> None:
    with pytest.raises(UsageError, match="no standard input"):
        open_source("-", Budget())


def test_a_failing_stream_is_an_error() -> None:
    source = open_source("-", Budget(), Failing())
    assert source is not None
    with pytest.raises(UsageError, match="Input/output error"):
        next(source.chunks())


def test_time_is_spent_with_every_chunk() -> None:
    source = open_source("-", Budget(expired=lambda: True), io.BytesIO(b"abc"))
    assert source is not None
    with pytest.raises(Fault, match="--max-seconds"):
        next(source.chunks())
