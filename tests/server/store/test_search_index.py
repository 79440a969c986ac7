"""Blocks of messages: where they begin and end, and what is noted of records that are no messages."""

import pytest

from hcfmt.server.store import Chat, Store, search_index
from hcfmt.server.store.search_index import Block
from tests.support.store_exports import FIRST, members, room, room_message, store_of, user

ROOM = Chat(room=7)


def texts_of(store: Store, block: Block) -> list[str]:
    return [found.message.record["message"] for found in store.finder.messages(block)]


@pytest.fixture
def _blocks_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "BLOCK", 3)


@pytest.mark.usefixtures("_blocks_of_three")
def test_a_block_holds_messages_of_one_history_that_follow_each_other() -> None:
    histories = {
        f"rooms/{number}": [("UserMessage", room_message(at, at, message=f"m{at} r{number}")) for at in range(count)]
        for number, count in ((7, 7), (8, 2))
    }
    with store_of(members([user(1)], [room(7), room(8)], histories)) as store:
        blocks = store.finder.blocks([], ["m"])
        assert sorted(texts_of(store, block) for block in blocks) == [
            ["m0 r7", "m1 r7", "m2 r7"],
            ["m0 r8", "m1 r8"],
            ["m3 r7", "m4 r7", "m5 r7"],
            ["m6 r7"],
        ]
        assert [block.newest - FIRST for block in blocks] == [6, 5, 2, 1]
        assert [block.oldest - FIRST for block in blocks] == [6, 3, 0, 0]
        assert [texts_of(store, block) for block in store.finder.blocks(["m4"], ["r"])] == [["m3 r7", "m4 r7", "m5 r7"]]
        assert [texts_of(store, block) for block in store.finder.blocks(["m1"], [], Chat(room=8))] == [
            ["m0 r8", "m1 r8"]
        ]
        assert store.finder.blocks(["m1", "m4"], []) == store.finder.blocks(["nothing"], []) == []


@pytest.mark.usefixtures("_blocks_of_three")
def test_a_message_that_is_no_message_of_the_store_is_in_no_block() -> None:
    records = [("UserMessage", room_message(at % 4, at, message=f"w{at}")) for at in range(6)]
    records[2:2] = [("Unknown", {}), ("UserMessage", {"id": "x"})]
    with store_of(members([user(1)], [room(7)], {"rooms/7": records})) as store:
        assert [texts_of(store, block) for block in store.finder.blocks([], ["w"])] == [["w3"], ["w0", "w1", "w2"]]
        assert store.finder.blocks(["w4"], []) == []
