"""Variants of damage to ids and names that must be unique, and to references."""

from collections.abc import Callable
from random import Random

from hcfmt.damage.damage import Damage, DamageFunction
from hcfmt.damage.duplicates import not_deleted, pairs_with_email
from hcfmt.damage.selection import pairs, shuffled, take, unused_name
from hcfmt.damage.selectors import (
    AUTOJOINS,
    EMOTICONS,
    ROOMS,
    USERS,
    emoticon_id,
    private_copies,
    random_word,
    text_messages,
    unknown_ids,
)
from hcfmt.export.editing import EditableExport
from hcfmt.export.go_json import go_json

_PEOPLE = "pairs of users who are not deleted"


def _same_user(export: EditableExport, random: Random, count: int) -> None:
    """Add a user a second time, the same in everything."""
    for user in take(shuffled(random, export.records(USERS)), count, "users"):
        export.append(USERS, user.kind, user.value)


def _same_room(export: EditableExport, random: Random, count: int) -> None:
    """Add a room a second time, the same in everything."""
    for room in take(shuffled(random, export.records(ROOMS)), count, "rooms"):
        export.append(ROOMS, room.kind, room.value)


def _emoticon_id(export: EditableExport, random: Random, count: int) -> None:
    """Add an emoticon with the ID of another, and another shortcut."""
    emoticons = export.records(EMOTICONS)
    shortcuts = [emoticon.value["shortcut"] for emoticon in emoticons]
    for emoticon in take(shuffled(random, emoticons), count, "emoticons"):
        shortcuts.append(unused_name(shortcuts, "twin"))
        export.append(EMOTICONS, "Emoticon", {**emoticon.value, "shortcut": shortcuts[-1]})


def _emoticon_shortcut(export: EditableExport, random: Random, count: int) -> None:
    """Add an emoticon with the shortcut of another, and another ID."""
    chosen = take(shuffled(random, export.records(EMOTICONS)), count, "emoticons")
    for emoticon, number in zip(chosen, unknown_ids(export, random, count), strict=True):
        export.append(EMOTICONS, "Emoticon", {**emoticon.value, emoticon_id(export): number})


def _same_message(export: EditableExport, random: Random, count: int) -> None:
    """Write a room message twice, the same in everything."""
    for message in take(text_messages(export, random), count, "room messages with a text and without a file"):
        export.append(message.member, message.kind, message.value)


def _another_version(export: EditableExport, random: Random, count: int) -> None:
    """Write a room message twice, with another text the second time."""
    for message in take(text_messages(export, random), count, "room messages with a text and without a file"):
        export.append(message.member, message.kind, {**message.value, "message": "(edited)"})


def _same_private_message(export: EditableExport, random: Random, count: int) -> None:
    """Write a private message twice into the history of its sender, the same in everything."""
    chosen = take(private_copies(export, random), count, "private messages in the history of their sender")
    for sent, _ in chosen:
        export.append(sent.member, sent.kind, sent.value)


def _clash_of_mention_names(change: Callable[[str], str]) -> DamageFunction:
    """Return a damage that gives a user the changed mention name of another."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for user, other in take(pairs(shuffled(random, not_deleted(export))), count, _PEOPLE):
            other.set("mention_name", change(user.value["mention_name"]))

    return apply


def _clash_of_addresses(change: Callable[[str], str]) -> DamageFunction:
    """Return a damage that gives a user the changed e-mail address of another."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        candidates = pairs_with_email(shuffled(random, not_deleted(export)))
        for user, other in take(candidates, count, f"{_PEOPLE}, one with an e-mail address"):
            other.set("email", change(user.value["email"]))

    return apply


def _autojoin(jid: str) -> DamageFunction:
    """Return a damage that adds autojoins of a target; ``{id}`` stands for an unknown id, ``{word}`` for a word."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        users = take(export.records(USERS), 1, "users")
        for number in unknown_ids(export, random, count):
            target = jid.format(id=number, word=random_word(random).lower())
            data = go_json([{"jid": target, "name": "Lobby"}]).decode()
            export.append(AUTOJOINS, "AutoJoin", {"id": f"pref:autoJoin:{users[0].value['id']}", "data": data})

    return apply


def _row(code: str, variant: str, about: str, apply: DamageFunction, companions: tuple[str, ...] = ()) -> Damage:
    return Damage(code, apply, companions=companions, variant=variant, about=about)


ROWS = (
    _row("HC411", "room", "Add autojoins that open a room which does not exist.",
         _autojoin("1_room_{word}@conf.btf.hipchat.com")),
    _row("HC411", "conversation", "Add autojoins that open a conversation with a user who does not exist.",
         _autojoin("1_{id}@chat.btf.hipchat.com")),
    _row("HC420", "same-record", "", _same_user),
    _row("HC421", "same-record", "", _same_room),
    _row("HC422", "id", "", _emoticon_id),
    _row("HC422", "shortcut", "", _emoticon_shortcut),
    _row("HC423", "same-record", "", _same_message),
    _row("HC423", "another-version", "", _another_version),
    _row("HC423", "private", "", _same_private_message),
    _row("HC424", "equal", "Give a user exactly the mention name of another; neither is deleted.",
         _clash_of_mention_names(str)),
    _row("HC424", "upper-case", "Give a user the mention name of another in upper case; neither is deleted.",
         _clash_of_mention_names(str.upper)),
    _row("HC425", "equal", "Give a user exactly the e-mail address of another; neither is deleted.",
         _clash_of_addresses(str)),
)  # fmt: skip
"""The rows of this subject: code, variant, what it does, and the function."""
