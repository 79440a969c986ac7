"""Tests of file permissions: only the owner can read what holds secrets, whatever the umask."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, archive, child, launched, run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs permissions")
WITH_PASSWORD = ("--password", PASSWORD)
TINY = ("--profile", "tiny")


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Set a umask that removes no permissions."""
    before = os.umask(0)
    yield
    os.umask(before)


def private(directory: Path) -> list[str]:
    """Return the paths below a directory; fail if anyone but the owner has permissions."""
    found = {}
    for path in sorted(directory.rglob("*")):
        with suppress(FileNotFoundError):  # renamed meanwhile
            found[path.relative_to(directory).as_posix()] = path.stat().st_mode & 0o777
    assert [name for name, mode in found.items() if mode & 0o077] == []
    return list(found)


@pytest.mark.parametrize(
    ("args", "files"),
    [
        (("decrypt", SAMPLE, "-o", "out", *WITH_PASSWORD), ["out"]),
        (("generate", "-o", "out.tar", *TINY, "--manifest", "out.json"), ["out.json", "out.tar"]),
        (
            ("break", SAMPLE, "--rule", "HC401", "-o", "out.tar", "--answers", "out.json", *WITH_PASSWORD),
            ["out.json", "out.tar"],
        ),
        (("anonymise", SAMPLE, "-o", "out.tar", *WITH_PASSWORD), ["out.tar"]),
        (("extract", SAMPLE, "out", *WITH_PASSWORD), None),
        (("export", SAMPLE, "out.sqlite", *WITH_PASSWORD), ["out.sqlite"]),
        (("corpus", "out", "--only", "hostile/*empty-tar*"), None),
        (("generate", "-o", "out/", *TINY), None),
        (("break", SAMPLE, "--rule", "HC401", "-o", "out/", *WITH_PASSWORD), None),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_only_the_owner_can_read_written_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: Sequence[str | Path], files: list[str] | None
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*args).err.endswith(".\n")
    found = private(tmp_path)
    assert found == files or (files is None and len(found) > 3)


def test_only_the_owner_can_read_an_encrypted_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain.tar.gz"
    assert run("decrypt", SAMPLE, "-o", plain, *WITH_PASSWORD).exit == 0
    assert run("encrypt", plain, *WITH_PASSWORD).exit == 0
    assert private(tmp_path) == ["plain.tar.gz", "plain.tar.gz.aes"]


def test_only_the_owner_can_read_a_decrypted_file_that_replaces_a_public_one(tmp_path: Path) -> None:
    (tmp_path / "out").touch(0o644)
    assert run("decrypt", SAMPLE, "-o", tmp_path / "out", "--force", *WITH_PASSWORD).exit == 0
    assert private(tmp_path) == ["out"]


def test_only_the_owner_can_read_temporary_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo", 0o600)
    with child("decrypt", tmp_path / "fifo", "-o", tmp_path / "out", *WITH_PASSWORD) as process:
        with (tmp_path / "fifo").open("wb", buffering=0) as feed:
            data = SAMPLE.read_bytes()
            feed.write(data[:-16])
            while len(private(tmp_path)) < 2:  # it comes: the password was found to be right
                assert process.poll() is None
            feed.write(data[-16:])
        assert process.wait() == 0
    assert private(tmp_path) == ["fifo", "out"]


SERVE = ("serve", "--tls", "--port", "0")


@pytest.mark.slow
def test_only_the_owner_can_read_the_files_of_a_server(tmp_path: Path) -> None:
    source, temporary = tmp_path / "source", tmp_path / "temporary"
    source.mkdir(0o700)
    temporary.mkdir(0o700)
    path = archive(source, "layers tar")
    path.chmod(0o600)
    code = f"import tempfile; tempfile.tempdir = {str(temporary)!r}; from hcfmt.cli import main; main()"
    for more in ((), ("--store", str(tmp_path / "kept"))):
        command = [sys.executable, "-c", code, *SERVE, str(path), *more]
        with launched(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            assert b"certificate" in process.stdout.readline()
            found = private(tmp_path)
            assert [name for name in found if name.endswith("/key.pem")]
            assert [name for name in found if name.endswith("/store" if not more else "kept")]
            process.kill()
    assert list(temporary.iterdir())
    with launched([sys.executable, "-c", code, *SERVE, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        process.terminate()
        assert process.wait() == 0
    assert list(temporary.iterdir()) == []  # what the killed ones left is gone too


def test_a_schema_may_be_read_by_everyone(tmp_path: Path) -> None:
    assert run("schema", "--output-dir", tmp_path / "out").exit == 0
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").rglob("*.json")} == {0o666}


def test_the_next_decryption_removes_the_files_of_a_killed_one(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo, 0o600)
    with (
        child("decrypt", fifo, "-o", tmp_path / "out", *WITH_PASSWORD) as process,
        fifo.open("wb", buffering=0) as feed,
    ):
        feed.write(SAMPLE.read_bytes()[:-16])
        while len(private(tmp_path)) < 2:
            assert process.poll() is None
        process.kill()
    assert len(private(tmp_path)) == 2
    assert run("decrypt", SAMPLE, "-o", tmp_path / "out", *WITH_PASSWORD).exit == 0
    assert private(tmp_path) == ["fifo", "out"]
