"""A reset brings back what the archive had, whatever was written."""

import pytest

from hcfmt.server.store import Chat, Store, Upload, open_store
from tests.server.store.conftest import Archive
from tests.server.store.exports import exported, ids, members, room, room_message, stored, user, uuid
from tests.server.store.test_exporter import changes


def test_after_a_reset_the_store_is_as_it_was_filled(archive: Archive) -> None:
    with open_store(archive()) as store:
        before = exported(store)
        for _ in range(2):
            changes(store)
            store.put_document("token", "a", 1)
            store.add_document("webhook", {})
            assert exported(store) != before
            store.reset()
            assert exported(store) == before
            assert store.documents("token") == store.documents("webhook") == {}
            assert store.add_document("webhook", {}) == 1


def test_what_is_written_after_a_reset_is_all_there_is() -> None:
    with stored(members([user(1)], [room(7)], {"rooms/7": [("UserMessage", room_message(1))]})) as store:
        chat = Chat(room=7)
        for at in (2, 3):
            store.append(chat, "UserMessage", {**room_message(0), "id": uuid(at)}, time=0)
            assert ids(store, chat) == [at, 1]
            store.reset()
        assert ids(store, chat) == [1]
        assert store.message(chat, uuid(2)) is None


def test_a_file_that_a_reset_deletes_is_an_error_for_those_who_read_it() -> None:
    with stored(members([user(1)], [room(7)])) as store:
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


def test_a_reset_in_a_transaction_that_fails_does_not_happen() -> None:
    with stored(members([user(1)])) as store:
        store.add_user(user(0))
        with pytest.raises(ZeroDivisionError):
            fail(store)
        assert len(store.users()) == 2
