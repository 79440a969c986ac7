"""One server at a time opens a kept store; the end of its process releases the store."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hcfmt import container
from hcfmt.errors import UsageError
from hcfmt.server.store import open_store
from hcfmt.server.store.lock import SUFFIX, lock
from tests.support.store_exports import members, user, write_tar

SERVE = """
import sys
from hcfmt.server.store import open_store
with open_store(sys.argv[1], store_path=sys.argv[2]) as store:
    store.put_document("token", "a", 1)
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def tar(tmp_path: Path) -> str:
    return write_tar(tmp_path / "a.tar", members([user(1)]))


def test_a_store_is_opened_once_at_a_time(tar: str, tmp_path: Path) -> None:
    store_path = str(tmp_path / "kept")
    for _ in range(2):
        with open_store(tar, store_path=store_path) as store:
            with pytest.raises(UsageError, match=r"kept: is in use: another server"):
                open_store(tar, store_path=store_path)
            store.put_document("token", "a", 1)


def test_a_store_is_locked_while_it_is_loaded(tar: str, tmp_path: Path) -> None:
    store_path = str(tmp_path / "kept")

    def watch(_: container.Archive) -> Callable[[str], None]:
        with pytest.raises(UsageError, match="is in use"):
            open_store(tar, store_path=store_path)
        return lambda _path: None

    open_store(tar, store_path=store_path, watch=watch).close()


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that ends a process at once")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_releases_its_store(tar: str, tmp_path: Path, end: signal.Signals) -> None:
    store_path = str(tmp_path / "kept")
    command = [sys.executable, "-c", SERVE, tar, store_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(UsageError, match="is in use"):
            open_store(tar, store_path=store_path)
        process.send_signal(end)
    with open_store(tar, store_path=store_path) as store:
        assert store.document("token", "a") == 1


def test_a_refused_opening_releases_the_store(tar: str, tmp_path: Path) -> None:
    store_path = str(tmp_path / "kept")
    other = write_tar(tmp_path / "b.tar", members([user(2)]))
    open_store(tar, store_path=store_path).close()
    with pytest.raises(UsageError, match="another archive"):
        open_store(other, store_path=store_path)
    open_store(tar, store_path=store_path).close()


def test_another_file_at_the_lock_s_path_is_reported_and_unchanged(tmp_path: Path) -> None:
    beside = tmp_path / f"kept{SUFFIX}"
    beside.write_bytes(b"a diary" * 1000)
    with pytest.raises(UsageError, match=r"kept\.lock: cannot be locked"):
        lock(tmp_path / "kept")
    assert beside.read_bytes() == b"a diary" * 1000


def test_no_lock_file_is_created_for_a_file_that_is_no_store(tar: str, tmp_path: Path) -> None:
    (tmp_path / "diary").write_bytes(b"a diary")
    with pytest.raises(UsageError, match="no store"):
        open_store(tar, store_path=str(tmp_path / "diary"))
    assert not (tmp_path / f"diary{SUFFIX}").exists()
