"""Pages of histories, at any depth and within any bounds, equal slices of a sorted list of the same messages."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.export import slices
from hcfmt.export.slices import Slicer
from hcfmt.server.store import Chat, loader, messages
from tests.support.store_exports import (
    FIRST,
    ids,
    members,
    number,
    private_message,
    room,
    room_message,
    store_of,
    user,
    uuid,
)

ROOM = Chat(room=7)
PAIRS = [Chat(owner=1, peer=2), Chat(owner=1, peer=1), Chat(owner=2, peer=1)]
MICROS = st.integers(0, 12)  # few times, so that many messages share them
Messages = list[tuple[int, bool, int]]  # microseconds after FIRST, whether it is deleted, the peer


def files(sent: Messages) -> dict[str, bytes]:
    """Return an export with the same messages in a room, and in user 1's history with users 1 and 2."""
    in_room = [
        ("UserMessage", room_message(at, micros, deleted=is_deleted)) for at, (micros, is_deleted, _) in enumerate(sent)
    ]
    private = [
        (
            "PrivateUserMessage",
            private_message(at, peer if at % 2 else 1, 1 if at % 2 else peer, micros, deleted=is_deleted),
        )
        for at, (micros, is_deleted, peer) in enumerate(sent)
    ]
    return members([user(1), user(2)], [room(7)], {"rooms/7": in_room, "users/1": private})


