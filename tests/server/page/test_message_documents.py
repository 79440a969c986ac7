"""Messages as the page shows them, of valid and of invalid records."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import strategies
from hcfmt.server.page import documents
from hcfmt.server.page.message_documents import MessageDocuments
from hcfmt.server.store import Chat, Message, Store
from hcfmt.server.store.indexed_texts import MOST_CHARACTERS
from tests.support.json_values import JSON
from tests.support.store_exports import DATE, FIRST, members, participant, room, room_message, store_of, user, uuid

KINDS = (
    "UserMessage",
    "NotificationMessage",
    "TopicRoomMessage",
    "GuestAccessMessage",
    "ArchiveRoomMessage",
    "PrivateUserMessage",
)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (40).to_bytes(4, "big") + (30).to_bytes(4, "big")
FILES = {
    "rooms/7/files/dir/a b.png": PNG,
    "rooms/7/files/dir/a b_thumb.png": PNG,
    "rooms/7/files/dir/page.html": b"<script>",
    "users/files/dir/c.txt": b"text",
}
ROOM = Chat(room=7)
SENDER = {"id": 1, "mention_name": "", "name": "Anna then", "version": ""}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with store_of(members([user(1)], [room(7)], {}, FILES)) as store:
        yield store


def shown(store: Store, kind: str = "UserMessage", chat: Chat = ROOM, **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - of a record
    """Return the document of a message with these properties, without those that all have."""
    record = {"id": uuid(5), "timestamp": DATE, "sender": SENDER, "message": "text"} | properties
    document = document_of(store, kind, record, chat)
    assert (document.pop("i"), document.pop("time"), document.pop("id")) == (3, FIRST // 1_000, uuid(5))
    return document


def document_of(store: Store, kind: str, record: dict[str, Any], chat: Chat = ROOM) -> dict[str, Any]:
    message = Message(kind, FIRST, json.dumps(record).encode())
    (document,) = MessageDocuments(store, chat).documents([message], 3)
    return document


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("UserMessage", {}, {"kind": "message", "from": 1, "name": "Anna then", "parts": ["text"]}),
        ("UserMessage", {"message": "/me waves"}, {"me": True, "parts": ["waves"]}),
        ("UserMessage", {"message": "/code\n  x = 1\n"}, {"code": True, "parts": ["  x = 1\n"]}),
        ("UserMessage", {"message": "/quote said\nso"}, {"quote": True, "parts": ["said\nso"]}),
        ("UserMessage", {"message": "/codex"}, {"parts": ["/codex"]}),
        ("UserMessage", {"message": "<b>&amp;"}, {"parts": ["<b>&amp;"]}),
        ("UserMessage", {"sender": participant(4)}, {"from": 4}),
        ("UserMessage", {"sender": {"id": 0, "name": "Bot"}}, {"name": "Bot"}),
        ("UserMessage", {"sender": "Bot"}, {"name": "Bot"}),
        ("PrivateUserMessage", {}, {"kind": "private", "from": 1}),
        (
            "NotificationMessage",
            {"sender": {"id": 1, "name": "Build"}, "message": "<b>red</b>", "color": "red", "format": "html"},
            {"kind": "notification", "name": "Build", "color": "red", "parts": [{"text": "red", "bold": True}]},
        ),
        ("NotificationMessage", {"message": "<b>", "color": [], "format": "text"}, {"color": "gray", "parts": ["<b>"]}),
        ("NotificationMessage", {"format": "html", "card": '{"title":"t"}'}, {"card": {"title": "t"}}),
        ("TopicRoomMessage", {"message": "", "topic": "/me new"}, {"kind": "topic", "parts": ["/me new"]}),
        ("ArchiveRoomMessage", {"message": "", "is_archived": False}, {"kind": "archive", "archived": False}),
        (
            "GuestAccessMessage",
            {"message": "", "enable_guest_access": True, "url": "https://a.example/g"},
            {"kind": "guest_access", "enabled": True, "parts": ["https://a.example/g"]},
        ),
        (
            "UserMessage",
            {"metadata": [{"url": "https://a.example", "image": "javascript:x", "type": "link", "name": "A"}, 7, {}]},
            {"previews": [{"url": "https://a.example", "type": "link", "name": "A"}]},
        ),
    ],
)
def test_a_message_shows_its_sender_its_text_and_what_is_attached(
    store: Store, kind: str, properties: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert expected.items() <= shown(store, kind, **properties).items()


@pytest.mark.parametrize("kind", KINDS)
def test_a_deleted_message_shows_nothing_but_who_sent_it(store: Store, kind: str) -> None:
    document = shown(store, kind, deleted={}, attachment={"path": "dir/a b.png"}, topic="t", card='{"title":"t"}')
    assert document.keys() - {"color"} <= {"kind", "from", "name", "deleted"}
    assert document["deleted"]


def attached(path: str, **properties: object) -> dict[str, Any]:
    return {"attachment": {"path": path, "name": path, "size": 7, **properties}, "message": ""}


def test_a_picture_has_its_address_its_size_and_its_thumbnail(store: Store) -> None:
    assert shown(store, **attached("dir/a b.png", thumbnail="dir/a b_thumb.png"))["file"] == {
        "name": "a b.png",
        "url": "files/rooms/7/files/dir/a%20b.png",
        "size": len(PNG),
        "type": "image/png",
        "thumbnail": "files/rooms/7/files/dir/a%20b_thumb.png",
        "width": 40,
        "height": 30,
    }


@pytest.mark.parametrize(
    ("chat", "path", "url"),
    [
        (Chat(room=7), "dir/page.html", "files/rooms/7/files/dir/page.html"),
        (Chat(owner=1, peer=2), "dir/c.txt", "files/users/files/dir/c.txt"),
        (Chat(room=7), "dir/c.txt", None),
        (Chat(room=7), "../../../users/files/dir/c.txt", None),
    ],
)
def test_a_file_has_an_address_if_the_archive_holds_it_where_the_message_says(
    store: Store, chat: Chat, path: str, url: str | None
) -> None:
    file = shown(store, chat=chat, **attached(path))["file"]
    assert file.get("url") == url
    assert file["name"] == path.rpartition("/")[2]


def test_the_sentence_of_an_upload_is_no_text(store: Store) -> None:
    text = "File uploaded: https://h.example/files/1/2/dir/page.html"
    assert "parts" not in shown(store, **attached("dir/page.html") | {"message": text})
    assert shown(store, message=text)["parts"] == [text]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("https://h.example/files/1/1/dir/a%20b.png", "files/rooms/7/files/dir/a%20b.png"),
        ("https://h.example/files/1/1/dir/no.png", None),
        ("https://h.example/elsewhere.png", None),
    ],
)
def test_a_picture_of_a_notification_is_shown_if_the_archive_holds_it(
    store: Store, source: str, url: str | None
) -> None:
    (part,) = shown(store, "NotificationMessage", message=f"<img src='{source}'>")["parts"]
    assert part.get("image") == url


def test_long_texts_are_cut(store: Store) -> None:
    document = shown(store, message="x" * 1_000_000)
    assert (document["cut"], document["parts"]) == (1_000_000, ["x" * MOST_CHARACTERS])
    assert "cut" not in shown(store, message="x" * MOST_CHARACTERS)


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_any_record_makes_a_document(store: Store, kind: str, data: st.DataObject) -> None:
    known = data.draw(strategies.messages(kind))
    names = (*known, "deleted", "card", "metadata")
    broken = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, JSON)))
    for record in (known, known | broken, broken, {"sender": broken, "attachment": broken, "metadata": [broken]}):
        json.dumps(document_of(store, kind, record), allow_nan=False)


def test_the_messages_of_a_history_are_found_by_rank() -> None:
    history = [("UserMessage", room_message(at, at, deleted=at == 2)) for at in range(5)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        found = documents.messages(store, "room-7", 1, 3)
    assert [(message["i"], message["id"]) for message in found] == [(at, uuid(at)) for at in (1, 2, 3)]
    assert [message.get("parts") for message in found] == [["<1>"], None, ["<3>"]]
