"""Damage to ids and names that stand for one thing only."""

from collections.abc import Iterator
from random import Random

from hcfmt.damage.kind import damage, enough, pairs, shuffled, unused
from hcfmt.damage.parts import (
    EMOTICONS,
    ROOMS,
    USERS,
    has_text,
    history_of,
    strangers,
)
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import Kind

_LONGEST_NAME = 50  # characters of a room's name
_LEFT_OUT = "'\"&/:<>@"  # what HipChat takes out of a room's name to make its canonical one


@damage("HC420")
def duplicate_user_id(export: EditableExport, random: Random, count: int) -> None:
    """Add a user, a guest, with the id of another."""
    users = export.records(USERS)
    taken = [one.value["mention_name"] for one in users]
    for user in enough(shuffled(random, users), count, "users"):
        taken.append(unused(taken, "Guest"))
        guest = {"name": "Guest", "mention_name": taken[-1], "email": None, "title": "", "avatar": ""}
        rights = {"is_deleted": False, "account_type": "guest", "roles": ["user"], "metadata": "{}"}
        export.append(USERS, "User", {**user.value, **guest, **rights})


@damage("HC421")
def duplicate_room_id(export: EditableExport, random: Random, count: int) -> None:
    """Add a room with the id of another."""
    rooms = export.records(ROOMS)
    for room in enough(shuffled(random, rooms), count, "rooms"):
        _another_room(export, room, room.value["id"], _free_name(export))


@damage("HC422")
def duplicate_emoticon(export: EditableExport, random: Random, count: int) -> None:
    """Add an emoticon with the ID or the shortcut of another."""
    emoticons = export.records(EMOTICONS)
    chosen = enough(shuffled(random, emoticons), count, "emoticons")
    taken = [one.value["shortcut"] for one in emoticons]
    for emoticon, number in zip(chosen, strangers(export, random, count), strict=True):
        taken.append(unused(taken, "twin"))
        other = random.choice([{"ID": number}, {"shortcut": taken[-1]}])
        export.append(EMOTICONS, "Emoticon", {**emoticon.value, **other})


@damage("HC423")
def duplicate_message_id(export: EditableExport, random: Random, count: int) -> None:
    """Give a room message the id of another one of the same room."""
    for first, second in enough(_neighbours(export, random), count, "pairs of messages of one room"):
        second.set("id", first.value["id"])


def _neighbours(export: EditableExport, random: Random) -> Iterator[tuple[EditableRecord, EditableRecord]]:
    for history in shuffled(random, export.paths(Kind.ROOM_HISTORY)):
        yield from pairs(shuffled(random, export.records(history)))


@damage("HC424")
def mention_name_clash(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the mention name of another, in other letter case."""
    people = pairs(shuffled(random, export.records(USERS)))
    for one, other in enough(people, count, "pairs of users"):
        other.set("mention_name", _other_case(one.value["mention_name"]))


@damage("HC425")
def email_clash(export: EditableExport, random: Random, count: int) -> None:
    """Give a user the e-mail address of another, in other letter case."""
    people = sorted(shuffled(random, export.records(USERS)), key=lambda user: not user.value["email"])
    halves = zip(people[: len(people) // 2], reversed(people), strict=False)
    fitting = [(one, other) for one, other in halves if has_text(one.value["email"])]
    for one, other in enough(fitting, count, "pairs of users, one with an e-mail address"):
        other.set("email", _other_case(one.value["email"]))


@damage("HC426")
def room_name_clash(export: EditableExport, random: Random, count: int) -> None:
    """Add a room with a name of which HipChat makes the canonical name of another."""
    rooms = shuffled(random, export.records(ROOMS))
    names = {one.value["name"].casefold() for one in rooms}
    fitting = [(one, name) for one in rooms if (name := _alike(one, names))]
    chosen = enough(fitting, count, "rooms with a name that one more character fits into")
    for (room, name), number in zip(chosen, strangers(export, random, count), strict=True):
        _another_room(export, room, number, name)
        export.add(history_of("rooms", number), b"[]")


def _alike(room: EditableRecord, taken: set[str]) -> str | None:
    """Return a name that is none of those taken and has the room's canonical name, None when none is found."""
    tried = (room.value["canonical_name"] + character for character in _LEFT_OUT)
    wanted = room.value["canonical_name"]
    fitting = (name for name in tried if canonical_name(name) == wanted and len(name) <= _LONGEST_NAME)
    return next((one for one in fitting if one.casefold() not in taken), None)


def _free_name(export: EditableExport) -> str:
    """Return a room's name that is free, and so is its canonical name."""
    rooms = export.records(ROOMS)
    return unused(
        [canonical_name(one.value["name"]) for one in rooms] + [one.value["canonical_name"] for one in rooms], "hall"
    )


def _another_room(export: EditableExport, room: EditableRecord, number: int, name: str) -> None:
    export.append(ROOMS, "Room", {**room.value, "id": number, "name": name, "canonical_name": canonical_name(name)})


def _other_case(text: str) -> str:
    """Return a text in other letter case; the text itself where it has none, or where that would make it another."""
    return text.swapcase() if text.swapcase().casefold() == text.casefold() else text
