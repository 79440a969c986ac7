"""Records of HipChat Server and Cloud become those that hc-migrate would have written."""

from typing import Any

import pytest

from hcfmt.export import dialect_reading
from tests.support.store_exports import STAMP, participant

NAMED = {"id": 1, "mention_name": "Anna", "name": "Anna B", "version": "00C0FFEE"}
IN_ROOM = participant(1) | {"name": "Anna B"}

MESSAGES = [
    (
        "NotificationMessage",
        {"sender": "Builds", "message_format": "text"},
        {"type": "notification", "sender": participant(0) | {"name": "Builds"}, "format": "text"},
    ),
    (
        "NotificationMessage",
        {"sender": NAMED},
        {"type": "notification", "sender": IN_ROOM, "format": "html"},
    ),
    (
        "GuestAccessMessage",
        {"sender": "Anna"},
        {"type": "muc_guest_access", "sender": participant(0) | {"name": "Anna"}},
    ),
    (
        "TopicRoomMessage",
        {"sender": NAMED, "message": "New"},
        {"type": "muc_topic", "sender": IN_ROOM, "message": "", "topic": "New"},
    ),
    (
        "UserMessage",
        {"sender": NAMED | {"links": {}}, "attachment": None, "attachment_path": None, "mentions": [2]},
        {"type": "muc_message", "sender": IN_ROOM},
    ),
    (
        "UserMessage",
        {
            "sender": NAMED,
            "timestamp": f"{STAMP} 000000",
            "attachment_path": "a/b",
            "attachment": {"name": "b", "size": 1},
        },
        {
            "type": "muc_message",
            "sender": IN_ROOM,
            "timestamp": f"{STAMP} 000000",
            "attachment": {"path": "a/b", "name": "b", "size": 1, "created": STAMP, "senderid": 1, "url": ""},
        },
    ),
    (
        "PrivateUserMessage",
        {"sender": NAMED, "receiver": NAMED, "attachment": None, "attachment_path": None, "mentions": None},
        {
            "type": "private",
            "sender": participant(1),
            "receiver": participant(1),
            "attachment": None,
            "attachment_path": None,
            "mentions": [],
        },
    ),
    ("UserMessage", {"sender": [5]}, {"type": "muc_message", "sender": [5]}),
]


@pytest.mark.parametrize(("kind", "record", "expected"), MESSAGES)
def test_a_message_becomes_one_of_hc_migrate(kind: str, record: dict[str, Any], expected: dict[str, Any]) -> None:
    before = dict(record)
    assert dialect_reading.message(kind, record) == expected
    assert record == before


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"name": "A & B"}, {"canonical_name": "a__b", "room_admins": []}),
        (
            {"name": "A", "members": [{"id": 3, "room_roles": ["room_admin"]}, 4]},
            {"members": [3, 4], "room_admins": [3]},
        ),
        ({"name": "A", "members": [{"id": 3, "room_roles": ["room_admin"]}], "room_admins": [5]}, {"room_admins": [5]}),
        ({"name": "A", "topic": None}, {"topic": "", "is_deleted": False}),
        ({"name": 5, "members": "x"}, {"canonical_name": "", "members": "x"}),
    ],
)
def test_a_room_becomes_one_of_hc_migrate(record: dict[str, Any], expected: dict[str, Any]) -> None:
    assert dialect_reading.room(record).items() >= expected.items()
