"""Makes the records that HipChat Server or Cloud would have written of hc-migrate's (docs/format.md#dialects)."""

from base64 import encodebytes
from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

import orjson

from hcfmt.export.dialects import CLOUD
from hcfmt.export.mentions import mentions

METADATA = {"include_emoticons": True}
"""The content of metadata.json."""

_INDENTED = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS

Record = dict[str, Any]


def dialect_json(value: object) -> bytes:
    """Return a value as JSON text with sorted keys, indented by two spaces."""
    return orjson.dumps(value, option=_INDENTED)


class DialectRecords:
    """Makes records of Server or Cloud of the records of one hc-migrate export, and leaves those unchanged.

    What the dialect does not have is dropped, as the flag of a deleted room.
    """

    def __init__(self, dialect: str, users: Iterable[Record]) -> None:
        """Take the dialect, server or cloud, and all users of the export."""
        self._is_cloud = dialect == CLOUD
        self._references = {user["id"]: _reference(user["id"], user) for user in users}
        self._ids: dict[str, int] = {}
        for number, reference in self._references.items():
            if reference["mention_name"]:
                self._ids.setdefault(reference["mention_name"].lower(), number)

    @staticmethod
    def user(user: Record, picture: bytes | None) -> Record:
        """Return the record of a user; ``picture`` is the user's avatar, None without one."""
        record = {name: value for name, value in user.items() if name != "metadata"}
        record["avatar"] = encodebytes(picture).decode("ascii") if picture else None
        return {"User": record}

    @staticmethod
    def emoticon_path(path: str) -> str:
        """Return where the picture of an emoticon is, from the top of the archive, by its ``path`` in hc-migrate's."""
        return f"emoticons/{path.replace('/', '-')}"

    def emoticon(self, emoticon: Record) -> Record:
        """Return the record of an emoticon."""
        path = self.emoticon_path(emoticon["path"])
        return {"Emoticon": {"id": emoticon["ID"], "path": path, "shortcut": emoticon["shortcut"]}}

    def room(self, room: Record) -> Record:
        """Return the record of a room; in Server's its members are objects."""
        missing = {"canonical_name", "is_deleted", *(["room_admins"] if self._is_cloud else [])}
        record = {name: value for name, value in room.items() if name not in missing}
        if not self._is_cloud:
            admins = {*(room["room_admins"] or ())}
            record["members"] = [self._member(user, is_admin=user in admins) for user in room["members"] or ()]
        return {"Room": record}

    def message(self, kind: str, message: Record) -> Record:
        """Return the record of a message of a kind."""
        record = {**message, "sender": self._party(message["sender"])}
        if kind == "NotificationMessage":
            record["message_format"] = record.pop("format")
            record["sender"] = message["sender"]["name"]
        elif kind == "TopicRoomMessage":
            record["message"] = record.pop("topic")
        elif kind in {"UserMessage", "PrivateUserMessage"}:
            self._add_parts(record)
        if kind == "UserMessage":
            record["type"] = "user"
        if kind == "PrivateUserMessage":
            record["receiver"] = self._party(message["receiver"])
        return {kind: record}

    def _member(self, user: int, *, is_admin: bool) -> Record:
        roles = ["room_member", *(["room_admin"] if is_admin else [])]
        return {**self._person({"id": user}), "room_roles": roles}

    def _person(self, person: Record) -> Record:
        """Return a sender, receiver or member with its names and a revision mark."""
        return self._references.get(person["id"]) or _reference(person["id"], {"name": person.get("name", "")})

    def _party(self, person: Record) -> Record:
        """Return a sender or receiver."""
        links = {"links": {"self": f"https://api.hipchat.com/v2/user/{person['id']}"}} if self._is_cloud else {}
        return {**self._person(person), **links}

    def _add_parts(self, message: Record) -> None:
        """Add to a message what hc-migrate leaves out: who is mentioned, and its attachment in this form."""
        attachment = message.get("attachment")
        if attachment:
            attachment = {name: value for name, value in attachment.items() if name not in {"created", "senderid"}}
            url = f"https://s3.amazonaws.com/uploads.hipchat.com/{attachment['path']}"
            attachment["url"] = url if self._is_cloud else ""
        message["attachment"] = attachment
        message["attachment_path"] = attachment["path"] if attachment else None
        message["mentions"] = self._mentioned(message["message"])

    def _mentioned(self, text: str) -> list[int]:
        """Return the ids of the users whom a text mentions, each once, in order."""
        found = (self._ids.get(name.lower()) or self._ids.get(trimmed.lower()) for name, trimmed in mentions(text))
        return list(dict.fromkeys(filter(None, found)))


def _reference(number: int, names: Mapping[str, Any]) -> Record:
    """Return the reference to a user by the user's record, with a revision mark of it."""
    version = f"{crc32(dialect_json(names)):08X}"
    return {
        "id": number,
        "mention_name": names.get("mention_name", ""),
        "name": names.get("name", ""),
        "version": version,
    }
