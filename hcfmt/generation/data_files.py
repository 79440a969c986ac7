"""Generates the data files: users, rooms, emoticons, autojoins, preferences and metadata."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hcfmt.export.go_json import go_json
from hcfmt.generation.world import Emoticon, Person, Room, World
from hcfmt.rng import random_for
from hcfmt.version import __version__

_THEMES = {
    "chatView": ("classic", "classic_neue"),
    "density": ("normal", "tighter"),
    "nameDisplay": ("names", "mentions"),
    "theme": ("light", "dark"),
}
"""Appearance preferences (docs/format.md#preferences-file) and the values that the client knows."""
_JOINED = range(1, 7)  # rooms that a client opens when it starts


def data_files(world: World) -> dict[str, bytes]:
    """Return the text of every data file by path."""
    return {
        "autojoins.json": go_json({"AutoJoins": _autojoins(world)}),
        "emoticons.json": go_json({"Emoticons": [emoticon_record(emoticon) for emoticon in world.emoticons]}),
        "metadata.json": go_json({"producer": "hcfmt", "version": __version__}),
        "preferences.json": go_json({str(person.id): _preferences(world, person) for person in world.people}),
        "rooms.json": go_json([{"Room": room_record(room)} for room in world.rooms]),
        "users.json": go_json([{"User": user_record(person)} for person in world.people]),
    }


def _iso_date(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def user_record(person: Person) -> dict[str, Any]:
    """Return the record of a person in users.json."""
    metadata = {"confirmation_unix_time": person.created + 600} | (
        {"guest_key": person.guest_key} if person.guest_key else {}
    )
    return {
        "id": person.id,
        "name": person.name,
        "mention_name": person.mention_name,
        "email": person.email,
        "title": person.title,
        "avatar": f"files/photos/{person.id}/{person.avatar}" if person.avatar else person.avatar,
        "created": _iso_date(person.created),
        "is_deleted": person.is_deleted,
        "timezone": person.timezone,
        "account_type": person.account_type,
        "roles": person.roles,
        "rooms": [],
        "metadata": go_json(metadata).decode(),
    }


def room_record(room: Room) -> dict[str, Any]:
    """Return the record of a room in rooms.json."""
    return {
        "id": room.id,
        "created": _iso_date(room.created),
        "guest_access_url": room.guest_url,
        "is_archived": room.is_archived,
        "members": room.members,
        "canonical_name": room.canonical_name,
        "name": room.name,
        "owner": room.owner,
        "participants": [],
        "privacy": room.privacy,
        "room_admins": room.admins,
        "topic": room.topic,
        "is_deleted": room.is_deleted,
    }


def emoticon_record(emoticon: Emoticon) -> dict[str, Any]:
    """Return the record of an emoticon in emoticons.json."""
    return {
        "ID": emoticon.id,
        "user_id": emoticon.user_id,
        "group_id": 1,
        "path": emoticon.path,
        "shortcut": emoticon.shortcut,
        "width": emoticon.edge,
        "height": emoticon.edge,
        "audio_path": "",
    }


def _joins(person: Person) -> bool:
    return not person.is_deleted and not person.guest_key


def _autojoins(world: World) -> list[dict[str, str]]:
    """Return the autojoins of all people."""
    public = [number for number, room in enumerate(world.rooms) if room.privacy == "public"]
    private = defaultdict[int, list[int]](list)
    for number, room in enumerate(world.rooms):
        for member in room.members:  # none of a public room
            private[member].append(number)
    return [_autojoin(world, person, sorted(public + private[person.id])) for person in world.people if _joins(person)]


def _autojoin(world: World, person: Person, numbers: Sequence[int]) -> dict[str, str]:
    """Return the autojoins of a person: some of the rooms that the person may enter, and of private conversations."""
    random = random_for(world.plan.seed, "autojoin", person.id)
    partners = [other for pair in world.pairs_of[person.id] for other in pair if other != person.id]
    opened = [
        {"jid": f"1_{world.rooms[number].canonical_name}@conf.btf.hipchat.com", "name": world.rooms[number].name}
        for number in random.sample(numbers, min(len(numbers), random.choice(_JOINED)))
    ]
    opened += [
        {"jid": f"1_{other}@chat.btf.hipchat.com", "name": world.person[other].name}
        for other in random.sample(partners, min(len(partners), 2))
    ]
    return {"id": f"pref:autoJoin:{person.id}", "data": go_json(opened).decode()}


def _preferences(world: World, person: Person) -> dict[str, str]:
    random = random_for(world.plan.seed, "preferences", person.id)
    return {name: random.choice(values) for name, values in _THEMES.items()}
