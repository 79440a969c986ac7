"""Damage to single properties of users, rooms and emoticons."""

from collections.abc import Callable, Iterator
from random import Random

from hcfmt.damage.selection import shuffled, take, unused_name
from hcfmt.damage.selectors import (
    EMOTICONS,
    ROOMS,
    USERS,
    add_earlier_copy,
    has_text,
    last_messages,
    random_word,
)
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.editing import EditableExport, EditableRecord

_NO_ZONES = ("Mountain Time (US & Canada)", "utc+1", "Europe/Atlantis", "W. Europe Standard Time")
_SECRETS = ("password", "password_hash", "api_token", "client_secret")
_LONGEST_TOPIC, _LONGEST_NAME = 250, 50  # characters
_RIGHTS = ("admin", "owner")
_WITH_EMAIL = "users with an e-mail address"


def _users(
    export: EditableExport, random: Random, fits: Callable[[EditableRecord], bool] | None = None
) -> list[EditableRecord]:
    return shuffled(random, filter(fits, export.records(USERS)))


def odd_mention_name(export: EditableExport, random: Random, count: int) -> None:
    """Add a space or another character that ends a mention to a mention name."""
    for user in take(_users(export, random), count, "users"):
        user.set("mention_name", f"{user.value['mention_name']}{random.choice(' @,!')}{random_word(random, 5)}")


def long_account_text(export: EditableExport, random: Random, count: int) -> None:
    """Make a job title longer than 128 characters."""
    for user in take(_users(export, random), count, "users"):
        user.set("title", " ".join(random_word(random, 8) for _ in range(random.randrange(15, 30))))


def odd_email(export: EditableExport, random: Random, count: int) -> None:
    """Give a user a second e-mail address, behind a comma."""
    for user in take(_users(export, random, lambda user: has_text(user.value["email"])), count, _WITH_EMAIL):
        user.set("email", f"{user.value['email']}, {random_word(random, 8)}@example.com")


def missing_email(export: EditableExport, random: Random, count: int) -> None:
    """Remove the e-mail address of an active user who is not a guest."""
    candidates = _users(export, random, lambda user: _is_active(user) and has_text(user.value["email"]))
    for user in take(candidates, count, "active users who are no guests"):
        user.set("email", None)


def _is_active(user: EditableRecord) -> bool:
    return not user.value["is_deleted"] and user.value["account_type"] != "guest"


def roles_without_user(export: EditableExport, random: Random, count: int) -> None:
    """Remove "user" from the roles of a user."""
    for user in take(_users(export, random), count, "users"):
        user.set("roles", [role for role in user.value["roles"] or () if role != "user"] or ["moderator"])


def account_type_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Remove the admin roles of an admin, or give a guest one of them."""
    candidates = _users(export, random, lambda user: user.value["account_type"] != "user" or not _has_rights(user))
    for user in take(candidates, count, "users without rights, admins and guests"):
        roles: list[str] = user.value["roles"] or []
        match user.value["account_type"]:
            case "admin":
                user.set("roles", [role for role in roles if role not in _RIGHTS])
            case "guest":
                user.set("roles", [*roles, random.choice(_RIGHTS)])
            case _:
                user.set("account_type", "admin")


def _has_rights(user: EditableRecord) -> bool:
    return any(role in _RIGHTS for role in user.value["roles"] or ())


def foreign_group(export: EditableExport, random: Random, count: int) -> None:
    """Give an emoticon another group than 1."""
    for emoticon in take(shuffled(random, export.records(EMOTICONS)), count, "emoticons"):
        emoticon.set("group_id", random.randrange(2, 10_000))


def long_name(export: EditableExport, random: Random, count: int) -> None:
    """Make a topic longer than 250 characters: the topic of a room, or an earlier one; or a name longer than 50."""
    if export.dialect != HC_MIGRATE:  # there, a message holds a topic as its text
        for room in take(shuffled(random, export.records(ROOMS)), count, "rooms"):
            room.set("name", f"{room.value['name']} {random_word(random, _LONGEST_NAME)}")
        return
    for record in take(
        _rooms_or_earlier_messages(export, random, "TopicRoomMessage"), count, "rooms whose topic can be changed alone"
    ):
        topic = record.value["topic"] or "everything "
        text = topic * (_LONGEST_TOPIC // len(topic) + 1) + random_word(random)
        record.set("topic", text)


def _rooms_or_earlier_messages(export: EditableExport, random: Random, kind: str) -> Iterator[EditableRecord]:
    """Yield rooms without a message of a kind; for other rooms, a message that is added before the last one.

    The last message must agree with the room, so changing it would break a second rule.
    """
    for room in shuffled(random, export.records(ROOMS)):
        latest = last_messages(export, room, kind)
        added = add_earlier_copy(export, random, room, latest[0]) if latest else room
        if added:
            yield added


def odd_canonical_name(export: EditableExport, random: Random, count: int) -> None:
    """Rename a room; it keeps its canonical name."""
    rooms = export.records(ROOMS)
    used_names = [canonical_name(room.value["name"]) for room in rooms] + [
        room.value["canonical_name"] for room in rooms
    ]
    unrenamed = [room for room in rooms if room.value["canonical_name"] == canonical_name(room.value["name"])]
    for room in take(shuffled(random, unrenamed), count, "rooms that were never renamed"):
        used_names.append(unused_name(used_names, "The Lounge"))
        room.set("name", used_names[-1])


def odd_guest_url(export: EditableExport, random: Random, count: int) -> None:
    """Give a guest URL a key of another form: the URL of a room, or an earlier one."""
    noun = "rooms whose guest URL can be changed alone"
    for record in take(_rooms_or_earlier_messages(export, random, "GuestAccessMessage"), count, noun):
        key = "guest_access_url" if record.kind == "Room" else "url"
        record.set(key, f"https://hipchat.example.com/{random_word(random, 7)}_")


def unknown_timezone(export: EditableExport, random: Random, count: int) -> None:
    """Give a user a time zone that IANA does not have."""
    for user in take(_users(export, random), count, "users"):
        user.set("timezone", random.choice(_NO_ZONES))


def secret_in_export(export: EditableExport, random: Random, count: int) -> None:
    """Give a user a property that is named like a secret."""
    for user in take(_users(export, random), count, "users"):
        user.set(random.choice([name for name in _SECRETS if name not in user.value]), random_word(random, 20))
