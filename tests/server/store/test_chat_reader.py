"""Chats by rank, with their counts, equal what a sorted list of the same messages says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.server.store import Chat, chat_reader
from hcfmt.server.store.chat_reader import ChatSummary
from tests.support.store_exports import (
    FIRST,
    members,
    number,
    private_message,
    room,
    room_message,
    store_of,
    user,
    uuid,
    write_everything,
)

ROOM = Chat(room=7)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 5), max_size=8), st.integers(0, 9), st.integers(0, 9))
def test_ranks_are_the_order_of_time(times: list[int], first: int, size: int) -> None:
    history = [("UserMessage", room_message(at, time)) for at, time in enumerate(times)]
    order = [at for _, at in sorted((time, at) for at, time in enumerate(times))]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        page = store.chats.by_rank(ROOM, first, size, 1 << 20)
        assert [number(message.record) for message in page] == order[first : first + size]
        assert [store.chats.rank_of(ROOM, uuid(at)) for at in order] == list(range(len(times)))
        for time in range(7):
            assert store.chats.rank_at(ROOM, FIRST + time) == sum(sent < time for sent in times)
        summary = [ChatSummary(7, None, None, FIRST + min(times), FIRST + max(times), len(times))] if times else []
        assert store.chats.summaries() == summary


def test_a_page_ends_with_the_message_that_makes_it_too_large() -> None:
    history = [("UserMessage", room_message(at, at, message="x" * 1_000)) for at in range(5)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        counts = [len(store.chats.by_rank(ROOM, 1, 9, most)) for most in (0, 1, 2_000, 1 << 20)]
    assert counts == [1, 1, 2, 4]


def test_the_longer_history_of_a_pair_is_chosen() -> None:
    history = [("PrivateUserMessage", private_message(at, 1, 2, at)) for at in range(2)]
    with store_of(members([user(1), user(2), user(3)], [], {"users/1": history[:1], "users/2": history})) as store:
        assert store.chats.pair(1, 2) == store.chats.pair(2, 1) == Chat(owner=2, peer=1)
        assert store.chats.pair(3, 1) == Chat(owner=3, peer=1)


def test_written_messages_and_files_are_read() -> None:
    with store_of(members([user(1)], [room(7)])) as store:
        write_everything(store)
        (made, *_) = [summary for summary in store.chats.summaries() if summary.room]
        (message, *_) = store.chats.by_rank(Chat(room=made.room), 0, 1, 1 << 20)
        path = f"rooms/{made.room}/files/{message.record['attachment']['path']}"
        stored = store.chats.files([path, "no such file"])
        assert (made.messages, list(stored)) == (4, [path])
        assert store.chats.image_size(stored[path]) == (1, 1)


def test_all_files_of_the_archive_are_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_reader, "_FILES", 2)
    paths = [f"rooms/7/files/d/{at}.txt" for at in (3, 1, 2)]
    with store_of(members([user(1)], [room(7)], {}, dict.fromkeys(paths, b"x"))) as store:
        store.put_room_avatar(7, "png", b"of the server alone")
        assert [file.path for file in store.chats.all_files()] == paths
