"""A reset restores the state of the archive, whatever was written."""

import pytest

from hcfmt.server.store import Chat, Store, Upload, open_store
from tests.support.store_exports import (
    Archive,
    export_of,
    ids,
    members,
    room,
    room_message,
    store_of,
    user,
    uuid,
    write_everything,
)


def test_a_reset_restores_the_state_of_the_archive(archive: Archive) -> None:
    with open_store(archive()) as store:
        before = export_of(store)
        for _ in range(2):
            write_everything(store)
            store.put_document("token", "a", 1)
            store.add_document("webhook", {})
            assert export_of(store) != before
            store.reset()
            assert export_of(store) == before
            assert store.documents("token") == store.documents("webhook") == {}
            assert store.add_document("webhook", {}) == 1


def test_writes_after_a_reset_start_from_the_archive() -> None:
    with store_of(members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1))]})) as store:
        chat = Chat(room=7)
        for at in (2, 3):
            store.append(chat, "UserMessage", {**room_message(0), "id": uuid(at)}, time=0)
            assert ids(store, chat) == [at, 1]
            store.reset()
        assert ids(store, chat) == [1]
        assert store.message(chat, uuid(2)) is None


def test_reading_a_file_that_a_reset_deleted_is_an_error() -> None:
    with store_of(members([user(1)], [room(7)])) as store:
        message = store.append(
            Chat(room=7), "UserMessage", room_message(2), time=0, upload=Upload("x", "", bytes(3 << 20), {})
        )
        file = store.file(f"rooms/7/files/{message.record['attachment']['path']}")
        assert file is not None
        parts = store.read_file(file)
        assert len(next(parts)) == 1 << 20
        store.reset()
        store.append(
            Chat(room=7), "UserMessage", room_message(3), time=0, upload=Upload("x", "", b"another's" * (1 << 20), {})
        )
        with pytest.raises(LookupError, match="gone"):
            next(parts)


def fail(store: Store) -> None:
    with store.transaction():
        store.reset()
        assert len(store.users()) == 1
        raise ZeroDivisionError


def test_a_failed_transaction_undoes_its_reset() -> None:
    with store_of(members([user(1)])) as store:
        store.add_user(user(0))
        with pytest.raises(ZeroDivisionError):
            fail(store)
        assert len(store.users()) == 2
