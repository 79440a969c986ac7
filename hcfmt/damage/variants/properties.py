"""Variants of schema violations: properties in wrong forms, by what importers do with them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hcfmt.damage.damage import Damage
from hcfmt.damage.record_edits import DROP, Edit

_HARMFUL, _HARMLESS, _UNTRIED = "HC301", "HC317", "HC318"


class _Form(NamedTuple):
    """A wrong form of a property: the value, as in ``Edit``, and a sentence about the property."""

    value: Any
    sentence: str


def _as_text(present: object) -> str:
    return "text" if present is None or isinstance(present, (dict, list)) else str(present)


_FORMS = {
    "absent": _Form(DROP, "Leave out {}."),
    "null": _Form(None, "Write null in place of {}."),
    "text": _Form(_as_text, "Write a text in place of {}."),
    "number": _Form(7, "Write a number in place of {}."),
    "false": _Form(value=False, sentence="Write false in place of {}."),
    "list": _Form([], "Write an empty list in place of {}."),
    "object": _Form({}, "Write an empty object in place of {}."),
}
_RELIED_ON = (
    # The beginning of the variant, the place, the path, what it is, and its wrong forms, as in _FORMS.
    ("id", "message", "id", "the id of a room message", "absent null number"),
    ("timestamp", "message", "timestamp", "the timestamp of a room message", "absent null number"),
    ("text", "message", "message", "the text of a room message", "absent null number list"),
    ("sender", "message", "sender", "the sender of a room message", "absent null text number list"),
    ("sender-id", "message", "sender/id", "the id of the sender of a room message", "absent null text"),
    ("attachment", "message", "attachment", "the attachment of a room message", "text false list"),
    ("path", "message with a file", "attachment/path", "the path of the file of a room message", "absent null number"),
    ("file-name", "message with a file", "attachment/name", "the name of the file of a room message", "absent"),
    ("file-size", "message with a file", "attachment/size", "the size of the file of a room message", "absent"),
    ("notification-sender", "notification", "sender", "the sender of a notification", "absent null number"),
    ("notification-text", "notification", "message", "the text of a notification", "absent null"),
    ("notification-timestamp", "notification", "timestamp", "the timestamp of a notification", "absent null"),
    ("topic-sender", "topic message", "sender", "the sender of a message about a topic", "absent null"),
    ("private-id", "private message", "id", "the id of a private message", "absent null"),
    ("private-timestamp", "private message", "timestamp", "the timestamp of a private message", "absent null number"),
    ("private-text", "private message", "message", "the text of a private message", "absent null number"),
    ("private-sender", "private message", "sender", "the sender of a private message", "absent null text"),
    ("private-sender-id", "private message", "sender/id", "the id of the sender of a private message", "absent text"),
    ("receiver", "private message", "receiver", "the receiver of a private message", "absent null text list"),
    ("receiver-id", "private message", "receiver/id", "the id of the receiver of a private message",
     "absent null text"),
    ("private-attachment", "private message", "attachment", "the attachment of a private message", "absent text list"),
    ("user-id", "user", "id", "the id of a user", "absent null text"),
    ("user-name", "user", "name", "the name of a user", "absent null number"),
    ("mention-name", "user", "mention_name", "the mention name of a user", "absent null number"),
    ("email", "user", "email", "the e-mail address of a user", "absent number"),
    ("title", "user", "title", "the title of a user", "absent"),
    ("avatar", "user", "avatar", "the avatar of a user", "absent number object"),
    ("user-deleted", "user", "is_deleted", "the property is_deleted of a user", "absent"),
    ("timezone", "user", "timezone", "the time zone of a user", "absent null number"),
    ("account-type", "user", "account_type", "the account type of a user", "absent null"),
    ("room-id", "room", "id", "the id of a room", "absent null text"),
    ("room-name", "room", "name", "the name of a room", "absent null number"),
    ("topic", "room", "topic", "the topic of a room", "absent number"),
    ("privacy", "room", "privacy", "the privacy of a room", "absent null number"),
    ("archived", "room", "is_archived", "the property is_archived of a room", "absent"),
    ("members", "room", "members", "the members of a room", "absent text object"),
    ("owner", "room", "owner", "the owner of a room", "absent text list object"),
    ("room-admins", "room", "room_admins", "the admins of a room", "absent"),
    ("participants", "room", "participants", "the participants of a room", "absent"),
    ("emoticon-path", "emoticon", "path", "the path of an emoticon", "absent"),
    ("shortcut", "emoticon", "shortcut", "the shortcut of an emoticon", "absent"),
)  # fmt: skip
_UNHEEDED = (
    ("type", "message", "type", "the type of a room message", "absent null number"),
    ("color", "notification", "color", "the color of a notification", "absent null number"),
    ("format", "notification", "format", "the format of a notification", "absent null"),
    ("user-created", "user", "created", "the date of an account", "absent null number"),
    ("roles", "user", "roles", "the roles of a user", "text object"),
    ("user-rooms", "user", "rooms", "the rooms of a user", "absent text"),
    ("metadata", "user", "metadata", "the metadata of a user", "absent null object"),
    ("guest-access", "room", "guest_access_url", "the guest address of a room", "absent number"),
    ("room-deleted", "room", "is_deleted", "the property is_deleted of a room", "absent null text"),
    ("width", "emoticon", "width", "the width of an emoticon", "absent null text"),
    ("uploader", "emoticon", "user_id", "the uploader of an emoticon", "absent null"),
    ("autojoin-id", "autojoin", "id", "the id of an autojoin", "absent number"),
)
_NEVER_TRIED = (
    ("file-name", "message with a file", "attachment/name", "the name of the file of a room message", "null"),
    ("private-mentions", "private message", "mentions", "the mentions of a private message", "text object"),
    ("title", "user", "title", "the title of a user", "number"),
    ("user-deleted", "user", "is_deleted", "the property is_deleted of a user", "null number"),
    ("archived", "room", "is_archived", "the property is_archived of a room", "null number"),
    ("room-admins", "room", "room_admins", "the admins of a room", "text object"),
    ("participants", "room", "participants", "the participants of a room", "text object"),
    ("shortcut", "emoticon", "shortcut", "the shortcut of an emoticon", "null number"),
)
_PROPERTIES = ((_HARMFUL, _RELIED_ON), (_HARMLESS, _UNHEEDED), (_UNTRIED, _NEVER_TRIED))

_Dated = Callable[[str], str]
_STAMPS: tuple[tuple[str, _Dated, str], ...] = (
    ("timestamp-empty", lambda _: "", "Empty the timestamp of a room message."),
    ("timestamp-word", lambda _: "yesterday", "Write a word in place of the timestamp of a room message."),
    ("timestamp-seconds", lambda _: "1520000000",
     "Write the seconds since 1970 in place of the timestamp of a room message."),
    ("timestamp-offset", lambda stamp: f"{stamp[:19]}+00:00{stamp[20:]}",
     "Write an offset in place of Z in the timestamp of a room message."),
    ("timestamp-no-zone", lambda stamp: stamp[:19] + stamp[20:], "Leave out Z in the timestamp of a room message."),
    ("timestamp-fraction", lambda stamp: f"{stamp[:19]}.{stamp[21:]}Z",
     "Write the microseconds of a room message as a fraction of its second."),
    ("timestamp-blank", lambda stamp: f"{stamp} ", "End the timestamp of a room message with a blank."),
    ("timestamp-two-blanks", lambda stamp: stamp.replace(" ", "  "),
     "Write two blanks before the microseconds of a room message."),
    ("timestamp-letters", lambda stamp: f"{stamp[:21]}abcdef",
     "Write letters in place of the microseconds of a room message."),
    ("timestamp-short", lambda stamp: f"{stamp[:4]}-3-4{stamp[10:]}",
     "Write the month and the day of a room message without their zeros."),
)  # fmt: skip
_OTHERS = (
    ("privacy-unknown", "room", "privacy", "secret", "Give a room a privacy that HipChat does not have."),
    ("members-texts", "room", "members", ["1"], "Write a text among the members of a room."),
    ("members-nulls", "room", "members", [None], "Write null among the members of a room."),
    ("room-admins-objects", "room", "room_admins", [{"id": 1}], "Write an object among the admins of a room."),
    ("participants-objects", "room", "participants", [{"id": 1}], "Write an object among the participants of a room."),
)


def _rows() -> Iterator[Damage]:
    for code, properties in _PROPERTIES:
        for beginning, place, path, noun, forms in properties:
            for name in forms.split():
                form = _FORMS[name]
                edit = Edit(place, path, form.value)
                yield Damage(code, edit.apply, variant=f"{beginning}-{name}", about=form.sentence.format(noun))
    for variant, stamp, about in _STAMPS:
        yield Damage(_HARMFUL, Edit("message", "timestamp", stamp).apply, variant=variant, about=about)
    for variant, place, path, value, about in _OTHERS:
        yield Damage(_HARMFUL, Edit(place, path, value).apply, variant=variant, about=about)


ROWS = tuple(_rows())
"""The rows of this subject."""
