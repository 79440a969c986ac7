"""Messages of the API, made from records of histories; keys depend on the kind (docs/api.md#message)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from hcfmt.export.mentions import mentions
from hcfmt.server.api import dates
from hcfmt.server.api.links import Links
from hcfmt.server.api.objects import GROUP, Object, Record, unknown_user_ref
from hcfmt.server.store.participants import writer

if TYPE_CHECKING:
    from hcfmt.server.store import Message

MAX_MENTIONS = 250
"""Users that one message mentions; "@all" means everybody, and a hostile text names many more."""

TYPES: Mapping[str, str] = {
    "UserMessage": "message",
    "PrivateUserMessage": "message",
    "NotificationMessage": "notification",
    "TopicRoomMessage": "topic",
    "GuestAccessMessage": "guest_access",
    "ArchiveRoomMessage": "message",
}
"""The ``type`` of a message by its wrapper key; the API has none for archiving."""

COLORS = ("yellow", "green", "red", "purple", "gray")

# Properties of a link preview by its type (docs/api.md#message-links).
_PREVIEW_PROPERTIES: Mapping[str, Sequence[str]] = {
    "image": ("image", "name"),
    "link": ("description", "faviconUrl", "fullUrl", "headerText", "linkText", "title"),
    "twitter_status": ("created", "name", "profileImageUrl", "screenName", "source", "text"),
    "twitter_user": ("followers", "name", "profileImageUrl", "screenName"),
    "video": ("author", "thumbnailUrl", "title", "views"),
}
# The export's names of those properties where they differ.
_EXPORT_NAMES: Mapping[str, Mapping[str, str]] = {
    "link": {"fullUrl": "url", "title": "name"},
    "video": {"thumbnailUrl": "image", "title": "name"},
}
_FILE_UPLOADED = re.compile(r"File uploaded: https?://[^/\s]+/files/([0-9]{1,19}/[0-9]{1,19})/[^/\n]+/[^/\n]+")
_ARCHIVED = {True: "The room was archived", False: "The room was unarchived"}
_EVERYBODY = frozenset({"all", "here"})

NotificationSender = Mapping[str, str | None]
"""``client_id`` and ``id`` of an add-on; a missing one is not known."""


def _unknown_addon(_: str) -> NotificationSender:
    return {}


@dataclass(frozen=True, slots=True)
class MessageContext:
    """Lookups that the messages of one history need.

    ``files`` is the directory of its attachments, such as "rooms/7/files". ``user`` returns the reference of a user by
    id and ``mentioned`` by mention name, None for an unknown one; ``everybody`` returns those whom "@all" and "@here"
    mean. ``addon`` returns the ids of the add-on that sent a notification, by the id of the message.
    """

    links: Links
    files: str
    user: Callable[[int], Object | None]
    mentioned: Callable[[str], Object | None]
    everybody: Callable[[], Sequence[Object]]
    addon: Callable[[str], NotificationSender] = field(default=_unknown_addon)


def message_object(context: MessageContext, message: "Message") -> Object:
    """Return a message of the API."""
    record = message.record
    is_deleted = isinstance(record.get("deleted"), dict)
    result: Object = {
        "date": dates.to_api(message.time),
        "from": _sender(context, message.kind, record),
        "id": str(record.get("id") or "").lower(),
        "mentions": [],
        "message": "" if is_deleted else message_text(message.kind, record),
        "type": TYPES.get(message.kind, "message"),
    }
    if message.kind == "NotificationMessage":
        return result | _notification_properties(context, record, is_deleted=is_deleted)
    return result if is_deleted else result | _attached_properties(context, message, result["message"])


def _attached_properties(context: MessageContext, message: "Message", text: str) -> Object:
    """Return the mentions, file and link previews of a message."""
    record = message.record
    properties: Object = {"mentions": _mentions(context, text)}
    attachment, previews = record.get("attachment"), record.get("metadata")
    if isinstance(attachment, dict):
        properties["file"] = _file(context, attachment, _uploader(message.kind, record))
    if isinstance(previews, list) and (message_links := list(_message_links(previews))):
        properties["message_links"] = message_links
    return properties


def _sender(context: MessageContext, kind: str, record: Record) -> Object | str | None:
    """Return the sender of a message: the reference of a user, or the name of an integration.

    Exports of HipChat Server and Cloud have the bare name of an integration.
    """
    sender = record.get("sender")
    if not isinstance(sender, dict):
        return sender if isinstance(sender, str) else None
    number = sender.get("id")
    if not number or kind == "NotificationMessage":
        return str(sender.get("name") or "")
    return (context.user(number) if isinstance(number, int) else None) or unknown_user_ref(context.links, sender)


def message_text(kind: str, record: Record) -> str:
    """Return the text of a message.

    An empty change of topic or guest access shows the topic or URL, an empty one of archiving a sentence. The sentence
    that an export has for a file without the user's words is no text (docs/api.md#file-message).
    """
    substitute = {"TopicRoomMessage": "topic", "GuestAccessMessage": "url"}.get(kind, "")
    text = str(record.get("message") or record.get(substitute) or "")
    if isinstance(record.get("attachment"), dict) and _FILE_UPLOADED.fullmatch(text):
        return ""
    is_archived = record.get("is_archived") if kind == "ArchiveRoomMessage" else None
    return text or (_ARCHIVED[is_archived] if isinstance(is_archived, bool) else "")


def _notification_properties(context: MessageContext, record: Record, *, is_deleted: bool) -> Object:
    """Return the additional properties of a notification."""
    sender = record.get("sender")
    number = sender.get("id") if isinstance(sender, dict) else None
    color = record.get("color")
    return {
        "attach_to": record.get("attach_to"),
        "card": None if is_deleted else record.get("card") or None,
        "color": color if color in COLORS else "gray",
        "message_format": "text" if record.get("format") == "text" else "html",
        "notification_sender": _notification_sender(context, record, number),
    }


def _notification_sender(context: MessageContext, record: Record, number: object) -> Object:
    """Return the sender of a notification, whose ids are texts; an export has the id of a user only."""
    if number:
        return {"client_id": None, "id": str(number), "type": "user"}
    return {"client_id": None, "id": None, "type": "addon", **context.addon(str(record.get("id") or ""))}


def _mentions(context: MessageContext, text: str) -> list[Object]:
    """Return the users that a text mentions, each once, in order."""
    mentioned: dict[int, Object] = {}
    for name, trimmed in islice(mentions(text), MAX_MENTIONS):
        user = context.mentioned(name) or (context.mentioned(trimmed) if trimmed not in {"", name} else None)
        users = [user] if user else context.everybody() if trimmed.lower() in _EVERYBODY else ()
        mentioned.update((user["id"], user) for user in users)
    return list(mentioned.values())[:MAX_MENTIONS]


def _file(context: MessageContext, attachment: Record, uploader: str) -> Object:
    """Return the ``file`` of a message; only images have ``thumb_url``."""
    path = str(attachment.get("path") or "")
    file: Object = {
        "name": str(attachment.get("name") or path).rpartition("/")[2],
        "size": attachment.get("size") or 0,
        "url": context.links.stored(f"{context.files}/{path}", uploader),
    }
    if attachment.get("thumbnail"):
        file["thumb_url"] = context.links.stored(f"{context.files}/{attachment['thumbnail']}", uploader)
    return file


def _uploader(kind: str, record: Record) -> str:
    """Return the group and user in the address of a message's file: those in its text, else of its sender."""
    if match := _FILE_UPLOADED.fullmatch(str(record.get("message") or "")):
        return match[1]
    number = writer(kind, record)
    return f"{GROUP}/{number}" if number else ""


def _message_links(previews: Sequence[Any]) -> Iterator[Object]:
    """Yield the link previews of a message whose type the API has."""
    for preview in previews:
        kind = preview.get("type") if isinstance(preview, dict) else None
        if isinstance(kind, str) and kind in _PREVIEW_PROPERTIES:
            yield {"type": kind, "url": str(preview.get("url") or ""), kind: _preview_properties(kind, preview)}


def _preview_properties(kind: str, preview: Record) -> Object:
    nested = preview.get(kind)
    if isinstance(nested, dict):
        return {key: _scalar(nested.get(key)) for key in _PREVIEW_PROPERTIES[kind]}
    export_names = _EXPORT_NAMES.get(kind, {})
    return {key: _scalar(preview.get(export_names.get(key, key))) for key in _PREVIEW_PROPERTIES[kind]}


def _scalar(value: object) -> str | int | None:
    return value if isinstance(value, (str, int)) else None


def attachment_directory(room: int | None) -> str:
    """Return the directory of a room's attachments, for None that of private messages."""
    return "users/files" if room is None else f"rooms/{room}/files"
