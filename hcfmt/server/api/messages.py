"""The API's messages, made of the records of histories; each kind has the keys that captures show (facts 4.5)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from hcfmt.server.api import dates
from hcfmt.server.api.links import Links
from hcfmt.server.api.objects import Object, Record, unknown_user_ref

if TYPE_CHECKING:
    from hcfmt.server.store import Message

MENTIONED = 250
"""How many people a message mentions at most: "@all" stands for everybody, and a hostile text for many more."""

TYPES: Mapping[str, str] = {
    "UserMessage": "message",
    "PrivateUserMessage": "message",
    "NotificationMessage": "notification",
    "TopicRoomMessage": "topic",
    "GuestAccessMessage": "guest_access",
    "ArchiveRoomMessage": "message",
}
"""A message's ``type`` by its wrapper key. The API has none for archiving: it is shown as what its sender said."""

COLORS = ("yellow", "green", "red", "purple", "gray")

# What is extended information of a link, by its type (facts 4.5).
_LINKED: Mapping[str, Sequence[str]] = {
    "image": ("image", "name"),
    "link": ("description", "faviconUrl", "fullUrl", "headerText", "linkText", "title"),
    "twitter_status": ("created", "name", "profileImageUrl", "screenName", "source", "text"),
    "twitter_user": ("followers", "name", "profileImageUrl", "screenName"),
    "video": ("author", "thumbnailUrl", "title", "views"),
}
# How an export's previews call what the API has under other names.
_RENAMED: Mapping[str, Mapping[str, str]] = {
    "link": {"fullUrl": "url", "title": "name"},
    "video": {"thumbnailUrl": "image", "title": "name"},
}
# What may stand behind an @, cf. the rule HC704: everything but white space, control characters and ASCII punctuation.
_MENTION = re.compile(r"@([^\x00-,/:-@\[-^`{-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]{1,200})")
_EVERYBODY = frozenset({"all", "here"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a history's messages stand, and who is there.

    ``files`` is where its attachments are, such as "rooms/7/files". ``user`` gives a reference to a user by id,
    ``mentioned`` by mention name, both None for nobody; ``everybody`` gives those whom "@all" and "@here" mean.
    """

    links: Links
    files: str
    user: Callable[[int], Object | None]
    mentioned: Callable[[str], Object | None]
    everybody: Callable[[], Sequence[Object]]


def message(place: Place, told: "Message") -> Object:
    """Return a message: its keys are those of its kind, and of what came with it."""
    record = told.record
    is_deleted = isinstance(record.get("deleted"), dict)
    shown: Object = {
        "date": dates.to_api(told.time),
        "from": _sender(place, told.kind, record),
        "id": str(record.get("id") or "").lower(),
        "mentions": [],
        "message": "" if is_deleted else _text(told.kind, record),
        "type": TYPES.get(told.kind, "message"),
    }
    if told.kind == "NotificationMessage":
        return shown | _notification(record, is_deleted=is_deleted)
    return shown if is_deleted else shown | _come_along(place, record, shown["message"])


def _come_along(place: Place, record: Record, text: str) -> Object:
    """Return what came with a text: mentions, a file, what is known of links."""
    more: Object = {"mentions": _mentions(place, text)}
    attachment, previews = record.get("attachment"), record.get("metadata")
    if isinstance(attachment, dict):
        more["file"] = _file(place, attachment)
    if isinstance(previews, list) and (extracted := list(_message_links(previews))):
        more["message_links"] = extracted
    return more


def _sender(place: Place, kind: str, record: Record) -> Object | str | None:
    """Return who sent a message: a reference, or the bare name of an integration, which is no user."""
    sender = record.get("sender")
    if not isinstance(sender, dict):
        return None
    number = sender.get("id")
    if not number or kind == "NotificationMessage":
        return str(sender.get("name") or "")
    return (place.user(number) if isinstance(number, int) else None) or unknown_user_ref(place.links, sender)


def _text(kind: str, record: Record) -> str:
    """Return what a message says; of a change of topic or guest access that says nothing the topic, or the address."""
    instead = {"TopicRoomMessage": "topic", "GuestAccessMessage": "url"}.get(kind, "")
    return str(record.get("message") or record.get(instead) or "")


def _notification(record: Record, *, is_deleted: bool) -> Object:
    """Return what notifications have besides; an export does not tell an integration's number."""
    sender = record.get("sender")
    number = sender.get("id") if isinstance(sender, dict) else None
    color = record.get("color")
    return {
        "attach_to": record.get("attach_to"),
        "card": None if is_deleted else record.get("card") or None,
        "color": color if color in COLORS else "gray",
        "message_format": "text" if record.get("format") == "text" else "html",
        "notification_sender": {"client_id": None, "id": number or None, "type": "user" if number else "addon"},
    }


def _mentions(place: Place, text: str) -> list[Object]:
    """Return those whom a text mentions, each once, in order; "@all" and "@here" mention everybody who is meant."""
    if "@" not in text:
        return []
    found: dict[int, Object] = {}
    names = dict.fromkeys(known[1] for known in _MENTION.finditer(text))
    for name in islice(names, MENTIONED):
        bare = name.rstrip(".-")  # which may end a sentence as well as a name
        one = place.mentioned(name) or (place.mentioned(bare) if bare not in {"", name} else None)
        meant = [one] if one else place.everybody() if bare.lower() in _EVERYBODY else ()
        found.update((user["id"], user) for user in meant)
    return list(found.values())[:MENTIONED]


def _file(place: Place, attachment: Record) -> Object:
    """Return a file as a message tells of it; ``thumb_url`` only where there is a preview."""
    path = str(attachment.get("path") or "")
    shown: Object = {
        "name": str(attachment.get("name") or path).rpartition("/")[2],
        "size": attachment.get("size") or 0,
        "url": place.links.stored(f"{place.files}/{path}"),
    }
    if attachment.get("thumbnail"):
        shown["thumb_url"] = place.links.stored(f"{place.files}/{attachment['thumbnail']}")
    return shown


def _message_links(previews: Sequence[Any]) -> Iterator[Object]:
    """Yield what is known of the links in a message, as far as the API has a type for it."""
    for preview in previews:
        kind = preview.get("type") if isinstance(preview, dict) else None
        if isinstance(kind, str) and kind in _LINKED:
            yield {"type": kind, "url": str(preview.get("url") or ""), kind: _extended(kind, preview)}


def _extended(kind: str, preview: Record) -> Object:
    inner = preview.get(kind)
    if isinstance(inner, dict):
        return {key: _plain(inner.get(key)) for key in _LINKED[kind]}
    renamed = _RENAMED.get(kind, {})
    return {key: _plain(preview.get(renamed.get(key, key))) for key in _LINKED[kind]}


def _plain(value: object) -> str | int | None:
    return value if isinstance(value, (str, int)) else None


def files_of(room: int | None) -> str:
    """Return where the attachments of a room's messages are stored, those of private messages for None."""
    return "users/files" if room is None else f"rooms/{room}/files"
