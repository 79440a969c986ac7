"""Damage to ids and names: duplicates of what must be unique."""

from collections.abc import Iterator
from itertools import count as count_from
from random import Random

from hcfmt.damage.selection import pairs, shuffled, take, unused_name
from hcfmt.damage.selectors import (
    EMOTICONS,
    ROOMS,
    USERS,
    emoticon_id,
    has_text,
    history_path,
    owner_id,
    unknown_ids,
)
from hcfmt.damage.stored_files import PATH, THUMBNAIL, uploads
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.go_json import go_json
from hcfmt.export.layout import Kind
from hcfmt.rng import random_uuid

_LONGEST_NAME = 50  # characters of a room's name
_LARGEST_ID = 999_999_999  # that Zulip keeps
_LEFT_OUT = "'\"&/:<>@"  # characters that HipChat removes from a room's name for its canonical name


def duplicate_user_id(export: EditableExport, random: Random, count: int) -> None:
    """Add a user, a guest, with the id of another."""
    for user in take(shuffled(random, export.records(USERS)), count, "users"):
        _add_guest(export, user, user.value["id"])


def duplicate_room_id(export: EditableExport, random: Random, count: int) -> None:
    """Add a room with the id of another."""
    rooms = export.records(ROOMS)
    for room in take(shuffled(random, rooms), count, "rooms"):
        _add_room(export, room, room.value["id"], _free_name(export))


def id_out_of_range(export: EditableExport, random: Random, count: int) -> None:
    """Add a user, a guest, with an id greater than 999,999,999."""
    users = take(shuffled(random, export.records(USERS)), count, "users")
    for user, number in zip(users, unknown_ids(export, random, count), strict=True):
        _add_guest(export, user, _LARGEST_ID + number)
        export.add(history_path("users", _LARGEST_ID + number), b"[]")


def _add_guest(export: EditableExport, user: EditableRecord, number: int) -> None:
    """Add a guest with an id, otherwise like a user."""
    name = unused_name([other.value["mention_name"] for other in export.records(USERS)], "Guest")
    guest = {"id": number, "name": "Guest", "mention_name": name, "email": None, "title": "", "avatar": ""}
    rights = {"is_deleted": False, "account_type": "guest", "roles": ["user"], "metadata": "{}"}
    export.append(USERS, "User", {**user.value, **guest, **rights})


def duplicate_emoticon(export: EditableExport, random: Random, count: int) -> None:
    """Add an emoticon with the ID or the shortcut of another."""
    emoticons = export.records(EMOTICONS)
    chosen = take(shuffled(random, emoticons), count, "emoticons")
    shortcuts = [emoticon.value["shortcut"] for emoticon in emoticons]
    for emoticon, number in zip(chosen, unknown_ids(export, random, count), strict=True):
        shortcuts.append(unused_name(shortcuts, "twin"))
        other = random.choice([{emoticon_id(export): number}, {"shortcut": shortcuts[-1]}])
        export.append(EMOTICONS, "Emoticon", {**emoticon.value, **other})


def duplicate_message_id(export: EditableExport, random: Random, count: int) -> None:
    """Give a room message the id of another message of the room."""
    for first, second in take(_neighbours(export, random), count, "pairs of messages of one room"):
        second.set("id", first.value["id"])


def _neighbours(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord]]:
    for history in shuffled(random, export.paths(Kind.ROOM_HISTORY)):
        yield from pairs(shuffled(random, export.records(history)))


