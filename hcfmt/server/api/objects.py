"""The API's objects of people, rooms, emoticons and webhooks, made of an export's records (facts 4.6, 4.7, 4.13).

Pure functions. What a record lacks, because the archive is unsound, is None, "" or [] here; what no archive tells
(presence, a room's avatar) is None.
"""

import json
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from hcfmt.export.references import variant_path
from hcfmt.server.api import dates
from hcfmt.server.api.links import Links
from hcfmt.server.store.avatars import AVATAR

Record = Mapping[str, Any]
Object = dict[str, Any]

GROUP = 1
"""The number of the one group: a Server's is always 1 (facts 1.4)."""

GROUP_NAME = "Archive"
"""The group's name, which no archive tells."""

_VERSION_BYTES = 5  # make 8 characters in base 32
UNKNOWN_VERSION = "00000000"
"""The version of what is not in the archive (facts 4.5)."""


def version(record: Record) -> str:
    """Return 8 characters that change when a record does, as an etag does."""
    text = json.dumps(record, sort_keys=True).encode("ascii")
    return b32encode(blake2b(text, digest_size=_VERSION_BYTES).digest()).decode("ascii")


def user_ref(links: Links, record: Record) -> Object:
    """Return a reference to a user, which is also how collections of users list one: always these five keys."""
    return {
        "id": record["id"],
        "links": {"self": links.user(record["id"])},
        "mention_name": record.get("mention_name") or "",
        "name": record.get("name") or "",
        "version": version(record),
    }


def unknown_user_ref(links: Links, sender: Record) -> Object:
    """Return a reference to a user whom the archive does not have, made of what a message tells of its sender."""
    number = sender.get("id")
    return {
        "id": number,
        "links": {"self": links.user(number if isinstance(number, int) else 0)},
        "mention_name": sender.get("mention_name") or "",
        "name": sender.get("name") or "",
        "version": UNKNOWN_VERSION,
    }


def user(links: Links, record: Record, last_active: int | None) -> Object:
    """Return a user's full form; ``last_active`` in microseconds since 1970 UTC."""
    photo = photo_path(record, "_125")
    return user_ref(links, record) | {
        "created": dates.with_offset(record.get("created")),
        "email": record.get("email"),
        "group": group_ref(links),
        "is_deleted": bool(record.get("is_deleted")),
        "is_group_admin": record.get("account_type") == "admin",
        "is_guest": record.get("account_type") == "guest",
        "last_active": dates.to_unix(last_active),
        "photo_url": links.stored(photo) if photo else None,
        "presence": None,
        "roles": list(record.get("roles") or []),
        "timezone": record.get("timezone") or "UTC",
        "title": record.get("title") or "",
        "xmpp_jid": f"{GROUP}_{record['id']}@chat.btf.hipchat.com",
    }


def photo_path(record: Record, size: str) -> str | None:
    """Return where a user's photo is stored in a size, "_36", "_125" or "" for the original; None for no photo."""
    known = AVATAR.fullmatch(record.get("avatar") or "")
    return variant_path(f"users/{known[1]}/avatars/{known[2]}", size) if known else None


def group_ref(links: Links) -> Object:
    """Return a reference to the group."""
    return {"id": GROUP, "links": {"self": links.group(GROUP)}, "name": GROUP_NAME}


def room_ref(links: Links, record: Record) -> Object:
    """Return a room as collections of rooms list one."""
    below = {name: links.room(record["id"], name.removesuffix("s")) for name in ("webhooks", "participants")}
    if record.get("privacy") == "private":
        below["members"] = links.room(record["id"], "member")
    return {
        "id": record["id"],
        "is_archived": bool(record.get("is_archived")),
        "links": {"self": links.room(record["id"]), **below},
        "name": record.get("name") or "",
        "privacy": record.get("privacy") or "public",
        "version": version(record),
    }


def room(
    links: Links,
    record: Record,
    *,
    owner: Object | None,
    participants: Sequence[Object],
    last_active: int | None,
    avatar: str | None = None,
) -> Object:
    """Return a room's full form.

    Its owner and participants are references, ``last_active`` is in microseconds, ``avatar`` the path of a stored file.
    """
    return room_ref(links, record) | {
        "avatar_url": links.stored(avatar) if avatar else None,
        "created": dates.with_offset(record.get("created")),
        "delegate_admin_visibility": None,
        "guest_access_url": record.get("guest_access_url"),
        "is_guest_accessible": bool(record.get("guest_access_url")),
        "last_active": None if last_active is None else dates.to_api_second(last_active),
        "owner": owner,
        "participants": list(participants),
        "statistics": {"links": {"self": links.room(record["id"], "statistics")}},
        "topic": record.get("topic") or "",
        "xmpp_jid": f"{GROUP}_{record.get('canonical_name') or record['id']}@conf.btf.hipchat.com",
    }


def member_ids(record: Record) -> list[int]:
    """Return the ids of those whom a room's record names as members, each once; some exports have objects for ids."""
    return _ids(record.get("members"))


def people_ids(record: Record) -> list[int]:
    """Return the ids of those who are known to be in a room: its members, in a public room its owner and admins."""
    if record.get("privacy") == "private":
        return member_ids(record)
    everybody = [*_ids(record.get("members")), *_ids(record.get("participants")), *_ids([record.get("owner")])]
    return list(dict.fromkeys([*everybody, *_ids(record.get("room_admins"))]))


def _ids(values: object) -> list[int]:
    listed: Iterable[Any] = values if isinstance(values, list) else []
    numbers = [value.get("id") if isinstance(value, dict) else value for value in listed]
    return list(dict.fromkeys(number for number in numbers if type(number) is int))


def member(links: Links, record: Record, room_record: Record) -> Object:
    """Return a user as the members of a room are listed: with the roles in that room."""
    is_admin = record["id"] in _ids(room_record.get("room_admins"))
    return user_ref(links, record) | {"room_roles": ["room_member", *["room_admin"] * is_admin]}


def emoticon_ref(links: Links, record: Record) -> Object:
    """Return an emoticon as the collection lists it; an export has the group's own emoticons alone."""
    return {
        "id": record["ID"],
        "links": {"self": links.emoticon(record["ID"])},
        "shortcut": record.get("shortcut") or "",
        "type": "group",
        "url": links.stored(f"files/img/emoticons/{record.get('path') or ''}"),
    }


def emoticon(links: Links, record: Record, creator: Object | None) -> Object:
    """Return an emoticon's full form; its creator is a reference."""
    return emoticon_ref(links, record) | {
        "audio_path": record.get("audio_path") or None,
        "creator": creator,
        "height": record.get("height") or 0,
        "width": record.get("width") or 0,
    }


def webhook(links: Links, number: int, told: Record) -> Object:
    """Return a webhook, made of what the server keeps of it."""
    kept = {name: told[name] for name in ("authentication", "created", "event", "key", "name", "pattern", "url")}
    return kept | {"id": number, "links": {"self": links.webhook(told["room"], number)}}
