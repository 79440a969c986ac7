"""A store is private; a temporary store is deleted, a kept one opens again, with its archive and version only."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from hcfmt import container
from hcfmt.errors import Fault, HcfmtError, UsageError
from hcfmt.server.store import Chat, loader, open_store
from hcfmt.server.store.database import VERSION, connect
from tests.support.store_exports import (
    FORMS,
    Archive,
    export_of,
    ids,
    members,
    room,
    room_message,
    secret,
    user,
    uuid,
    write_tar,
)

EXPORT = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1))]})
ROOM = Chat(room=7)
PAGE = 8192  # bytes of a store's pages


def never() -> bytes:
    raise AssertionError("The password is not needed.")


@pytest.fixture
def tar(tmp_path: Path) -> str:
    return write_tar(tmp_path / "a.tar", EXPORT)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory in which temporary files are created."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


@pytest.fixture
def no_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no directory for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("no_temporary")
def test_without_a_temporary_directory_there_is_no_temporary_store(tar: str) -> None:
    with pytest.raises(UsageError, match="The temporary store: cannot be used: No such file or directory"):
        open_store(tar)


@pytest.mark.usefixtures("no_temporary")
def test_without_a_temporary_directory_a_kept_store_is_exported(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "long.tar", members([user(1, name="x" * 400_000)]))
    with open_store(path, store_path=str(tmp_path / "kept")) as store:
        assert len(export_of(store)["users.json"]) > 400_000


def test_a_temporary_store_is_private_and_deleted_when_closed(tar: str, temporary: Path) -> None:
    with open_store(tar) as store:
        store.add_user(user(0))
        (directory,) = temporary.iterdir()
        assert mode(directory) == 0o700
        assert {mode(path) for path in directory.iterdir()} == {0o600}
    assert list(temporary.iterdir()) == []
    store.close()


def test_a_kept_store_opens_again_with_all_writes(archive: Archive, tmp_path: Path) -> None:
    store_path, path = tmp_path / "kept", archive(".tar.gz.aes")
    with open_store(path, store_path=str(store_path), password=secret) as store:
        new_room = store.add_room(room(0))
        store.put_document("token", "x", [1])
        present, counted = export_of(store), store.omissions
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "kept.lock"]
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
    with open_store(path, store_path=str(store_path), password=never) as store:
        assert (export_of(store), store.omissions) == (present, counted)
        assert (store.room(new_room["id"]), store.document("token", "x")) == (new_room, [1])
        store.reset()
        assert store.room(new_room["id"]) is None


def test_a_kept_store_has_the_omissions_of_its_loading(tmp_path: Path) -> None:
    files = EXPORT | {"README": b"", "rooms/9/history.json": EXPORT["rooms/7/history.json"]}
    path, store_path = write_tar(tmp_path / "a.tar", files), str(tmp_path / "kept")
    for _ in range(2):
        with open_store(path, store_path=store_path) as store:
            assert store.omissions == {
                "members of unknown paths": 1,
                "histories of unknown rooms": 1,
                "messages of unknown rooms": 1,
            }


@pytest.mark.parametrize("form", FORMS)
def test_a_kept_store_opens_with_its_own_archive_only(archive: Archive, tmp_path: Path, form: str) -> None:
    store_path = str(tmp_path / "kept")
    open_store(archive(form), store_path=store_path, password=secret).close()
    open_store(archive(form), store_path=store_path, password=never).close()
    with pytest.raises(UsageError, match="another archive"):
        open_store(archive(form, seed=2), store_path=store_path, password=secret)
    open_store(archive(form), store_path=store_path, password=never).close()


def test_a_changed_directory_is_another_archive(archive: Archive, tmp_path: Path) -> None:
    tree, store_path = tmp_path / "tree", str(tmp_path / "kept")
    shutil.copytree(archive(""), tree)
    open_store(str(tree), store_path=store_path).close()
    (tree / "metadata.json").write_bytes(b'{"another": 1}')
    with pytest.raises(UsageError, match="another archive"):
        open_store(str(tree), store_path=store_path)


def test_one_byte_anywhere_makes_another_archive(archive: Archive, tmp_path: Path) -> None:
    path, store_path = tmp_path / "a.tar", str(tmp_path / "kept")
    data = Path(archive(".tar")).read_bytes()
    data += bytes((3 << 20) - len(data))  # larger than the probes of an encrypted file
    path.write_bytes(data)
    open_store(str(path), store_path=store_path).close()
    for at in range(512 * 7 + 5_000, len(data), 500_009):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(UsageError, match="another archive"):
            open_store(str(path), store_path=store_path)
    path.write_bytes(data)
    open_store(str(path), store_path=store_path).close()


@pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")
def test_a_store_is_in_use_under_all_of_its_names(tar: str, tmp_path: Path) -> None:
    store_path, link = tmp_path / "kept", tmp_path / "link"
    link.symlink_to(store_path)
    with open_store(tar, store_path=str(store_path)), pytest.raises(UsageError, match="in use"):
        open_store(tar, store_path=str(link))
    with open_store(tar, store_path=str(link)), pytest.raises(UsageError, match="in use"):
        open_store(tar, store_path=str(store_path))
    (tmp_path / "hard").hardlink_to(store_path)
    for path in (store_path, tmp_path / "hard"):
        with pytest.raises(UsageError, match="several names"):
            open_store(tar, store_path=str(path))


@pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")
def test_a_named_pipe_is_no_store_and_does_not_block(tar: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="no store"):
        open_store(tar, store_path=str(tmp_path / "pipe"))


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe with a name")
def test_an_archive_from_a_pipe_has_no_kept_store(tar: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    try:
        with pytest.raises(UsageError, match="a pipe can be read only once"):
            open_store(f"/dev/fd/{reading}", store_path=str(tmp_path / "kept"))
    finally:
        os.close(reading)
        os.close(writing)
    assert Path(tar).exists()


def test_a_store_inside_the_served_directory_is_refused(archive: Archive, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(archive(""), tree)
    before = sorted(tree.rglob("*"))
    with pytest.raises(UsageError, match="would write into an input"):
        open_store(str(tree), store_path=str(tree / "rooms" / ".." / "kept"))
    assert sorted(tree.rglob("*")) == before


@pytest.mark.parametrize("name", ["", "-", "/"])
def test_a_store_s_path_must_be_a_file_name(tar: str, name: str) -> None:
    with pytest.raises(UsageError):
        open_store(tar, store_path=name)


@pytest.mark.parametrize("content", [b"", b"a diary", b"SQLite format 3\0 and then something else" * 100])
def test_a_file_that_is_not_a_store_is_left_unchanged(tar: str, tmp_path: Path, content: bytes) -> None:
    store_path = tmp_path / "kept"
    store_path.write_bytes(content)
    with pytest.raises(UsageError, match="no store"):
        open_store(tar, store_path=str(store_path))
    assert store_path.read_bytes() == content


def test_another_database_is_left_unchanged(tar: str, tmp_path: Path) -> None:
    store_path = tmp_path / "kept"
    with closing(sqlite3.connect(store_path)) as db:
        db.execute("CREATE TABLE user (id)")
    before = store_path.read_bytes()
    with pytest.raises(UsageError, match="no store"):
        open_store(tar, store_path=str(store_path))
    assert store_path.read_bytes() == before


def test_a_store_of_another_version_is_refused(tar: str, tmp_path: Path) -> None:
    store_path = tmp_path / "kept"
    open_store(tar, store_path=str(store_path)).close()
    with closing(connect(store_path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(
        UsageError, match=f"has schema version {VERSION + 1}, and this version of hcfmt needs {VERSION}; delete it"
    ):
        open_store(tar, store_path=str(store_path))


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def spoil(path: Path, statement: str) -> None:
    with closing(connect(path)) as db:
        db.execute(statement)


def use(tar: str, store_path: str) -> None:
    with open_store(tar, store_path=store_path) as store:
        store.users()
        export_of(store)
        store.reset()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: overwrite(path, PAGE, b"\xff" * 300_000),
        lambda path: overwrite(path, PAGE * 2, bytes(300_000)),
        lambda path: overwrite(path, 100, b"\xff" * 100),
        lambda path: os.truncate(path, PAGE),
        lambda path: os.truncate(path, PAGE * 4 + 7),
        lambda path: spoil(path, "DROP TABLE info"),
        lambda path: spoil(path, "DROP TABLE message"),
        lambda path: spoil(path, "UPDATE info SET value = '{' WHERE key = 'omissions'"),
        lambda path: spoil(path, "DELETE FROM info WHERE key = 'omissions'"),
        lambda path: spoil(path, "UPDATE user SET record = x'ff00'"),
    ],
)
def test_a_damaged_store_is_reported_when_it_is_opened_or_used(
    tar: str, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    store_path = tmp_path / "kept"
    open_store(tar, store_path=str(store_path)).close()
    damage(store_path)
    with pytest.raises(UsageError) as caught:
        use(tar, str(store_path))
    assert str(caught.value).startswith(f"{store_path}: is damaged: ")
    assert str(caught.value).endswith("; delete it, and it is loaded again from the archive.")


def test_a_deleted_store_is_loaded_again_whatever_files_it_left(tar: str, tmp_path: Path) -> None:
    store_path, copies = tmp_path / "kept", {}
    with open_store(tar, store_path=str(store_path)) as store:
        store.append(ROOM, "UserMessage", room_message(2), time=0)
        copies = {path: path.read_bytes() for path in tmp_path.glob("kept-*")}
    assert copies
    store_path.unlink()
    for path, data in copies.items():
        path.write_bytes(data)
    with open_store(tar, store_path=str(store_path)) as store:
        assert ids(store, ROOM) == [1]


def test_damage_to_an_open_store_is_reported(tar: str, tmp_path: Path) -> None:
    store_path = tmp_path / "kept"
    with open_store(tar, store_path=str(store_path)) as store:
        overwrite(store_path, PAGE, b"\xff" * 300_000)
        with pytest.raises(UsageError, match="is damaged"):
            export_of(store)
        with pytest.raises(UsageError, match="is damaged"):
            store.add_user(user(0))


@pytest.mark.parametrize("name", ["missing/kept", "."])
def test_a_path_that_cannot_have_a_store_is_refused(tar: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        open_store(tar, store_path=str(tmp_path / name))


@pytest.mark.parametrize("store_path", [None, "kept"])
def test_standard_input_is_served_but_not_kept(tar: str, tmp_path: Path, store_path: str | None) -> None:
    path = None if store_path is None else str(tmp_path / store_path)
    with Path(tar).open("rb") as file:
        if path:
            with pytest.raises(UsageError, match="standard input"):
                open_store("-", store_path=path, stdin=file)
        else:
            with open_store("-", stdin=file) as store:
                assert ids(store, ROOM) == [1]


def test_a_truncated_archive_leaves_no_store(archive: Archive, tmp_path: Path, temporary: Path) -> None:
    path = tmp_path / "cut.tar.gz"
    path.write_bytes(Path(archive()).read_bytes()[:20_000])
    for store_path in (None, str(tmp_path / "kept")):
        with pytest.raises(Fault, match="cut short"):
            open_store(str(path), store_path=store_path)
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.tar.gz", "kept.lock", "temporary"]


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, sqlite3.OperationalError("database or disk is full"), OSError(28, "x")]
)
def test_an_interrupted_loading_leaves_no_file(
    tar: str, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(loader.Loader, "finish", fail)
    for store_path in (None, str(tmp_path / "kept")):
        with pytest.raises((HcfmtError, KeyboardInterrupt)):
            open_store(tar, store_path=store_path)
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "kept.lock", "temporary"]


LOAD = """
import os, signal, sys
from hcfmt.server.store import open_store, snapshot
snapshot.save = lambda db: os.kill(os.getpid(), signal.SIGKILL)
open_store(sys.argv[1], store_path=sys.argv[2])
"""
WRITE = """
import sys
from hcfmt.server.store import Chat, Upload, open_store
from tests.support.store_exports import room_message, uuid
with open_store(sys.argv[1], store_path=sys.argv[2]) as store:
    for at in range(2, 10**6):
        upload = Upload(f"{at}.txt", "text/plain", str(at).encode() * 1000, {})
        store.append(Chat(room=7), "UserMessage", {**room_message(0), "id": uuid(at)}, time=0, upload=upload)
        print(at, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that ends a process at once")
def test_a_killed_loading_starts_again(tar: str, tmp_path: Path) -> None:
    store_path = str(tmp_path / "kept")
    ended = subprocess.run([sys.executable, "-c", LOAD, tar, store_path], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob(".kept.*.part"))) == 1
    (tmp_path / ".kept.of-somebody-else.part").touch()
    with open_store(tar, store_path=store_path) as store:
        assert ids(store, ROOM) == [1]
    assert [path.name for path in tmp_path.glob(".kept.*")] == [".kept.of-somebody-else.part"]


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that ends a process at once")
def test_a_killed_store_opens_again_with_all_acknowledged_writes(tar: str, tmp_path: Path) -> None:
    store_path, done = str(tmp_path / "kept"), 1
    command = [sys.executable, "-c", WRITE, tar, store_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            done = int(line)
            if done == 60:
                process.kill()
    with open_store(tar, store_path=store_path) as store:
        found = ids(store, ROOM)[::-1]
        assert found == list(range(1, len(found) + 1))
        assert len(found) in (done, done + 1)
        for at in found[1:]:
            message = store.message(ROOM, uuid(at))
            assert message is not None
            file = store.file(f"rooms/7/files/{message.record['attachment']['path']}")
            assert file is not None
            assert b"".join(store.read_file(file)) == str(at).encode() * 1000
        assert len([path for path in export_of(store) if "/files/" in path]) == len(found) - 1


def test_watch_gets_the_archive_and_the_paths_of_its_members(tar: str) -> None:
    paths: list[str] = []

    def watch(archive: container.Archive) -> Callable[[str], None]:
        assert archive.size == Path(tar).stat().st_size
        return paths.append

    with open_store(tar, watch=watch):
        assert {"users.json", "rooms.json"} <= set(paths)
