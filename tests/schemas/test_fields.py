"""Documented fields: a second, independent list of their JSON types and of which are optional.

A row is an example, the pointer of an object in it and that object's fields: ``name types``, ``name?`` when it may be
left out, ``fixed`` for one of a few texts. The rows follow the documentation's lists, not the schemas.
"""

from typing import Any

import pytest

from tests.support.schema_library import example, reference

# One value of each JSON type; a number may be an integer or a fraction.
VALUES: dict[str, object] = {
    "null": None,
    "boolean": True,
    "integer": 1,
    "fraction": 1.5,
    "string": "?",
    "array": [],
    "object": {},
}
REFUSED_BY_TYPE = frozenset({"type", "const", "enum"})

RECORD = "id string, type fixed, sender object, message string, timestamp string, deleted? object, "
SENDER = "id integer, mention_name string, name string, version string"
ATTACHMENT = (
    "name string, path string, size integer, url string|null, created string, senderid integer, thumbnail? string"
)
DELETED = "user_id integer, date string, reason null"

USER = """id integer, name string, mention_name string, email string|null, title string|null, avatar string|null,
    created string, is_deleted boolean, timezone string, account_type fixed, roles array|null,
    rooms array|null,
    metadata string"""
ROOM = """id integer, created string, guest_access_url string|null, is_archived boolean, members array|null,
    canonical_name string, name string, owner integer|null, participants array|null, privacy fixed,
    room_admins array|null, topic string|null, is_deleted boolean"""
MEMBER = "id integer, mention_name? string|null, name? string|null, room_roles? array, version? string|null"
EMOTICON = """ID integer, user_id integer, group_id integer, path string, shortcut string, width integer,
    height integer, audio_path string"""
PRIVATE = """id string, attachment object|null, attachment_path string|null, mentions array|null, message string,
    receiver object, sender object, timestamp string, type fixed, deleted? object"""
CARD = """id? string, style? string, title? string, description? string|object, url? string, date? integer,
    icon? string|object, thumbnail? object, validation? object"""
PICTURE = "url? string, url@2x? string"

ROWS = [
    ("messages/UserMessage/sample-text", "", RECORD + "attachment? object|null, metadata? array"),
    ("messages/UserMessage/sample-text", "/sender", SENDER),
    ("messages/UserMessage/sample-with-attachment", "/attachment", ATTACHMENT),
    ("messages/UserMessage/sample-deleted", "/deleted", DELETED),
    ("messages/ArchiveRoomMessage/sample-archived", "", RECORD + "is_archived boolean"),
    ("messages/ArchiveRoomMessage/sample-archived", "/sender", SENDER),
    ("messages/GuestAccessMessage/sample-enabled", "", RECORD + "enable_guest_access boolean, url string"),
    ("messages/GuestAccessMessage/sample-enabled", "/sender", SENDER),
    ("messages/TopicRoomMessage/sample-topic", "", RECORD + "topic string"),
    ("messages/TopicRoomMessage/sample-topic", "/sender", SENDER),
    ("messages/NotificationMessage/sample-card", "", RECORD + "format string, color fixed, card? string|null"),
    ("messages/NotificationMessage/sample-card", "/sender", SENDER),
    ("messages/PrivateUserMessage/sample-with-attachment", "", PRIVATE),
    ("messages/PrivateUserMessage/sample-with-attachment", "/sender", SENDER),
    ("messages/PrivateUserMessage/sample-with-attachment", "/receiver", SENDER),
    ("messages/PrivateUserMessage/sample-with-attachment", "/attachment", ATTACHMENT),
    ("messages/PrivateUserMessage/deleted", "/deleted", DELETED),
    ("export/users/sample", "/0/User", USER),
    ("export/rooms/sample", "/0/Room", ROOM),
    ("export/rooms/members-as-objects-are-for-HC307", "/0/Room/members/0", MEMBER),
    ("export/emoticons/sample", "", "Emoticons array|null"),
    ("export/emoticons/sample", "/Emoticons/0", EMOTICON),
    ("export/autojoins/sample", "", "AutoJoins array|null"),
    ("export/autojoins/sample", "/AutoJoins/0", "id string, data string"),
    ("embedded/autojoin-data/sample", "/0", "jid string, name? string|null"),
    ("embedded/user-metadata/sample", "", "confirmation_unix_time? integer"),
    ("embedded/card/sample", "", CARD),
    ("embedded/card/sample", "/icon", PICTURE),
    ("embedded/card/sample", "/thumbnail", PICTURE + ", width? integer|fraction, height? integer|fraction"),
    ("embedded/card/sample", "/validation", "safehtmls? array, safeurls? array"),
]
each_row = pytest.mark.parametrize(("case", "pointer", "fields"), ROWS)


def listed(fields: str) -> list[tuple[str, bool, set[str]]]:
    """Return (name, is optional, types) of each field of a row."""
    pairs = [field.split() for field in fields.split(",")]
    return [(name.removesuffix("?"), name.endswith("?"), set(types.split("|"))) for name, types in pairs]


def opened(case: str, pointer: str) -> tuple[str, Any, dict[str, Any]]:
    """Return an example's schema, a new copy of the example, and the object at a pointer in it."""
    schema, document = example("positive", case)
    inner = document
    for step in pointer.split("/")[1:]:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    return schema, document, inner


@each_row
def test_a_field_accepts_exactly_its_documented_types(case: str, pointer: str, fields: str) -> None:
    for name, _, types in listed(fields):
        schema, document, inner = opened(case, pointer)
        accepted = set()
        for kind, value in VALUES.items():
            inner[name] = value
            errors = reference(schema).iter_errors(document)
            errors_of_field = [
                error for error in errors if "".join(f"/{x}" for x in error.absolute_path) == f"{pointer}/{name}"
            ]
            if not any(error.validator in REFUSED_BY_TYPE for error in errors_of_field):
                accepted.add(kind)
        assert accepted == types - {"fixed"}, name


@each_row
def test_a_field_is_optional_only_if_documented(case: str, pointer: str, fields: str) -> None:
    for name, is_optional, _ in listed(fields):
        schema, document, inner = opened(case, pointer)
        inner.pop(name, None)
        assert reference(schema).is_valid(document) == is_optional, name


@each_row
def test_the_row_names_every_property_of_its_example(case: str, pointer: str, fields: str) -> None:
    _, _, inner = opened(case, pointer)
    assert set(inner) <= {name for name, _, _ in listed(fields)}
