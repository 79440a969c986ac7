"""Messages of the API, made from records of histories."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt import strategies
from hcfmt.server.api import objects
from hcfmt.server.api.messages import MAX_MENTIONS, TYPES, MessageContext, message_object
from hcfmt.server.store import Message
from tests.support import conformance
from tests.support.api_records import ANNA, BO, LINKS, REFERENCE, TIME

SENDER = {"id": 2, "mention_name": "", "name": "Anna Müller", "version": ""}
RECORD = {
    "id": "0AB4F1E6-1111-4222-8333-444455556666",
    "type": "muc_message",
    "sender": SENDER,
    "message": "Hello",
    "timestamp": "2018-01-04T10:16:02Z 809766",
}


def context(files: str = "rooms/7/files") -> MessageContext:
    users = {record["id"]: objects.user_ref(LINKS, record) for record in (ANNA, BO)}
    names = {record["mention_name"].casefold(): record for record in users.values()}
    return MessageContext(
        LINKS, files, users.get, lambda name: names.get(name.casefold()), lambda: list(users.values())
    )


def represent(record: Mapping[str, Any], kind: str = "UserMessage") -> dict[str, Any]:
    message = message_object(context(), Message(kind, TIME, json.dumps(record).encode()))
    conformance.check_object("Message", message)
    assert set(message) in conformance.MESSAGE_KEYS[message["type"]]
    return message


def test_a_plain_message_has_six_keys() -> None:
    assert represent(RECORD) == {
        "date": "2018-01-04T10:16:02.809766+00:00",
        "from": objects.user_ref(LINKS, ANNA),
        "id": "0ab4f1e6-1111-4222-8333-444455556666",
        "mentions": [],
        "message": "Hello",
        "type": "message",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("File uploaded: https://hipchat.example.com/files/1/2/BcudLU14VxUEeUK/img 1.JPG", ""),
        ("Our cat", "Our cat"),
        ("", ""),
        ("File uploaded: at last", "File uploaded: at last"),
        ("Look:\nFile uploaded: https://h/files/1/2/B/img.JPG", "Look:\nFile uploaded: https://h/files/1/2/B/img.JPG"),
    ],
)
def test_a_file_has_the_words_of_its_user_or_none(text: str, shown: str) -> None:
    attachment = {"name": "B/img.JPG", "path": "B/img.JPG", "size": 5, "url": "", "created": "", "senderid": 2}
    assert represent(RECORD | {"message": text, "attachment": attachment})["message"] == shown
    assert represent(RECORD | {"message": text})["message"] == text


def test_a_file_has_a_preview_only_if_the_record_has_one() -> None:
    attachment = {"name": "abc/a b.png", "path": "abc/a b.png", "size": 5, "url": "", "created": "", "senderid": 2}
    message = represent(RECORD | {"attachment": attachment})
    assert message["file"] == {"name": "a b.png", "size": 5, "url": "http://h/files/1/2/abc/a%20b.png"}
    message = represent(RECORD | {"attachment": attachment | {"thumbnail": "abc/a b_thumb.png"}})
    assert message["file"]["thumb_url"] == "http://h/files/1/2/abc/a%20b_thumb.png"
    assert "file" not in represent(RECORD | {"attachment": None})


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"message": "Our cat"}, "1/2/B/img.JPG"),
        ({"message": "File uploaded: https://hipchat.example.com/files/1/9/B/img.JPG"}, "1/9/B/img.JPG"),
        ({"sender": {"id": 0, "name": "A bot"}}, "rooms/7/files/B/img.JPG"),
        ({"sender": "A bot"}, "rooms/7/files/B/img.JPG"),
    ],
)
def test_a_file_is_at_the_address_in_the_text_or_at_that_of_its_sender(changes: dict[str, Any], address: str) -> None:
    attachment = {"name": "B/img.JPG", "path": "B/img.JPG", "size": 5, "url": "", "created": "", "senderid": 2}
    message = represent(RECORD | {"attachment": attachment} | changes)
    assert message["file"]["url"] == f"http://h/files/{address}"


@pytest.mark.parametrize(
    ("preview", "link"),
    [
        (
            {"url": "http://x/a.png", "image": "http://x/b.png", "type": "image", "name": "A"},
            {"type": "image", "url": "http://x/a.png", "image": {"image": "http://x/b.png", "name": "A"}},
        ),
        (
            {"url": "http://x/v", "image": "http://x/v.png", "type": "video", "name": "V"},
            {
                "type": "video",
                "url": "http://x/v",
                "video": {"author": None, "thumbnailUrl": "http://x/v.png", "title": "V", "views": None},
            },
        ),
        (
            {"type": "twitter_user", "url": "http://x/t", "twitter_user": {"name": "T", "followers": 3, "evil": []}},
            {
                "type": "twitter_user",
                "url": "http://x/t",
                "twitter_user": {"followers": 3, "name": "T", "profileImageUrl": None, "screenName": None},
            },
        ),
        ({"type": "nothing", "url": "http://x"}, None),
        ({"type": ["image"]}, None),
        ("image", None),
    ],
)
def test_a_link_preview_is_a_member_named_after_its_type(preview: object, link: object) -> None:
    assert represent(RECORD | {"metadata": [preview]}).get("message_links") == ([link] if link else None)


def test_a_notification_has_the_name_of_its_sender_and_its_card_as_text() -> None:
    record = RECORD | {
        "type": "notification",
        "sender": {"id": 0, "mention_name": "", "name": "Build", "version": ""},
        "format": "html",
        "color": "green",
        "card": '{"style": "link"}',
    }
    message = represent(record, "NotificationMessage")
    assert message["from"] == "Build"
    assert message["card"] == '{"style": "link"}'
    assert message["notification_sender"] == {"client_id": None, "id": None, "type": "addon"}
    assert represent(record | {"card": ""}, "NotificationMessage")["card"] is None
    by_anna = represent(record | {"sender": SENDER, "format": "text"}, "NotificationMessage")
    assert by_anna["notification_sender"] == {"client_id": None, "id": "2", "type": "user"}
    assert (by_anna["from"], by_anna["message_format"]) == ("Anna Müller", "text")


@pytest.mark.parametrize(
    ("kind", "properties", "message_type", "text"),
    [
        ("TopicRoomMessage", {"topic": "New"}, "topic", "New"),
        ("TopicRoomMessage", {"topic": ""}, "topic", ""),
        (
            "GuestAccessMessage",
            {"enable_guest_access": True, "url": "http://h/gabcdefgh"},
            "guest_access",
            "http://h/gabcdefgh",
        ),
        ("GuestAccessMessage", {"enable_guest_access": False, "url": ""}, "guest_access", ""),
        ("ArchiveRoomMessage", {"is_archived": True}, "message", "The room was archived"),
        ("ArchiveRoomMessage", {"is_archived": False}, "message", "The room was unarchived"),
    ],
)
def test_an_empty_change_of_a_room_shows_its_new_value(
    kind: str, properties: dict[str, Any], message_type: str, text: str
) -> None:
    empty, with_text = (
        represent(RECORD | properties | {"message": ""}, kind),
        represent(RECORD | properties | {"message": "Said"}, kind),
    )
    assert (empty["type"], empty["message"]) == (message_type, text)
    assert (with_text["type"], with_text["message"]) == (message_type, "Said")


@pytest.mark.parametrize("kind", TYPES)
def test_a_deleted_message_has_neither_text_nor_attachments(kind: str) -> None:
    deleted = {"user_id": 2, "date": "2018-01-04T10:17:00Z", "reason": None}
    attachment = {"name": "a/b", "path": "a/b", "size": 5, "url": "", "created": "", "senderid": 2}
    record = RECORD | {
        "deleted": deleted,
        "message": "leak @Anna",
        "attachment": attachment,
        "metadata": [{"type": "image", "url": "http://x"}],
        "card": "{}",
        "color": "red",
        "is_archived": True,
        "enable_guest_access": True,
        "url": "",
        "topic": "",
        "format": "html",
    }
    message = represent(record, kind)
    assert (message["message"], message["mentions"], message.get("card")) == ("", [], None)
    assert not message.keys() & {"file", "message_links"}


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ({"id": 0, "name": "Bot"}, "Bot"),
        ({"id": 99, "name": "Gone", "mention_name": "", "version": ""}, 99),
        (None, None),
        ("Bot", "Bot"),  # as HipChat Server and Cloud write it
        (7, None),
        ({}, ""),
    ],
)
def test_a_sender_may_be_an_integration_unknown_or_missing(sender: object, expected: object) -> None:
    shown_sender = represent(RECORD | {"sender": sender})["from"]
    if isinstance(shown_sender, dict):
        assert (shown_sender["id"], shown_sender["name"], shown_sender["version"]) == (
            expected,
            "Gone",
            objects.UNKNOWN_VERSION,
        )
    else:
        assert shown_sender == expected


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Hello @Anna", [2]),
        ("@anna, @ANNA and @Anna!", [2]),
        ("@Bo. and @anna.", [3, 2]),
        ("@Bo", []),
        ("@all", [2, 3]),
        ("look @here.", [2, 3]),
        ("@Nobody @ @@", []),
        ("anna@example.com", []),
        ("(@anna)", [2]),
        ("@2", []),
    ],
)
def test_mentions_are_names_after_an_at_sign(text: str, ids: list[int]) -> None:
    message = represent(RECORD | {"message": text})
    assert [user["id"] for user in message["mentions"]] == ids
    assert all(set(user) == REFERENCE for user in message["mentions"])


def test_the_number_of_mentions_is_bounded() -> None:
    names: list[str] = []

    def mentioned(name: str) -> dict[str, Any]:
        names.append(name)
        return objects.user_ref(LINKS, ANNA | {"id": len(names), "mention_name": name})

    text = " ".join(f"@name{number}" for number in range(5_000))
    hostile_context = MessageContext(LINKS, "", lambda _: None, mentioned, list)
    message = message_object(
        hostile_context, Message("UserMessage", TIME, json.dumps(RECORD | {"message": text}).encode())
    )
    assert len(message["mentions"]) == len(names) == MAX_MENTIONS


@given(st.data(), st.sampled_from(sorted(TYPES)))
def test_any_record_makes_a_message_with_a_proven_set_of_keys(data: st.DataObject, kind: str) -> None:
    represent(data.draw(strategies.messages(kind)), kind)


@pytest.mark.parametrize("kind", TYPES)
def test_an_empty_record_makes_a_message(kind: str) -> None:
    message = message_object(context(), Message(kind, TIME, b"{}"))
    assert (message["from"], message["id"], message["message"], message["mentions"]) == (None, "", "", [])
