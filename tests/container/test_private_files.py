"""Temporary files are private, and deleted at their end or after their process was killed."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from hcfmt.container.private_files import (
    delete_leftovers,
    private_directory,
    private_file,
    temporary_directory,
    temporary_file,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs permissions and locks")

Make = Callable[[Path], AbstractContextManager[object]]
MAKERS: dict[str, Make] = {"file": temporary_file, "directory": temporary_directory}
every_kind = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
LEFTOVER = "hcfmt-0123456789abcdef.part"
# Makes a file and a directory and says so, with something in it, and then is killed or waits.
HOLD = """
import os, signal, sys
from pathlib import Path
from hcfmt.container.private_files import temporary_directory
from hcfmt.container.private_files import temporary_file
place = Path(sys.argv[1])
with temporary_file(place), temporary_directory(place) as directory:
    (directory / "deep").mkdir()
    (directory / "deep" / "secret").touch()
    print("created", flush=True)
    sys.stdin.read() if sys.argv[2:] else os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Have the umask take no permissions away."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_private_files_are_their_owners_alone(tmp_path: Path) -> None:
    private_directory(tmp_path / "a" / "b")
    private_directory(tmp_path / "a" / "b")
    with private_file(tmp_path / "a" / "b" / "c") as file:
        file.write(b"secret")
    assert [mode(tmp_path / path) for path in ("a", "a/b", "a/b/c")] == [0o700, 0o700, 0o600]
    with pytest.raises(FileExistsError):
        private_file(tmp_path / "a" / "b" / "c")


@every_kind
def test_temporary_files_are_private_and_deleted_at_the_end(tmp_path: Path, make: Make) -> None:
    with make(tmp_path):
        (path,) = tmp_path.iterdir()
        assert mode(path) in {0o600, 0o700}
    assert list(tmp_path.iterdir()) == []


@every_kind
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_temporary_files_are_deleted_after_an_error(tmp_path: Path, make: Make, error: type[BaseException]) -> None:
    with pytest.raises(error), make(tmp_path):
        raise error
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_during_deletion_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    delete, calls = Path.unlink, []

    def interrupted(path: Path) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise KeyboardInterrupt
        delete(path)

    monkeypatch.setattr(Path, "unlink", interrupted)
    with pytest.raises(KeyboardInterrupt), temporary_file(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


@every_kind
def test_leftovers_of_a_killed_process_are_deleted_by_the_next(tmp_path: Path, make: Make) -> None:
    done = subprocess.run([sys.executable, "-c", HOLD, tmp_path], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    with make(tmp_path):
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


def test_leftovers_are_deleted_without_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run([sys.executable, "-c", HOLD, tmp_path], check=False, capture_output=True)
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    delete_leftovers()
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_living_process_stay(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path), "and wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"created\n"
        paths = sorted(tmp_path.iterdir())
        assert len(paths) == 2
        with temporary_file(tmp_path), temporary_directory(tmp_path) as directory:
            assert set(paths) < set(tmp_path.iterdir())
        assert not directory.exists()
        assert sorted(tmp_path.iterdir()) == paths
    assert list(tmp_path.iterdir()) == []


def _others(path: Path) -> None:
    path.touch(0o644)


def _link(path: Path) -> None:
    path.symlink_to("file")


def _link_to_directory(path: Path) -> None:
    path.symlink_to("folder", target_is_directory=True)


def _pipe(path: Path) -> None:
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize("make", [_others, _link, _link_to_directory, _pipe])
def test_files_that_only_share_the_name_stay(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "file").touch(0o600)
    (tmp_path / "folder").mkdir(0o700)
    (tmp_path / "folder" / "within").touch(0o600)
    make(tmp_path / LEFTOVER)
    before = sorted(tmp_path.rglob("*"))
    with temporary_file(tmp_path):
        pass
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["hcfmt-0123.part", "hcfmt-0123456789abcdef.new", "x-hcfmt-0123456789abcdef.part"])
def test_files_with_another_name_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch(0o600)
    with temporary_file(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_leftovers_of_another_user_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / LEFTOVER).touch(0o600)
    monkeypatch.setattr(os, "geteuid", lambda: (tmp_path / LEFTOVER).stat().st_uid + 1)
    with temporary_file(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [LEFTOVER]


@every_kind
def test_without_locks_no_file_has_the_name_of_a_leftover(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", fail)
    (tmp_path / LEFTOVER).touch(0o600)
    with make(tmp_path):
        (other,) = {path.name for path in tmp_path.iterdir()} - {LEFTOVER}
        assert other.endswith(".new")
    assert [path.name for path in tmp_path.iterdir()] == [LEFTOVER]