def mention_name_clash(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the mention name of another, in other letter case; neither is deleted."""
    people = pairs(shuffled(random, not_deleted(export)))
    for user, other in take(people, count, "pairs of users who are not deleted"):
        other.set("mention_name", _other_case(user.value["mention_name"]))


def mention_name_of_deleted(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the mention name of another, in other letter case, and mark the user as deleted."""
    for user, other in take(pairs(shuffled(random, export.records(USERS))), count, "pairs of users"):
        other.set("mention_name", _other_case(user.value["mention_name"]))
        other.set("is_deleted", True)  # noqa: FBT003 - a property


def mention_names_alike(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the mention name of another, with an accent on its last letter."""
    for user, other in take(pairs(shuffled(random, export.records(USERS))), count, "pairs of users"):
        other.set("mention_name", f"{user.value['mention_name']}\u0301")


def email_clash(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the e-mail address of another, in other letter case; neither is deleted."""
    candidates = pairs_with_email(shuffled(random, not_deleted(export)))
    for user, other in take(candidates, count, "pairs of users who are not deleted, one with an e-mail address"):
        other.set("email", _other_case(user.value["email"]))


def email_of_deleted(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the e-mail address of another, in other letter case, and mark the user as deleted."""
    candidates = pairs_with_email(shuffled(random, export.records(USERS)))
    for user, other in take(candidates, count, "pairs of users, one with an e-mail address"):
        other.set("email", _other_case(user.value["email"]))
        other.set("is_deleted", True)  # noqa: FBT003 - a property


def not_deleted(export: EditableExport) -> list[EditableRecord]:
    """Return the users who are not deleted."""
    return [user for user in export.records(USERS) if not user.value["is_deleted"]]


def pairs_with_email(users: list[EditableRecord]) -> list[tuple[EditableRecord, EditableRecord]]:
    """Return users two by two, of whom the first has an e-mail address."""
    people = sorted(users, key=lambda user: not user.value["email"])
    halves = zip(people[: len(people) // 2], reversed(people), strict=False)
    return [(user, other) for user, other in halves if has_text(user.value["email"])]


def room_name_clash(export: EditableExport, random: Random, count: int) -> None:
    """Add a room with a name for which HipChat would make the canonical name of another."""
    rooms = shuffled(random, export.records(ROOMS))
    names = {room.value["name"].casefold() for room in rooms}
    similar = ((room, _similar_name(room, names)) for room in rooms)
    candidates = [(room, name) for room, name in similar if name and any(map(str.isalnum, name))]  # else it is odd too
    chosen = take(candidates, count, "rooms with a name that can take one more character")
    for (room, name), number in zip(chosen, unknown_ids(export, random, count), strict=True):
        _add_room(export, room, number, name)
        export.add(history_path("rooms", number), b"[]")


def room_names_alike(export: EditableExport, random: Random, count: int) -> None:
    """Add a room with the name of another and an exclamation mark."""
    rooms = [room for room in shuffled(random, export.records(ROOMS)) if _takes_a_mark(room.value["name"])]
    chosen = take(rooms, count, "rooms with a letter in their name, which can take one more character")
    for room, number in zip(chosen, unknown_ids(export, random, count), strict=True):
        _add_room(export, room, number, f"{room.value['name']}!")
        export.add(history_path("rooms", number), b"[]")


def _takes_a_mark(name: str) -> bool:
    return len(name) < _LONGEST_NAME and any(character.isascii() and character.isalnum() for character in name)


def odd_room_name(export: EditableExport, random: Random, count: int) -> None:
    """Add a room whose name has only symbols."""
    names = {room.value["name"] for room in export.records(ROOMS)}
    free = (name for length in count_from(5) if (name := "#" * length) not in names)
    rooms = take(shuffled(random, export.records(ROOMS)), count, "rooms")
    for room, number, name in zip(rooms, unknown_ids(export, random, count), free, strict=False):
        _add_room(export, room, number, name)
        export.add(history_path("rooms", number), b"[]")


def shared_attachment_path(export: EditableExport, random: Random, count: int) -> None:
    """Add a room with a message whose file has the path of one in another room, and other content."""
    files = (upload for upload in uploads(export, random, PATH) if not upload.is_private)
    chosen = take(files, count, "uploaded files of rooms")
    for upload, number in zip(chosen, unknown_ids(export, random, count), strict=True):
        message = upload.records[0].value
        (room,) = (room for room in export.records(ROOMS) if room.value["id"] == owner_id(upload.records[0].member))
        _add_room(export, room, number, _free_name(export))
        content = export.content(upload.member) + b"\n"
        attachment = {key: value for key, value in message["attachment"].items() if key != THUMBNAIL}
        copy = {**message, "id": random_uuid(random), "attachment": {**attachment, "size": len(content)}}
        export.add(history_path("rooms", number), go_json([{"UserMessage": copy}]))
        export.add(f"rooms/{number}/files/{upload.value}", content)


def _similar_name(room: EditableRecord, used_names: set[str]) -> str | None:
    """Return a free name with the canonical name of the room, None if no variant is free; its own if it has none."""
    if "canonical_name" not in room.value:  # as in other dialects, where names alone can clash
        return str(room.value["name"])
    canonical = _canonical_name(room)
    names = (canonical + character for character in _LEFT_OUT)
    candidates = (name for name in names if canonical_name(name) == canonical and len(name) <= _LONGEST_NAME)
    return next((name for name in candidates if name.casefold() not in used_names), None)


def _free_name(export: EditableExport) -> str:
    """Return a name for a room that no room has as its name or canonical name."""
    rooms = export.records(ROOMS)
    return unused_name(
        [canonical_name(room.value["name"]) for room in rooms] + [_canonical_name(room) for room in rooms],
        "hall",
    )


def _add_room(export: EditableExport, room: EditableRecord, number: int, name: str) -> None:
    canonical = {"canonical_name": canonical_name(name)} if "canonical_name" in room.value else {}
    export.append(ROOMS, "Room", {**room.value, "id": number, "name": name, **canonical})


def _canonical_name(room: EditableRecord) -> str:
    """Return the canonical name of a room; of another dialect than hc-migrate's the one that HipChat would make."""
    name: str = room.value.get("canonical_name") or canonical_name(room.value["name"])
    return name


def _other_case(text: str) -> str:
    """Return a text in other letter case, or as it is if that would change more than its case."""
    return text.swapcase() if text.swapcase().casefold() == text.casefold() else text
