"""Damage to what is said of users, rooms and emoticons."""

from collections.abc import Callable, Iterator
from random import Random

from hcfmt.damage.kind import damage, enough, shuffled, unused
from hcfmt.damage.parts import EMOTICONS, ROOMS, USERS, earlier, has_text, last, slug
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.editing import EditableExport, EditableRecord

_NO_ZONES = ("Mountain Time (US & Canada)", "utc+1", "Europe/Atlantis", "W. Europe Standard Time")
_SECRETS = ("password", "password_hash", "api_token", "client_secret")
_LONGEST_TOPIC = 250  # characters
_RIGHTS = ("admin", "owner")


def _users(
    export: EditableExport, random: Random, fits: Callable[[EditableRecord], bool] | None = None
) -> list[EditableRecord]:
    return shuffled(random, filter(fits, export.records(USERS)))


@damage("HC704")
def odd_mention_name(export: EditableExport, random: Random, count: int) -> None:
    """Put a space or another character that ends a mention into a mention name."""
    for user in enough(_users(export, random), count, "users"):
        user.set("mention_name", f"{user.value['mention_name']}{random.choice(' @,!')}{slug(random, 5)}")


@damage("HC705")
def missing_email(export: EditableExport, random: Random, count: int) -> None:
    """Take the e-mail address from an active user who is no guest."""
    fitting = _users(export, random, lambda user: _is_active(user) and has_text(user.value["email"]))
    for user in enough(fitting, count, "active users who are no guests"):
        user.set("email", None)


def _is_active(user: EditableRecord) -> bool:
    return not user.value["is_deleted"] and user.value["account_type"] != "guest"


@damage("HC706")
def roles_without_user(export: EditableExport, random: Random, count: int) -> None:
    """Take "user" out of the roles of a user."""
    for user in enough(_users(export, random), count, "users"):
        user.set("roles", [role for role in user.value["roles"] if role != "user"] or ["moderator"])


@damage("HC707")
def account_type_disagrees(export: EditableExport, random: Random, count: int) -> None:
    """Leave an admin without a role that says so, or give a guest one."""
    fitting = _users(export, random, lambda one: one.value["account_type"] != "user" or not _has_rights(one))
    for user in enough(fitting, count, "users without rights, admins and guests"):
        roles: list[str] = user.value["roles"]
        match user.value["account_type"]:
            case "admin":
                user.set("roles", [role for role in roles if role not in _RIGHTS])
            case "guest":
                user.set("roles", [*roles, random.choice(_RIGHTS)])
            case _:
                user.set("account_type", "admin")


def _has_rights(user: EditableRecord) -> bool:
    return any(role in _RIGHTS for role in user.value["roles"])


@damage("HC708")
def foreign_group(export: EditableExport, random: Random, count: int) -> None:
    """Put an emoticon into another group than 1."""
    for emoticon in enough(shuffled(random, export.records(EMOTICONS)), count, "emoticons"):
        emoticon.set("group_id", random.randrange(2, 10_000))


@damage("HC709")
def long_name(export: EditableExport, random: Random, count: int) -> None:
    """Make a topic longer than 250 characters: that of a room, or one that it had before."""
    for record in enough(_once_said(export, random, "TopicRoomMessage"), count, "rooms, or topics that were another's"):
        topic = record.value["topic"] or "everything "
        text = topic * (_LONGEST_TOPIC // len(topic) + 1) + slug(random)
        record.set("topic", text)


def _once_said(export: EditableExport, random: Random, kind: str) -> Iterator[EditableRecord]:
    """Yield rooms about which no message of a kind was ever sent; of others a message that is not the last.

    What the last one says is what the room must say, so that the same would be wrong twice.
    """
    for room in shuffled(random, export.records(ROOMS)):
        latest = last(export, room, kind)
        added = earlier(export, random, room, latest[0]) if latest else room
        if added:
            yield added


@damage("HC710")
def odd_canonical_name(export: EditableExport, random: Random, count: int) -> None:
    """Rename a room; it keeps its canonical name."""
    rooms = export.records(ROOMS)
    taken = [canonical_name(one.value["name"]) for one in rooms] + [one.value["canonical_name"] for one in rooms]
    fitting = [one for one in rooms if one.value["canonical_name"] == canonical_name(one.value["name"])]
    for room in enough(shuffled(random, fitting), count, "rooms that were never renamed"):
        taken.append(unused(taken, "The Lounge"))
        room.set("name", taken[-1])


@damage("HC711")
def odd_guest_url(export: EditableExport, random: Random, count: int) -> None:
    """Give an address for guests a key of another form: that of a room, or one that it had before."""
    what = "rooms, or addresses that were another's"
    for record in enough(_once_said(export, random, "GuestAccessMessage"), count, what):
        key = "guest_access_url" if record.kind == "Room" else "url"
        record.set(key, f"https://hipchat.example.com/{slug(random, 7)}_")


@damage("HC712")
def unknown_timezone(export: EditableExport, random: Random, count: int) -> None:
    """Give a user a time zone that IANA does not have."""
    for user in enough(_users(export, random), count, "users"):
        user.set("timezone", random.choice(_NO_ZONES))


@damage("HC713")
def secret_in_export(export: EditableExport, random: Random, count: int) -> None:
    """Give a user a property that is named like a secret."""
    for user in enough(_users(export, random), count, "users"):
        user.set(random.choice([name for name in _SECRETS if name not in user.value]), slug(random, 20))
