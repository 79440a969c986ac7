"""Rewrites an hc-migrate export as HipChat Server or Cloud would have written it (docs/format.md#dialects)."""

import re
from base64 import encodebytes
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import orjson

from hcfmt.export.dialects import CLOUD
from hcfmt.export.editing import EditableExport
from hcfmt.export.layout import Kind
from hcfmt.export.references import variant_path

_MENTION = re.compile(r"@(\w+)")
_METADATA = {"include_emoticons": True}
_NOT_WRITTEN = ("autojoins.json", "preferences.json")
_SIZES, _SCALES = ("", "_36", "_125"), ("", "@2x", "@3x", "@4x")

_Record = dict[str, Any]


def rewrite_export(export: EditableExport, dialect: str) -> None:
    """Rewrite a sound hc-migrate export in another dialect; what that dialect does not have is dropped."""
    people = people_of(export)
    _rewrite_emoticons(export)
    _rewrite_users(export)
    rooms = [{"Room": _room(record.value, people, dialect)} for record in export.records("rooms.json")]
    export.replace_content("rooms.json", dialect_json(rooms))
    for path in export.paths(Kind.ROOM_HISTORY, Kind.USER_HISTORY):
        rewrite_history(export, path, people, dialect)
    export.remove(*(path for path in _NOT_WRITTEN if export.find(path)))
    if export.find("metadata.json"):
        export.replace_content("metadata.json", dialect_json(_METADATA))


def people_of(export: EditableExport) -> Mapping[int, _Record]:
    """Return the users of an hc-migrate export by id."""
    return {record.value["id"]: record.value for record in export.records("users.json")}


def dialect_json(value: object) -> bytes:
    """Return a value as JSON text with sorted keys, indented by two spaces."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def rewrite_history(export: EditableExport, path: str, people: Mapping[int, _Record], dialect: str) -> None:
    """Rewrite the messages of an hc-migrate history, the newest first."""
    messages = [{record.kind: _message(record.kind, record.value, people, dialect)} for record in export.records(path)]
    export.replace_content(path, dialect_json(messages[::-1]))


def _rewrite_users(export: EditableExport) -> None:
    users, pictures = [], set[str]()
    for record in export.records("users.json"):
        user = {name: value for name, value in record.value.items() if name != "metadata"}
        stored = [path for path in _picture_paths(user["avatar"]) if export.find(path)]
        pictures.update(stored)
        picture = export.find(stored[0]) if stored else None
        user["avatar"] = encodebytes(picture.read()).decode("ascii") if picture else None
        users.append({"User": user})
    export.remove(*pictures)
    export.replace_content("users.json", dialect_json(users))


def _picture_paths(avatar: str | None) -> list[str]:
    if not avatar:
        return []
    _, _, user, file = avatar.split("/")
    return [variant_path(f"users/{user}/avatars/{file}", size) for size in _SIZES]


def _rewrite_emoticons(export: EditableExport) -> None:
    if export.find("emoticons.json") is None:
        return
    emoticons = []
    for record in export.records("emoticons.json"):
        path, *others = [variant_path(f"files/img/emoticons/{record.value['path']}", scale) for scale in _SCALES]
        place = f"emoticons/{record.value['path'].replace('/', '-')}"
        export.remove(*(other for other in others if export.find(other)))
        if export.find(path):
            export.rename(path, place)
        emoticon = {"id": record.value["ID"], "path": place, "shortcut": record.value["shortcut"]}
        emoticons.append({"Emoticon": emoticon})
    export.replace_content("emoticons.json", dialect_json(emoticons))


def _room(room: _Record, people: Mapping[int, _Record], dialect: str) -> _Record:
    missing = {"canonical_name", "is_deleted", *(["room_admins"] if dialect == CLOUD else [])}
    rewritten = {name: value for name, value in room.items() if name not in missing}
    if dialect != CLOUD:
        rewritten["members"] = [_member(user, room, people) for user in room["members"] or ()]
    return rewritten


def _member(user: int, room: _Record, people: Mapping[int, _Record]) -> _Record:
    roles = ["room_member", *(["room_admin"] if user in (room["room_admins"] or ()) else [])]
    return {**_person({"id": user}, people), "room_roles": roles}


def _person(person: _Record, people: Mapping[int, _Record]) -> _Record:
    """Return a sender, receiver or member with its names and a revision mark."""
    known = people.get(person["id"], {"mention_name": "", "name": person.get("name", "")})
    version = f"{crc32(repr(known).encode('utf-8', 'surrogatepass')):08X}"
    return {"id": person["id"], "mention_name": known["mention_name"], "name": known["name"], "version": version}


def _sender(person: _Record, people: Mapping[int, _Record], dialect: str) -> _Record:
    links = {"self": f"https://api.hipchat.com/v2/user/{person['id']}"}
    return {**_person(person, people), **({"links": links} if dialect == CLOUD else {})}


def _message(kind: str, message: _Record, people: Mapping[int, _Record], dialect: str) -> _Record:
    rewritten = {**message, "sender": _sender(message["sender"], people, dialect)}
    if kind == "NotificationMessage":
        rewritten["message_format"] = rewritten.pop("format")
        rewritten["sender"] = message["sender"]["name"]
    elif kind == "TopicRoomMessage":
        rewritten["message"] = rewritten.pop("topic")
    elif kind in {"UserMessage", "PrivateUserMessage"}:
        _add_parts(rewritten, people, dialect)
    if kind == "UserMessage":
        rewritten["type"] = "user"
    if kind == "PrivateUserMessage":
        rewritten["receiver"] = _sender(message["receiver"], people, dialect)
    return rewritten


def _add_parts(message: _Record, people: Mapping[int, _Record], dialect: str) -> None:
    """Add to a message what hc-migrate leaves out: who is mentioned, and its attachment in this form."""
    attachment = message.get("attachment")
    if attachment:
        attachment = {name: value for name, value in attachment.items() if name not in {"created", "senderid"}}
        attachment["url"] = f"https://s3.amazonaws.com/uploads.hipchat.com/{attachment['path']}" * (dialect == CLOUD)
    message["attachment"] = attachment
    message["attachment_path"] = attachment["path"] if attachment else None
    names = {name.lower() for name in _MENTION.findall(message["message"])}
    message["mentions"] = [
        number for number, person in people.items() if names and person["mention_name"].lower() in names
    ]
