"""New messages are the last of their chats; a message and its file are written together or not at all."""

import json
from pathlib import Path

import pytest

from hcfmt.server.store import Chat, Record, Store, Upload
from tests.support.store_exports import (
    FIRST,
    ids,
    members,
    number,
    participant,
    private_message,
    room,
    room_message,
    store_of,
    user,
    uuid,
)

ROOM = Chat(room=7)
BOTH = (Chat(owner=1, peer=2), Chat(owner=2, peer=1))
MESSAGES = {
    "rooms/7": [("UserMessage", room_message(1, 9)), ("UserMessage", room_message(2, 3))],
    "users/1": [("PrivateUserMessage", private_message(3, 1, 2, 20))],
}
EXPORT = members([user(1), user(2)], [room(7), room(8)], MESSAGES)
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def new(at: int, **properties: object) -> Record:
    return {"id": uuid(at), "type": "muc_message", "sender": participant(1), "message": "new", **properties}


def upload(name: str, data: bytes = GIF, kind: str = "image/gif") -> Upload:
    return Upload(name, kind, data, {})


def test_a_new_message_is_the_newest_even_with_an_earlier_time() -> None:
    with store_of(EXPORT) as store:
        late = store.append(ROOM, "UserMessage", new(10), time=FIRST - 5)
        assert (late.time, late.record["timestamp"], late.kind) == (
            FIRST + 10,
            "2018-01-04T10:16:02Z 000010",
            "UserMessage",
        )
        assert store.append(ROOM, "UserMessage", new(11), time=FIRST + 10).time == FIRST + 11
        assert store.append(ROOM, "TopicRoomMessage", new(12), time=FIRST + 5_000_000).time == FIRST + 5_000_000
        assert ids(store, ROOM) == [12, 11, 10, 1, 2]
        assert ids(store, ROOM, start=1, size=3, newest=FIRST + 5_000_000) == [10, 1, 2]
        assert (store.count_history(ROOM), store.last_time(ROOM)) == (5, FIRST + 5_000_000)
        assert store.message(ROOM, uuid(11)) == store.history(ROOM, start=1, size=1)[0]
        assert [number(message.record) for message in store.latest(ROOM, not_before=uuid(10)) or []] == [12, 11, 10]


def test_a_private_message_has_the_same_time_in_both_histories() -> None:
    with store_of(EXPORT) as store:
        message = store.append(BOTH, "PrivateUserMessage", private_message(10, 1, 2), time=FIRST)
        assert message.time == FIRST + 21
        assert [store.history(chat)[0] for chat in BOTH] == [message, message]
        assert ids(store, BOTH[0]) == [10, 3]
        assert ids(store, BOTH[1]) == [10]
        assert store.last_written(1) == FIRST + 21
        assert store.last_written(2) != FIRST + 21


def test_a_user_s_message_to_themselves_is_one_message() -> None:
    with store_of(EXPORT) as store:
        own = Chat(owner=1, peer=1)
        store.append((own, own), "PrivateUserMessage", private_message(10, 1, 1), time=FIRST)
        assert ids(store, own) == [10]


def test_a_page_without_deleted_messages_has_no_new_deleted_message() -> None:
    with store_of(EXPORT) as store:
        store.append(ROOM, "UserMessage", room_message(10, deleted=True), time=FIRST)
        store.append(ROOM, "UserMessage", new(11), time=FIRST)
        assert ids(store, ROOM, deleted=False) == [11, 1, 2]
        assert ids(store, ROOM, deleted=False, start=1) == [1, 2]


