"""Fixes that write a documented value in place of one of another form, and drop what has no form at all."""

from collections.abc import Callable, Mapping
from typing import Any

from hcfmt.check.export_view import ROOMS, ExportView
from hcfmt.export.references import comparable, variant_path
from hcfmt.export.schemas import dialect_of, resolved
from hcfmt.findings import Flaw
from hcfmt.fixes.doubles import drop_record
from hcfmt.fixes.histories import is_known
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import Path, Plan

_HISTORIES = frozenset({"export/room-history", "export/user-history"})
_YES = frozenset({"yes", "true", "1"})
_EMPTY: Mapping[str, Any] = {"boolean": False, "integer": 0, "array": [], "object": {}, "string": ""}
_UNKNOWN = object()
_SIZES = ("_36", "_125")  # suffixes of the other sizes of a picture

_Default = Callable[[ExportView, Mapping[str, Any], Any], Any]
"""Returns the value to write for a property, from the view, its record and what stands there."""


def _state(kind: str, otherwise: Any) -> _Default:  # noqa: ANN401 - any JSON value
    """Return the default of a property of a room that its last message of a kind sets."""

    def default(view: ExportView, room: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - as above
        state = view.history(ROOMS, comparable(room.get("id"))).states.get(kind)
        if state and is_known(kind, state):
            return min(state.states, key=str)
        return str(value).lower() in _YES if otherwise is False else otherwise

    return default


def _pixels(side: int) -> _Default:
    """Return the default of the width or the height of an emoticon, that of its image."""

    def default(view: ExportView, emoticon: Mapping[str, Any], _: Any) -> Any:  # noqa: ANN401 - any JSON value
        entry = view.layout.members.get(f"{view.layout.extra}files/img/emoticons/{emoticon.get('path')}")
        return entry.pixels[side] if entry and entry.pixels else _UNKNOWN

    return default


def _first_user(view: ExportView, _: Mapping[str, Any], __: Any) -> Any:  # noqa: ANN401 - any JSON value
    return min((int(number) for number in view.index.users), default=_UNKNOWN)


def roles_of(account: Mapping[str, Any]) -> list[str]:
    """Return the roles that the type of an account stands for."""
    return ["user", "admin"] if account.get("account_type") == "admin" else ["user"]


def _account_type(_: ExportView, user: Mapping[str, Any], __: Any) -> str:  # noqa: ANN401 - any JSON value
    roles = user.get("roles")
    return "admin" if isinstance(roles, list) and {"admin", "owner"} & {*map(str, roles)} else "user"


def _id(_: ExportView, __: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else _UNKNOWN


def address_of(user: Mapping[str, Any]) -> str | None:
    """Return an address to which no mail can be sent (RFC 2606), None for users who need none."""
    if user.get("is_deleted") is True or user.get("account_type") == "guest":
        return None
    return f"user{user.get('id')}@hipchat.invalid"


def _stored_picture(view: ExportView, user: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the path of the one picture of a user that is stored, "" for none or several."""
    directory = f"{view.layout.extra}users/{user}/avatars/"
    stored = {path for path in view.layout.places if path.startswith(directory)}
    sizes = {variant_path(path, suffix) for path in stored for suffix in _SIZES}
    names = [path.removeprefix(directory) for path in stored - sizes]
    return f"files/photos/{user}/{names[0]}" if len(names) == 1 else ""


_OF_USER: Mapping[str, _Default] = {
    "id": _id,
    "name": lambda _, user, __: f"User {user.get('id')}",
    "mention_name": lambda _, user, __: f"user{user.get('id')}",
    "email": lambda _, user, __: address_of(user),
    "title": lambda *_: "",
    "avatar": lambda view, user, _: _stored_picture(view, user.get("id")),
    "created": lambda *_: "1970-01-01T00:00:00+00:00",
    "is_deleted": lambda _, __, value: str(value).lower() in _YES,
    "timezone": lambda *_: "UTC",
    "account_type": _account_type,
    "roles": lambda _, user, __: roles_of(user),
    "metadata": lambda *_: "{}",
}
_OF_ROOM: Mapping[str, _Default] = {
    "id": _id,
    "name": lambda _, room, __: room.get("canonical_name") or f"Room {room.get('id')}",
    "topic": _state("TopicRoomMessage", ""),
    "is_archived": _state("ArchiveRoomMessage", otherwise=False),
    "guest_access_url": _state("GuestAccessMessage", None),
    "privacy": lambda *_: "private",
    "owner": _first_user,
}
_OF_EMOTICON: Mapping[str, _Default] = {
    "group_id": lambda *_: 1,
    "width": _pixels(0),
    "height": _pixels(1),
    "user_id": _first_user,
    "path": lambda *_: _UNKNOWN,
    "shortcut": lambda *_: _UNKNOWN,
}
_OF_AUTOJOIN: Mapping[str, _Default] = {"id": lambda *_: _UNKNOWN}
_DEFAULTS: Mapping[str, Mapping[str, _Default]] = {
    "export/users": _OF_USER,
    "export/rooms": _OF_ROOM,
    "export/emoticons": _OF_EMOTICON,
    "export/autojoins": _OF_AUTOJOIN,
}


def documented_value(plan: Plan) -> None:
    """Write a documented value in place of one of another form, and of a missing one."""
    plan.on_flaw(_documenting(plan.view))


def broken_record(plan: Plan) -> None:
    """Drop a message, or an element that is no record; of users, rooms and emoticons, write documented values."""
    document = _documenting(plan.view)

    def fix(item: Item, path: Path, flaw: Flaw) -> None:
        if len(path) <= 1 and flaw.subcode != "required":
            _drop(item, path)
        elif dialect_of(item.schema)[1] in _HISTORIES:
            item.remove()
        else:
            document(item, path, flaw)

    plan.on_flaw(fix)


def _documenting(view: ExportView) -> Callable[[Item, Path, Flaw], None]:
    def fix(item: Item, path: Path, flaw: Flaw) -> None:
        place = (*path, flaw.names[0]) if flaw.subcode == "required" else path
        if place and isinstance(place[-1], int) and len(place) > _RECORD:
            item.drop(place)  # an item of a list in a record
            return
        value = _value(view, item, place)
        if value is _UNKNOWN:
            _drop(item, place)
        else:
            item.set(place, value)

    return fix


_RECORD = 2  # steps that lead to a record


def _drop(item: Item, path: Path) -> None:
    """Leave out the element of a list that a path is in; a document stays."""
    if item.index is not None or len(path) > 1:
        drop_record(item, path)


def _value(view: ExportView, item: Item, place: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value to write at a place, ``_UNKNOWN`` if only leaving out the record helps."""
    steps = 1 if item.index is not None else _RECORD
    record = item.at(place[:steps])
    name = str(place[-1]) if place else ""
    default = _DEFAULTS.get(dialect_of(item.schema)[1], {}).get(name)
    if default and len(place) == steps + 1:
        return default(view, record, record.get(name))
    part: Any = resolved(item.schema)
    for step in place if item.index is None else (0, *place):
        part = part.get("items", {}) if isinstance(step, int) else part.get("properties", {}).get(step, {})
    return _of_schema(part)


def _of_schema(part: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value that a part of a schema demands, or else an empty one of its first type."""
    if "const" in part:
        return part["const"]
    if part.get("enum"):
        return part["enum"][0]
    types = part.get("type", [])
    first = types if isinstance(types, str) else next(iter(types), "")
    value = _EMPTY.get(first, _UNKNOWN)
    return value.copy() if isinstance(value, list | dict) else value


def embedded_emptied(plan: Plan) -> None:
    """Write empty JSON in place of a text that holds none, or another form; drop a card."""

    def fix(item: Item, path: Path, _: Flaw) -> None:
        name = path[-1]
        if name == "card":
            item.drop(path)
        else:
            item.set(path, "[]" if name == "data" else "{}")

    plan.on_flaw(fix)
