"""Users, rooms, emoticons and webhooks of the API, made from records of an export (docs/api.md#room, docs/api.md#user).

Properties that a record of an invalid archive lacks are None, "" or []; properties that no archive holds are None.
"""

import json
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from hcfmt.export.layout import EMOTICON_FILES as EMOTICONS
from hcfmt.export.references import variant_path
from hcfmt.server.api import dates
from hcfmt.server.api.links import Links
from hcfmt.server.settings import CLOUD
from hcfmt.server.store.avatars import AVATAR

Record = Mapping[str, Any]
Object = dict[str, Any]

GROUP = 1
"""The id of the only group, as on every HipChat Server."""

GROUP_NAME = "Archive"
"""The name of the group; archives do not hold it."""

_VERSION_BYTES = 5  # 8 characters in base 32
UNKNOWN_VERSION = "00000000"
"""The version of a user who is not in the archive (docs/api.md#message-from)."""


def version(record: Record) -> str:
    """Return the version of a record: 8 characters that change with it, like an ETag."""
    text = json.dumps(record, sort_keys=True).encode("ascii")
    return b32encode(blake2b(text, digest_size=_VERSION_BYTES).digest()).decode("ascii")


def user_ref(links: Links, record: Record) -> Object:
    """Return the reference of a user, which is also the item of a list; it always has these five keys."""
    return {
        "id": record["id"],
        "links": {"self": links.user(record["id"])},
        "mention_name": record.get("mention_name") or "",
        "name": record.get("name") or "",
        "version": version(record),
    }


def unknown_user_ref(links: Links, sender: Record) -> Object:
    """Return the reference of a user who is not in the archive, made from the sender of a message."""
    number = sender.get("id")
    return {
        "id": number,
        "links": {"self": links.user(number if isinstance(number, int) else 0)},
        "mention_name": sender.get("mention_name") or "",
        "name": sender.get("name") or "",
        "version": UNKNOWN_VERSION,
    }


def user(
    links: Links,
    record: Record,
    last_active: int | None,
    presence: Object | None = None,
    server_version: str = CLOUD,
) -> Object:
    """Return a user; ``last_active`` is in microseconds since 1970 UTC, ``presence`` what ``presence`` returns."""
    photo = photo_path(record, "_125")
    return user_ref(links, record) | {
        "created": dates.with_offset(record.get("created")),
        "email": record.get("email"),
        "group": group_ref(links),
        "is_deleted": bool(record.get("is_deleted")),
        "is_group_admin": record.get("account_type") == "admin",
        "is_guest": record.get("account_type") == "guest",
        "last_active": dates.last_active(last_active, server_version),
        "photo_url": links.stored(photo) if photo else None,
        "presence": presence,
        "roles": list(record.get("roles") or []),
        "timezone": record.get("timezone") or "UTC",
        "title": record.get("title") or "",
        "xmpp_jid": f"{GROUP}_{record['id']}@chat.btf.hipchat.com",
    }


def presence(state: Record) -> Object:
    """Return the presence of a user: offline, unless a client set a ``show``, such as "dnd", or a ``status``."""
    result: Object = {
        "client": {"type": "", "version": ""},
        "idle": 0,
        "is_online": state.get("show") is not None,
        "show": state.get("show"),
    }
    return result | ({"status": state["status"]} if state.get("status") else {})


def photo_path(record: Record, size: str) -> str | None:
    """Return the path of a user's photo, None without one; ``size`` is "_36", "_125" or "" for the original."""
    avatar = AVATAR.fullmatch(record.get("avatar") or "")
    return variant_path(f"users/{avatar[1]}/avatars/{avatar[2]}", size) if avatar else None


def group_ref(links: Links) -> Object:
    """Return the reference of the group."""
    return {"id": GROUP, "links": {"self": links.group(GROUP)}, "name": GROUP_NAME}


def room_ref(links: Links, record: Record) -> Object:
    """Return the reference of a room, which is also the item of a list."""
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
    """Return a room.

    ``owner`` and ``participants`` are references of users, ``last_active`` is in microseconds since 1970 UTC,
    ``avatar`` is the path of a stored file.
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
    """Return the ids of a room's members, each once; some exports hold objects in place of ids."""
    return _ids(record.get("members"))


def people_ids(record: Record) -> list[int]:
    """Return the ids of the people of a room: its members, and in a public room also owner, admins and participants."""
    if record.get("privacy") == "private":
        return member_ids(record)
    people = [*_ids(record.get("members")), *_ids(record.get("participants")), *_ids([record.get("owner")])]
    return list(dict.fromkeys([*people, *_ids(record.get("room_admins"))]))


def _ids(values: object) -> list[int]:
    items: Iterable[Any] = values if isinstance(values, list) else []
    numbers = [item.get("id") if isinstance(item, dict) else item for item in items]
    return list(dict.fromkeys(number for number in numbers if type(number) is int))


def member(links: Links, record: Record, room_record: Record) -> Object:
    """Return a member of a room: the reference of a user with its roles in the room."""
    is_admin = record["id"] in _ids(room_record.get("room_admins"))
    return user_ref(links, record) | {"room_roles": ["room_member", *["room_admin"] * is_admin]}


def emoticon_ref(links: Links, record: Record) -> Object:
    """Return the reference of an emoticon; an export holds the emoticons of the group only."""
    return {
        "id": record["ID"],
        "links": {"self": links.emoticon(record["ID"])},
        "shortcut": record.get("shortcut") or "",
        "type": "group",
        "url": links.stored(f"{EMOTICONS}{record.get('path') or ''}"),
    }


def emoticon(links: Links, record: Record, creator: Object | None) -> Object:
    """Return an emoticon; ``creator`` is the reference of a user."""
    return emoticon_ref(links, record) | {
        "audio_path": record.get("audio_path") or None,
        "creator": creator,
        "height": record.get("height") or 0,
        "width": record.get("width") or 0,
    }


def webhook(url: str, number: int, document: Record) -> Object:
    """Return a webhook, made from the document under which the server stores it; ``url`` is its own."""
    names = ("authentication", "created", "event", "key", "name", "pattern", "url")
    properties = {name: document[name] for name in names}
    return properties | {"id": number, "links": {"self": url}}