@pytest.mark.parametrize(
    ("chat", "kind", "record", "file", "error"),
    [
        (Chat(room=9), "UserMessage", new(10), None, KeyError),
        (Chat(owner=1, peer=3), "PrivateUserMessage", new(10), None, KeyError),
        ((BOTH[0], Chat(owner=3, peer=1)), "PrivateUserMessage", new(10), None, KeyError),
        ((BOTH[1], BOTH[0]), "PrivateUserMessage", new(3), upload("x.gif"), ValueError),
        (ROOM, "UserMessage", new(1), upload("x.gif"), ValueError),
        (ROOM, "UserMessage", {**new(10), "id": "10"}, None, ValueError),
        (ROOM, "UserMessage", new(10, message="\ud800"), upload("x.gif"), ValueError),
        (ROOM, "TopicRoomMessage", new(10), upload("x.gif"), ValueError),
        (ROOM, "PrivateUserMessage", new(10), None, ValueError),
        (BOTH, "UserMessage", new(10), None, ValueError),
    ],
)
def test_a_refused_message_leaves_nothing_behind(
    chat: Chat | tuple[Chat, ...], kind: str, record: Record, file: Upload | None, error: type[Exception]
) -> None:
    with store_of(EXPORT) as store:
        before = {entry.path: b"".join(entry.chunks) for entry in store.export()}
        with pytest.raises(error):
            store.append(chat, kind, record, time=FIRST, upload=file)
        assert {entry.path: b"".join(entry.chunks) for entry in store.export()} == before


def test_a_time_outside_the_calendar_is_refused() -> None:
    with store_of(EXPORT) as store, pytest.raises(ValueError, match="before the year 1 or after 9999"):
        store.append(ROOM, "UserMessage", new(10), time=1 << 62)


def sent(store: Store, chat: Chat | tuple[Chat, ...], kind: str, file: Upload) -> Record:
    record = store.append(chat, kind, new(10), time=FIRST, upload=file).record
    attachment: Record = record["attachment"]
    assert record.get("attachment_path", attachment["path"]) == attachment["path"]
    return attachment


def test_an_upload_is_stored_below_its_room_and_named_by_the_message() -> None:
    with store_of(EXPORT) as store:
        attachment = sent(store, ROOM, "UserMessage", upload("Ein Bild.GIF"))
        directory, name = attachment["path"].split("/")
        assert (len(directory), name, attachment["name"]) == (15, "Ein Bild.GIF", attachment["path"])
        assert (attachment["size"], attachment["senderid"], attachment["url"]) == (len(GIF), 1, "")
        assert attachment["created"] == "2018-01-04T10:16:02Z"
        assert attachment["thumbnail"] == f"{directory}/Ein Bild_thumb.GIF"
        for path in (attachment["path"], attachment["thumbnail"]):
            file = store.file(f"rooms/7/files/{path}")
            assert file is not None
            assert (file.type, b"".join(store.read_file(file))) == ("image/gif", GIF)


def test_an_upload_that_is_no_image_has_no_thumbnail() -> None:
    with store_of(EXPORT) as store:
        attachment = sent(store, BOTH, "PrivateUserMessage", upload("notes.txt", b"hello", "text/x\r\nA: b"))
        assert "thumbnail" not in attachment
        file = store.file(f"users/files/{attachment['path']}")
        assert file is not None
        assert (file.type, file.size) == ("text/plain", 5)


def test_two_uploads_of_one_name_are_two_files() -> None:
    with store_of(EXPORT) as store:
        first = sent(store, ROOM, "UserMessage", upload("x.gif"))
        second = sent(store, Chat(room=8), "UserMessage", upload("x.gif"))
        assert first["path"] != second["path"]


def test_new_messages_are_the_last_of_the_exported_histories(tmp_path: Path) -> None:
    with store_of(EXPORT) as store:
        for at in (10, 11):
            store.append(ROOM, "UserMessage", new(at), time=FIRST)
        store.append(BOTH, "PrivateUserMessage", private_message(12, 1, 2), time=FIRST)
        files = {entry.path: b"".join(entry.chunks) for entry in store.export()}
    listed = {
        path: [number(*wrapper.values()) for wrapper in json.loads(files[path])] for path in files if "history" in path
    }
    assert listed == {
        "rooms/7/history.json": [1, 2, 10, 11],
        "users/1/history.json": [3, 12],
        "users/2/history.json": [12],
    }
    assert b"\\u003c1\\u003e" in files["rooms/7/history.json"]
    assert tmp_path.is_dir()
