"""Several processes load the same store as one process; errors of a worker are raised by its parent."""

import gc
import multiprocessing
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hcfmt.container import Budget
from hcfmt.errors import Fault, UsageError
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.server.store import Chat, Store, archive_source, loader, open_store
from hcfmt.server.store.worker_processes import Job, _send_outcome, is_orphan, start_workers
from tests.support.store_exports import (
    FORMS,
    Archive,
    export_of,
    ids,
    members,
    private_message,
    room,
    room_message,
    secret,
    user,
    uuid,
    write_tar,
)

ROOMS = range(1, 9)
MESSAGES = {
    f"rooms/{number}": [("UserMessage", room_message(at + 100 * number, at)) for at in range(5)] for number in ROOMS
}
PRIVATE = {"users/1": [("PrivateUserMessage", private_message(at, 1, 1 + at % 2, at)) for at in range(9)]}
LIMITED = Budget(expired=lambda: False)  # as the command has it, and nothing that goes to another process
FILES = members([user(1), user(2)], [room(number) for number in ROOMS], MESSAGES | PRIVATE)


@pytest.fixture(autouse=True)
def every_archive_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_source, "_LARGE", 0)


@pytest.fixture(autouse=True)
def garbage_is_collected_afterwards() -> Iterator[None]:
    yield
    gc.enable()  # which a worker's function turns off in this process


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def everything(store: Store) -> tuple[Any, ...]:
    """Return what a store holds, as far as anybody can ask for it."""
    chats = [Chat(room=record["id"]) for record in store.rooms(size=10**6, archived=True, deleted=True)]
    users = [record["id"] for record in store.users(size=10**6, guests=True, deleted=True)]
    chats += [Chat(owner=owner, peer=peer) for owner in users for peer in users]
    pages = [(ids(store, chat), ids(store, chat, deleted=False), store.last_time(chat)) for chat in chats]
    found = [store.message(chat, uuid(number)) is not None for chat in chats for number in ids(store, chat)]
    return export_of(store), store.omissions, pages, found


@pytest.mark.parametrize("form", [form for form in FORMS if form])
def test_several_processes_load_the_same_store_as_one(form: str, archive: Archive, tmp_path: Path) -> None:
    path, calls = archive(form), Counter[str]()

    def password() -> bytes:
        calls["password"] += 1
        return secret()

    with open_store(path, password=password) as store:
        alone = everything(store)
    for store_path in (None, str(tmp_path / "kept")):
        calls.clear()
        with open_store(path, store_path=store_path, password=password, budget=LIMITED, jobs=3) as store:
            assert everything(store) == alone
        assert calls["password"] == form.endswith(".aes")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "kept.lock"]


