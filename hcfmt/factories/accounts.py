"""Factories of users, rooms and emoticons."""

import re
from collections.abc import Iterable
from typing import Any
from unicodedata import normalize
from zlib import crc32

from hcfmt.errors import UsageError
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.go_json import go_json
from hcfmt.rng import random_for

Record = dict[str, Any]
"""A record as it is in an export, below the key of its kind."""

HOST = "https://hipchat.example.com"
_CREATED = "2018-01-08T08:00:00+00:00"
_CONFIRMED = 1_515_400_000  # seconds since 1970 UTC
_GIVEN = ("Ada", "Ben", "Carla", "David", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kim", "Lena", "Miro")
_FAMILY = ("Adler", "Brook", "Costa", "Dorn", "Ekman", "Fischer", "Gomez", "Hale", "Ivanov", "Jensen", "Keller")
_ROOMS = ("General", "Development", "Support", "Operations", "Design", "Sales", "Lunch", "Releases")
_KEY = "abcdefghijkmnpqrstuvwxyz23456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_FIRST_EMOTICON, _EMOTICONS = 900_001, 1_000_000  # ids


def name_of(number: int, seed: int = 1) -> str:
    """Return the name of a user without a given one, by the user's id."""
    given, round_ = (number + seed) % len(_GIVEN), (number + seed) // len(_GIVEN)
    family = _FAMILY[(round_ + 3 * given) % len(_FAMILY)]
    return f"{_GIVEN[given]} {family}"


def user(  # noqa: PLR0913 - the properties that tests name
    id: int = 1,  # noqa: A002 - the name of the property
    *,
    name: str | None = None,
    mention_name: str | None = None,
    email: str | None = "",
    title: str = "",
    avatar: bool = False,
    deleted: bool = False,
    guest: bool = False,
    admin: bool = False,
    seed: int = 1,
    **properties: Any,  # noqa: ANN401 - of users.json
) -> Record:
    """Return a user.

    The mention name and the e-mail address, None for guests, follow from the name and the id unless given. With
    ``avatar`` an export has pictures of the user. ``properties`` replace any property of the record; whether it stays
    valid is up to them. Raises UsageError for a guest who is an administrator.
    """
    if guest and admin:
        raise UsageError("A guest is no administrator.")
    random = random_for(seed, "user", id)
    name = name_of(id, seed) if name is None else name
    key = {"guest_key": "".join(random.choices(_KEY, k=8))} if guest else {}
    return {
        "id": id,
        "name": name,
        "mention_name": f"{_in_ascii(name)}-{id}" if mention_name is None else mention_name,
        "email": (None if guest else f"user{id}@example.com") if email == "" else email,
        "title": title,
        "avatar": f"files/photos/{id}/{''.join(random.choices(_LETTERS, k=15))}.png" if avatar else "",
        "created": _CREATED,
        "is_deleted": deleted,
        "timezone": "UTC",
        "account_type": "guest" if guest else "admin" if admin else "user",
        "roles": ["user", "admin"] if admin else ["user"],
        "rooms": [],
        "metadata": go_json({"confirmation_unix_time": _CONFIRMED + id % 1_000_000, **key}).decode(),
        **properties,
    }


def _in_ascii(name: str) -> str:
    """Return the letters and digits of a name without accents; other scripts are left out."""
    return re.sub("[^A-Za-z0-9]", "", normalize("NFKD", name))[:30]


def room(  # noqa: PLR0913 - as of user
    id: int = 1,  # noqa: A002 - as of user
    *,
    name: str | None = None,
    topic: str = "",
    members: int | Iterable[int] | None = None,
    owner: int | None = None,
    private: bool | None = None,
    archived: bool = False,
    deleted: bool = False,
    guests: bool = False,
    seed: int = 1,
    **properties: Any,  # noqa: ANN401 - of rooms.json
) -> Record:
    """Return a room: a private one if it has ``members``, ids of users or the number of the first ones.

    Exports list no members of public rooms. The owner, the first member or user 1 unless given, is a member and the
    administrator. With ``guests`` the room has an address for guests. ``properties`` replace any property of the
    record; whether it stays valid is up to them. Raises UsageError for members of a public room.
    """
    ids = [*range(1, members + 1)] if isinstance(members, int) else [*(members or ())]
    if private is False and ids:
        raise UsageError("Exports list the members of private rooms alone.")
    owner = (ids[0] if ids else 1) if owner is None else owner
    is_private = bool(ids) if private is None else private
    turn, place = divmod(id - 1, len(_ROOMS))
    if name is None:
        # Rocket.Chat has a public channel called general.
        name = "Lobby" if id == 1 and is_private else _ROOMS[place] + (f" {turn + 1}" if turn else "")
    key = "".join(random_for(seed, "room", id).choices(_KEY, k=8))
    return {
        "id": id,
        "created": _CREATED,
        "guest_access_url": guest_url(key) if guests else None,
        "is_archived": archived,
        "members": sorted({owner, *ids}) if is_private else [],
        "canonical_name": canonical_name(name),
        "name": name,
        "owner": owner,
        "participants": [],
        "privacy": "private" if is_private else "public",
        "room_admins": [owner],
        "topic": topic,
        "is_deleted": deleted,
        **properties,
    }


def guest_url(key: str) -> str:
    """Return the address of a room for guests."""
    return f"{HOST}/g{key}"


def emoticon(
    shortcut: str = "party",
    *,
    id: int | None = None,  # noqa: A002 - as of user
    user: int = 1,
    edge: int = 24,
    **properties: Any,  # noqa: ANN401 - of emoticons.json
) -> Record:
    """Return a custom emoticon, a square picture of ``edge`` pixels, uploaded by a user.

    Its id follows from the shortcut unless given. ``properties`` replace any property of the record.
    """
    number = _FIRST_EMOTICON + crc32(shortcut.encode()) % _EMOTICONS if id is None else id
    return {
        "ID": number,
        "user_id": user,
        "group_id": 1,
        "path": f"1/emoticon{number}-{_CONFIRMED}.png",
        "shortcut": shortcut,
        "width": edge,
        "height": edge,
        "audio_path": "",
        **properties,
    }
