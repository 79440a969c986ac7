"""Damage to ids that refer to users and rooms."""

from collections.abc import Iterable
from random import Random

from hcfmt.damage.selection import T, shuffled, take
from hcfmt.damage.selectors import (
    AUTOJOINS,
    EMOTICONS,
    ROOMS,
    USERS,
    deletions,
    private_copies,
    random_word,
    room_messages,
    sender_id,
    unknown_ids,
)
from hcfmt.damage.stored_files import PATH, uploads
from hcfmt.export.editing import EditableExport
from hcfmt.export.go_json import go_json


def unknown_sender(export: EditableExport, random: Random, count: int) -> None:
    """Give a room message a sender that users.json does not have."""
    sent = (message for message in room_messages(export, random) if sender_id(message))
    for message, number in _with_unknown_ids(export, random, take(sent, count, "room messages of users with an id")):
        message.set("sender", "id", number)


def unknown_receiver(export: EditableExport, random: Random, count: int) -> None:
    """Give a private message a receiver that users.json does not have, and remove the other copy."""
    chosen = take(private_copies(export, random), count, "private messages in the history of their sender")
    for (sent, received), number in _with_unknown_ids(export, random, chosen):
        sent.set("receiver", "id", number)
        if received:
            received.remove()


def unknown_room_member(export: EditableExport, random: Random, count: int) -> None:
    """Give a room a member that users.json does not have."""
    _add_to_list(export, random, count, "members")


def unknown_owner(export: EditableExport, random: Random, count: int) -> None:
    """Give a room an owner that users.json does not have."""
    rooms = take(shuffled(random, export.records(ROOMS)), count, "rooms")
    for room, number in _with_unknown_ids(export, random, rooms):
        room.set("owner", number)


def unknown_room_admin(export: EditableExport, random: Random, count: int) -> None:
    """Give a room an admin that users.json does not have."""
    _add_to_list(export, random, count, "room_admins")


def unknown_participant(export: EditableExport, random: Random, count: int) -> None:
    """Give a room a participant that users.json does not have."""
    _add_to_list(export, random, count, "participants")


def unknown_emoticon_owner(export: EditableExport, random: Random, count: int) -> None:
    """Give an emoticon an owner that users.json does not have."""
    emoticons = take(shuffled(random, export.records(EMOTICONS)), count, "emoticons")
    for emoticon, number in _with_unknown_ids(export, random, emoticons):
        emoticon.set("user_id", number)


def unknown_uploader(export: EditableExport, random: Random, count: int) -> None:
    """Give an uploaded file an uploader that users.json does not have."""
    chosen = take(uploads(export, random, PATH), count, "uploaded files")
    for upload, number in _with_unknown_ids(export, random, chosen):
        for record in upload.records:
            record.set("attachment", "senderid", number)


def unknown_deleter(export: EditableExport, random: Random, count: int) -> None:
    """Give a deleted room message a deleter that users.json does not have."""
    chosen = take(deletions(export, random), count, "room messages that are deleted or can be")
    for message, number in _with_unknown_ids(export, random, chosen):
        message.set("deleted", "user_id", number)


def unknown_autojoin_user(export: EditableExport, random: Random, count: int) -> None:
    """Add autojoins of a user that users.json does not have."""
    for number in unknown_ids(export, random, count):
        export.append(AUTOJOINS, "AutoJoin", {"id": f"pref:autoJoin:{number}", "data": "[]"})


def unknown_autojoin_target(export: EditableExport, random: Random, count: int) -> None:
    """Add autojoins that open a room or a conversation that does not exist."""
    users = [user.value["id"] for user in export.records(USERS)]
    people = take((random.choice(users) for _ in range(count if users else 0)), count, "users, of whom one is enough")
    for owner, number in _with_unknown_ids(export, random, people):
        room = f"1_room_{random_word(random).lower()}@conf.btf.hipchat.com"
        jid = random.choice([room, f"1_{number}@chat.btf.hipchat.com"])
        data = go_json([{"jid": jid, "name": "Lobby"}]).decode()
        export.append(AUTOJOINS, "AutoJoin", {"id": f"pref:autoJoin:{owner}", "data": data})


def _add_to_list(export: EditableExport, random: Random, count: int, key: str) -> None:
    """Add an unknown user to a list of a room; the same room may be chosen again."""
    rooms = export.records(ROOMS)
    chosen = take((random.choice(rooms) for _ in range(count if rooms else 0)), count, "rooms, of which one is enough")
    for room, number in _with_unknown_ids(export, random, chosen):
        room.set(key, [*(room.value[key] or ()), number])


def _with_unknown_ids(export: EditableExport, random: Random, values: Iterable[T]) -> Iterable[tuple[T, int]]:
    """Pair values with different ids that no user has: a rule reports an id once."""
    order = list(values)
    return zip(order, unknown_ids(export, random, len(order)), strict=True)
