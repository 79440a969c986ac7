"""Damage to ids that lead to users and rooms."""

from collections.abc import Iterable
from random import Random

from hcfmt.damage.kind import T, damage, enough, shuffled
from hcfmt.damage.parts import (
    AUTOJOINS,
    EMOTICONS,
    ROOMS,
    USERS,
    copies,
    deletions,
    room_messages,
    slug,
    strangers,
)
from hcfmt.damage.uploads import PATH, uploads
from hcfmt.export.editing import EditableExport
from hcfmt.export.go_json import go_json


@damage("HC401")
def unknown_sender(export: EditableExport, random: Random, count: int) -> None:
    """Let a room message be from somebody whom users.json does not have."""
    fitting = (one for one in room_messages(export, random) if one.value["sender"]["id"])
    for message, number in _apart(export, random, enough(fitting, count, "room messages that somebody sent")):
        message.set("sender", "id", number)


@damage("HC402")
def unknown_receiver(export: EditableExport, random: Random, count: int) -> None:
    """Let a private message be to somebody whom users.json does not have; only its sender still has it."""
    chosen = enough(copies(export, random), count, "private messages in the history of their sender")
    for (mine, theirs), number in _apart(export, random, chosen):
        mine.set("receiver", "id", number)
        if theirs:
            theirs.remove()


@damage("HC403")
def unknown_room_member(export: EditableExport, random: Random, count: int) -> None:
    """Give a room a member whom users.json does not have."""
    _listed(export, random, count, "members")


@damage("HC404")
def unknown_owner(export: EditableExport, random: Random, count: int) -> None:
    """Give a room to somebody whom users.json does not have."""
    rooms = enough(shuffled(random, export.records(ROOMS)), count, "rooms")
    for room, number in _apart(export, random, rooms):
        room.set("owner", number)


@damage("HC405")
def unknown_room_admin(export: EditableExport, random: Random, count: int) -> None:
    """Give a room an admin whom users.json does not have."""
    _listed(export, random, count, "room_admins")


@damage("HC406")
def unknown_participant(export: EditableExport, random: Random, count: int) -> None:
    """Give a room a participant whom users.json does not have."""
    _listed(export, random, count, "participants")


@damage("HC407")
def unknown_emoticon_owner(export: EditableExport, random: Random, count: int) -> None:
    """Give an emoticon to somebody whom users.json does not have."""
    emoticons = enough(shuffled(random, export.records(EMOTICONS)), count, "emoticons")
    for emoticon, number in _apart(export, random, emoticons):
        emoticon.set("user_id", number)


@damage("HC408")
def unknown_uploader(export: EditableExport, random: Random, count: int) -> None:
    """Let a file be from somebody whom users.json does not have."""
    chosen = enough(uploads(export, random, PATH), count, "uploaded files")
    for upload, number in _apart(export, random, chosen):
        for record in upload.records:
            record.set("attachment", "senderid", number)


@damage("HC409")
def unknown_deleter(export: EditableExport, random: Random, count: int) -> None:
    """Let a room message be deleted by somebody whom users.json does not have."""
    chosen = enough(deletions(export, random), count, "room messages that are deleted or can be")
    for message, number in _apart(export, random, chosen):
        message.set("deleted", "user_id", number)


@damage("HC410")
def unknown_autojoin_user(export: EditableExport, random: Random, count: int) -> None:
    """Add autojoins of somebody whom users.json does not have."""
    for number in strangers(export, random, count):
        export.append(AUTOJOINS, "AutoJoin", {"id": f"pref:autoJoin:{number}", "data": "[]"})


@damage("HC411")
def unknown_autojoin_target(export: EditableExport, random: Random, count: int) -> None:
    """Add autojoins that open a room or a conversation that is not there."""
    users = [user.value["id"] for user in export.records(USERS)]
    people = enough((random.choice(users) for _ in range(count if users else 0)), count, "users, of whom one will do")
    for owner, number in _apart(export, random, people):
        jid = random.choice([f"1_room_{slug(random).lower()}@conf.btf.hipchat.com", f"1_{number}@chat.btf.hipchat.com"])
        data = go_json([{"jid": jid, "name": "Lobby"}]).decode()
        export.append(AUTOJOINS, "AutoJoin", {"id": f"pref:autoJoin:{owner}", "data": data})


def _listed(export: EditableExport, random: Random, count: int, key: str) -> None:
    """Add somebody unknown to a list of rooms; one room may be chosen again."""
    rooms = export.records(ROOMS)
    chosen = enough((random.choice(rooms) for _ in range(count if rooms else 0)), count, "rooms, of which one will do")
    for room, number in _apart(export, random, chosen):
        room.set(key, [*room.value[key], number])


def _apart(export: EditableExport, random: Random, things: Iterable[T]) -> Iterable[tuple[T, int]]:
    """Pair things with ids that nobody has, each with another: a rule speaks once of an id."""
    known = list(things)
    return zip(known, strangers(export, random, len(known)), strict=True)