UNSOUND = {
    "README": b"",
    "rooms/3/history.json": FILES["rooms/3/history.json"].replace(b"000001", b"x"),
    "./rooms/4/history.json": FILES["rooms/5/history.json"],
    "rooms/6/history.json": FILES["rooms/6/history.json"].replace(uuid(601).encode(), uuid(602).encode()),
    "rooms/7/history.json": b"5",
    "rooms/8/history.json": b"[]",
    "rooms/99/history.json": FILES["rooms/1/history.json"],
    f"rooms/{SAFE_INTEGER + 1}/history.json": FILES["rooms/1/history.json"],
    "other/users.json": FILES["users.json"],
    "other/rooms/1/history.json": FILES["rooms/2/history.json"],
    "rooms/1/files/x/y": b"a file",
}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.slow
def test_several_processes_count_the_same_omissions_as_one(order: int, tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", dict(list((FILES | UNSOUND).items())[::order]))
    with open_store(path) as store:
        alone = everything(store)
        assert len(store.omissions) >= 7
    for jobs in (2, 3, 20):
        with open_store(path, jobs=jobs) as store:
            assert everything(store) == alone


@pytest.mark.parametrize("jobs", [2, 3])
def test_a_reset_deletes_all_writes_to_a_merged_store(jobs: int, tmp_path: Path) -> None:
    with open_store(write_tar(tmp_path / "a.tar", FILES), jobs=jobs) as store:
        before = everything(store)
        for number in ROOMS:
            store.append([Chat(room=number)], "UserMessage", room_message(7_000 + number), time=0)
        assert everything(store) != before
        store.reset()
        assert everything(store) == before


def test_a_limit_that_only_a_worker_reaches_is_reported(tmp_path: Path) -> None:
    crowd = {"users/1": [("PrivateUserMessage", private_message(at, 1, at)) for at in range(1, 9)]}
    files = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1, message="x" * 9_000))]} | crowd)
    path = write_tar(tmp_path / "a.tar", files)
    with pytest.raises(Fault, match="references"):
        open_store(path, budget=Budget(references=5), jobs=2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_truncated_archive_is_refused_by_several_processes_too(jobs: int, tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", FILES)
    Path(path).write_bytes(Path(path).read_bytes()[:-2_000])
    with pytest.raises(Fault) as caught:
        open_store(path, store_path=str(tmp_path / "kept"), jobs=jobs)
    assert caught.value.defect.kind == "tar-cut"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "kept.lock"]


def test_several_processes_also_refuse_an_archive_with_several_exports(tmp_path: Path) -> None:
    files = {directory + path: data for directory in ("a/", "b/") for path, data in FILES.items()}
    with pytest.raises(UsageError, match="Several directories"):
        open_store(write_tar(tmp_path / "a.tar", files), jobs=2)


def job(path: str, **changes: Any) -> Job:  # noqa: ANN401 - handed on
    return Job(
        **{
            "archive": path,
            "password": None,
            "digests": (),
            "budget": Budget(expired=is_orphan),
            "partitions": 2,
            **changes,
        }
    )


def test_a_killed_worker_is_reported(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", FILES)
    with start_workers(job(path), tmp_path / "store") as (worker,), closing(sqlite3.connect(":memory:")) as db:
        worker.process.kill()  # long before it can be done: it has not imported anything yet
        with pytest.raises(RuntimeError, match="was killed"):
            worker.merge(db, LIMITED)
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar"]


def test_waiting_for_a_worker_ends_at_the_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hcfmt.server.store.worker_processes._POLL", 0)
    path = write_tar(tmp_path / "a.tar", FILES)
    with (
        start_workers(job(path), tmp_path / "store") as (worker,),
        closing(sqlite3.connect(":memory:")) as db,
        pytest.raises(Fault, match="seconds"),
    ):
        worker.merge(db, Budget(expired=lambda: True))


def test_an_interrupt_ends_the_workers_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    path = write_tar(tmp_path / "a.tar", FILES)
    monkeypatch.setattr(loader.Loader, "load", interrupt)
    with pytest.raises(KeyboardInterrupt):
        open_store(path, store_path=str(tmp_path / "kept"), jobs=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "kept.lock"]


def outcome(work: Job, path: Path) -> object:
    """Do a helper's work in this process, and return what it sends."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    with receiver, sender:
        _send_outcome(work, 1, str(path), sender)
        return receiver.recv()


class EndedProcess:
    """A process that has ended."""

    def is_alive(self) -> bool:
        return False


def test_a_worker_ends_when_its_parent_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = job(write_tar(tmp_path / "a.tar", FILES))
    assert outcome(work, tmp_path / "first") == Counter()
    monkeypatch.setattr(multiprocessing, "parent_process", EndedProcess)
    assert isinstance(outcome(work, tmp_path / "second"), Fault)


def test_a_worker_without_a_receiver_raises_nothing(tmp_path: Path) -> None:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    receiver.close()
    with sender:
        _send_outcome(job(write_tar(tmp_path / "a.tar", FILES)), 1, str(tmp_path / "first"), sender)
    with closing(sqlite3.connect(tmp_path / "first")) as db:
        assert db.execute("SELECT count(*) FROM history").fetchone() == (len(ROOMS) // 2,)


def test_an_unexpected_error_of_a_worker_is_reported_without_its_message(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    sent = outcome(job(write_tar(tmp_path / "a.tar", FILES)), tmp_path / "taken")
    assert (type(sent), str(sent)) == (RuntimeError, "FileExistsError")
