"""Many threads read and write one store: no write is lost, and none is visible in part."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

import pytest

from hcfmt.errors import UsageError
from hcfmt.server.store import Chat, Store, database, open_store
from hcfmt.server.store.database import connect
from tests.support.store_exports import FIRST, ids, members, room, room_message, store_of, user, uuid, write_tar

ROOM = Chat(room=7)
EXPORT = members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(0))]})


@pytest.fixture
def store() -> Iterator[Store]:
    with store_of(EXPORT) as opened:
        yield opened


def test_many_writers_and_readers_lose_no_write_and_see_no_incomplete_one(store: Store) -> None:
    workers, each = 8, 25
    begin = Barrier(workers)

    def work(worker: int) -> None:
        begin.wait()
        for at in range(each):
            number = 1 + worker * each + at
            with store.transaction():
                record = store.room(7) or {}
                store.put_room({**record, "topic": str(int(record["topic"] or 0) + 1)})
                store.append(ROOM, "UserMessage", {**room_message(0), "id": uuid(number)}, time=FIRST)
            page = store.history(ROOM, size=10**6)
            assert number in ids(store, ROOM)
            assert [message.time for message in page] == list(range(FIRST + len(page) - 1, FIRST - 1, -1))

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    assert sorted(ids(store, ROOM)) == list(range(workers * each + 1))
    assert (store.room(7) or {})["topic"] == str(workers * each)


def test_an_uncommitted_write_is_visible_to_its_writer_only(store: Store) -> None:
    with ThreadPoolExecutor(1) as pool, store.transaction():
        store.put_document("token", "a", 1)
        assert store.document("token", "a") == 1
        assert pool.submit(store.document, "token", "a").result() is None
    assert store.document("token", "a") == 1


def test_an_exception_undoes_all_writes_of_a_transaction(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.put_document("token", "a", 1)
            with store.transaction():
                store.put_document("token", "b", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.documents("token") == {}


def test_an_exception_in_an_inner_block_undoes_that_block_alone(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.put_document("token", "b", 1)
            raise ZeroDivisionError

    with store.transaction():
        store.put_document("token", "a", 1)
        with pytest.raises(ZeroDivisionError):
            fail()
        with pytest.raises(KeyError):
            store.put_room(room(99))
        store.put_document("token", "c", 1)
    assert list(store.documents("token")) == ["a", "c"]


def test_a_writer_waits_for_the_previous_one(store: Store) -> None:
    inside, leave = Event(), Event()

    def hold() -> None:
        with store.transaction():
            inside.set()
            leave.wait(60)
            store.put_document("token", "a", "first")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(hold)
        inside.wait(60)
        second = pool.submit(store.put_document, "token", "a", "second")
        assert not second.done()
        leave.set()
        first.result()
        second.result()
    assert store.document("token", "a") == "second"


def test_a_closed_store_raises_an_error(store: Store) -> None:
    store.put_document("token", "a", 1)
    store.close()
    store.close()
    with pytest.raises(UsageError, match="closed"):
        store.users()
    with pytest.raises(UsageError, match="closed"):
        store.put_document("token", "a", 2)


def test_a_reader_continues_after_the_store_is_closed(tmp_path: Path) -> None:
    store = open_store(write_tar(tmp_path / "a.tar", EXPORT), store_path=str(tmp_path / "kept"))
    entries = store.export()
    first = next(entries)
    store.close()
    assert first.path == "autojoins.json"
    assert "rooms/7/history.json" in [entry.path for entry in entries]


def test_only_a_few_idle_connections_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_MAX_IDLE", 2)
    together = Barrier(6)

    def read(_: int) -> None:
        entries = store.export()
        next(entries)
        together.wait(60)
        list(entries)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(read, range(6)))
    assert len(store._database._idle) <= 2  # noqa: SLF001 - what is kept cannot be seen from outside


def test_a_connection_checks_pages_and_runs_no_code_of_the_schema(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", EXPORT)
    open_store(path, store_path=str(tmp_path / "kept")).close()
    with closing(connect(tmp_path / "kept")) as db:
        pragmas = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("trusted_schema", "cell_size_check")}
        assert pragmas == {"trusted_schema": 0, "cell_size_check": 1}
        assert db.execute("PRAGMA mmap_size").fetchone()[0] == 0
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_an_old_sqlite_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(UsageError, match=r"SQLite 3\.35"):
        connect(tmp_path / "x")