def expected(
    sent: Messages,
    chat: Chat,
    *,
    deleted: bool = True,
    newest: int | None = None,
    oldest: int | None = None,
    start: int = 0,
    size: int = 10**6,
) -> list[int]:
    """Return the numbers of the messages of a page, by sorting and slicing a list."""
    rows = [
        (FIRST + micros, at)
        for at, (micros, is_deleted, peer) in enumerate(sent)
        if (deleted or not is_deleted) and (chat.room or (chat.owner == 1 and peer == chat.peer))
    ]
    rows = [row for row in sorted(rows) if (newest is None or row[0] < newest) and (oldest is None or row[0] >= oldest)]
    return [at for _, at in rows[::-1][start : start + size]]


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make slices so small that a few messages fill one."""
    monkeypatch.setattr(slices, "SLICE", 300)
    # A slice has at least one chunk, and chunks are large.
    monkeypatch.setattr(
        loader, "Slicer", lambda path, layout, chunks, budget: Slicer(path, layout, cut(chunks), budget)
    )


def cut(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return (chunk[at : at + 64] for chunk in chunks for at in range(0, len(chunk), 64))


pages = st.fixed_dictionaries(
    {"start": st.integers(0, 70), "size": st.integers(0, 70), "deleted": st.booleans()},
    optional={"newest": st.integers(FIRST - 2, FIRST + 15), "oldest": st.integers(FIRST - 2, FIRST + 15)},
)
message_lists = st.lists(st.tuples(MICROS, st.booleans(), st.sampled_from([1, 2])), max_size=60)


@settings(max_examples=60)
@given(message_lists, st.booleans(), st.lists(pages, min_size=8, max_size=8))
def test_any_page_equals_a_slice_of_a_sorted_list(
    sent: Messages,
    is_sorted: bool,  # noqa: FBT001 - an argument of Hypothesis
    requests: list[dict[str, Any]],
) -> None:
    sent = sorted(sent, key=lambda message: message[0]) if is_sorted else sent
    with store_of(files(sent)) as store:
        for chat in (ROOM, *PAIRS):
            for page in requests:
                bounds = {name: page[name] for name in ("newest", "oldest", "deleted") if name in page}
                assert ids(store, chat, **page) == expected(sent, chat, **page)
                assert store.count_history(chat, **bounds) == len(expected(sent, chat, **bounds))


@settings(max_examples=40)
@given(message_lists.filter(bool), st.data())
def test_the_latest_messages_go_back_to_the_given_id(sent: Messages, data: st.DataObject) -> None:
    deleted, size = data.draw(st.booleans()), data.draw(st.integers(0, 70))
    with store_of(files(sent)) as store:
        in_order = expected(sent, ROOM)
        at = data.draw(st.integers(0, len(in_order) - 1))
        latest = [index for index in in_order[: at + 1] if deleted or not sent[index][1]][:size]
        found = store.latest(ROOM, size=size, not_before=uuid(in_order[at]).upper(), deleted=deleted)
        assert found is not None
        assert [number(message.record) for message in found] == latest
        assert [number(message.record) for message in store.latest(ROOM) or []] == in_order[:75]


@settings(max_examples=20)
@given(message_lists)
def test_every_message_is_found_by_its_id_in_its_own_chats_only(sent: Messages) -> None:
    with store_of(files(sent)) as store:
        for at, (micros, _, peer) in enumerate(sent):
            message = store.message(ROOM, uuid(at))
            assert message is not None
            assert (message.kind, message.time, number(message.record)) == ("UserMessage", FIRST + micros, at)
            found = [store.message(pair, uuid(at)) is not None for pair in PAIRS]
            assert found == [pair.owner == 1 and pair.peer == peer for pair in PAIRS]
        assert store.message(ROOM, uuid(len(sent))) is None


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 20), MICROS, st.sampled_from([1, 2])), max_size=60))
def test_of_messages_with_one_id_the_first_is_served_in_any_chat(sent: list[tuple[int, int, int]]) -> None:
    private = [("PrivateUserMessage", private_message(name, 1, peer, micros)) for name, micros, peer in sent]
    first = {name: (micros, at, peer) for at, (name, micros, peer) in reversed(list(enumerate(sent)))}
    with store_of(members([user(1), user(2)], [], {"users/1": private})) as store:
        for peer in (1, 2):
            in_order = sorted((micros, at, name) for name, (micros, at, to) in first.items() if to == peer)
            assert ids(store, Chat(owner=1, peer=peer)) == [name for _, _, name in reversed(in_order)]
        repeated = len(sent) - len(first)
        assert store.omissions == ({"messages with a repeated id": repeated} if repeated else {})


@pytest.mark.parametrize("key", ["", "1", "no id at all", "x" * 36, uuid(0) + "0"])
def test_text_that_is_no_uuid_finds_no_message(key: str) -> None:
    with store_of(files([(1, False, 2)])) as store:
        assert store.message(ROOM, key) is None
        assert store.latest(ROOM, not_before=key) is None


def test_a_chat_without_messages_is_empty() -> None:
    with store_of(files([])) as store:
        for chat in (ROOM, Chat(room=99), Chat(owner=1, peer=2), Chat(owner=1 << 60, peer=-1)):
            assert store.history(chat) == []
            assert store.latest(chat) == []
            assert (store.count_history(chat), store.last_time(chat)) == (0, None)
        assert store.last_written(1) is None


def test_the_times_of_the_newest_messages_are_known() -> None:
    with store_of(files([(5, True, 2), (3, False, 1), (1, False, 2)])) as store:
        assert store.last_time(ROOM) == FIRST + 5
        assert store.last_time(Chat(owner=1, peer=1)) == FIRST + 3
        assert store.last_written(1) == FIRST + 5
        assert store.last_written(2) is None


def test_bounds_may_be_outside_of_the_calendar() -> None:
    with store_of(files([(1, False, 2)])) as store:
        assert ids(store, ROOM, newest=10**30, oldest=-(10**30)) == [0]
        assert ids(store, ROOM, newest=-(10**30)) == []


def steps_of(db: sqlite3.Connection, read: Callable[[sqlite3.Connection], object]) -> int:
    """Return the number of steps that SQLite takes to read something."""
    ticks: list[int] = []
    db.set_progress_handler(partial(ticks.append, 1), 1)
    read(db)
    db.set_progress_handler(None, 0)
    return len(ticks)


@pytest.mark.parametrize("deleted", [True, False])
def test_a_page_costs_the_same_at_any_depth(deleted: bool) -> None:  # noqa: FBT001 - pytest hands it on
    count = 4_000
    sent = [("UserMessage", room_message(at, at, deleted=100 < at < 2_000)) for at in range(count)]
    steps: list[int] = []
    with store_of(members([user(1)], [room(7)], {"rooms/7": sent})) as store:
        total = store.count_history(ROOM, deleted=deleted)
        for start, newest in ((0, None), (total // 2, None), (total - 20, None), (0, FIRST + 1_900), (0, FIRST + 60)):
            page = partial(
                messages.history, chat=ROOM, newest=newest, oldest=None, start=start, size=20, deleted=deleted
            )
            with store._reading() as db:  # noqa: SLF001 - where SQLite counts its steps
                steps.append(steps_of(db, page))
    assert min(steps) > 50
    assert max(steps) < 2 * min(steps) + 200


@pytest.mark.parametrize("written", [0, 500])
def test_a_message_is_found_by_its_id_in_as_many_steps_among_many_as_among_few(written: int) -> None:
    steps = []
    for count in (10, 4_000):
        sent = [("UserMessage", room_message(at, at)) for at in range(count)]
        with store_of(members([user(1)], [room(7)], {"rooms/7": sent})) as store:
            with store.transaction():
                for at in range(written):
                    store.append(ROOM, "UserMessage", room_message(10_000 + at), time=FIRST)
            for sought in (0, 5, count - 1, 10_000 + written - 1, 20_000):
                find = partial(messages.message, chat=ROOM, message_id=uuid(sought))
                with store._reading() as db:  # noqa: SLF001 - where SQLite counts its steps
                    steps.append(steps_of(db, find))
    assert max(steps) <= min(steps) + 20
