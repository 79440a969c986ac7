"""Messages as a page shows them, whatever their records hold.

An archive may be invalid, so every value is checked; a property that a message lacks is left out.
"""

import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from hcfmt.server.api.messages import COLORS, message_text
from hcfmt.server.page.bounded_values import dict_of, link_of, list_of, number_of, text_of, without_empty
from hcfmt.server.page.cards import card_document
from hcfmt.server.page.notification_text import Part, parts_of_html
from hcfmt.server.store.indexed_texts import MOST_CHARACTERS, MOST_PREVIEWS
from hcfmt.server.store.tables import is_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hcfmt.server.store import Chat, Message, Record, Store, StoredFile

MICROSECONDS = 1_000
"""Microseconds in a millisecond, in which pages count the time."""

_KINDS: Mapping[str, str] = {
    "NotificationMessage": "notification",
    "TopicRoomMessage": "topic",
    "GuestAccessMessage": "guest_access",
    "ArchiveRoomMessage": "archive",
    "PrivateUserMessage": "private",
}
_COMMAND = re.compile(r"/(me|code|quote)(?:[ \t]|\r?\n|$)")
_HIPCHAT_FILE = re.compile(r"https?://[^/]+/files/([^?#]+)")
_PATH = 1_000  # characters of a path in the archive


def address_of(file: "StoredFile") -> str:
    """Return the address of a stored file, relative to the page."""
    return f"files/{quote(file.path)}"


Address = Callable[["StoredFile"], str]


class MessageDocuments:
    """Makes the documents of the messages of one chat; the files of a page of messages are looked up at once."""

    def __init__(self, store: "Store", chat: "Chat", address: Address = address_of) -> None:
        """Take the store, the chat, and the function that returns the address of a stored file."""
        self._store = store
        self._address = address
        self._directory = "users/files" if chat.room is None else f"rooms/{chat.room}/files"

    def documents(self, messages: "Sequence[Message]", first: int) -> list[dict[str, Any]]:
        """Return the documents of messages that follow each other from the rank ``first`` on."""
        records = [message.record for message in messages]
        paths = chain.from_iterable(self._paths(record) for record in records)
        stored = self._store.chats.files(dict.fromkeys(paths))
        return [
            {"i": first + at, **self._document(message, record, stored)}
            for at, (message, record) in enumerate(zip(messages, records, strict=True))
        ]

    def _document(self, message: "Message", record: "Record", stored: "Mapping[str, StoredFile]") -> dict[str, Any]:
        sender = record.get("sender")
        is_notification = message.kind == "NotificationMessage"
        number = dict_of(sender).get("id")
        document: dict[str, Any] = {
            "id": text_of(record.get("id")).lower(),
            "time": message.time // MICROSECONDS,
            "kind": _KINDS.get(message.kind, "message"),
            "from": number if is_id(number) and not is_notification else None,
            "name": text_of(sender) or text_of(dict_of(sender).get("name")),
        }
        if record.get("deleted") is not None:
            return without_empty(document | {"deleted": True})
        if is_notification:
            color = record.get("color")
            document["color"] = color if color in COLORS else "gray"
            document["card"] = card_document(record.get("card"), self._find_image)
        document |= self._text(message.kind, record)
        document |= {"file": self._file(record, stored), "previews": _previews(record)}
        return without_empty(document) | _state(message.kind, record)

    def _text(self, kind: str, record: "Record") -> dict[str, Any]:
        """Return the parts of a text, and what the command at its beginning makes of it."""
        text = message_text(kind, record) if kind != "ArchiveRoomMessage" else text_of(record.get("message"), 1 << 30)
        shown: dict[str, Any] = {"cut": len(text)} if len(text) > MOST_CHARACTERS else {}
        text = text[:MOST_CHARACTERS]
        if kind == "NotificationMessage" and record.get("format") != "text":
            return shown | {"parts": parts_of_html(text, self._find_image)}
        if kind in _KINDS and kind not in {"PrivateUserMessage", "NotificationMessage"}:
            return shown | {"parts": [text] if text else []}
        if command := _COMMAND.match(text):
            shown[command[1]] = True
            text = text[command.end() :]
        parts: list[Part] = [text] if text else []
        return shown | {"parts": parts}

    def _paths(self, record: "Record") -> "Iterator[str]":
        """Yield the paths of the file of a message and of its thumbnail."""
        attachment = dict_of(record.get("attachment"))
        for name in ("path", "thumbnail"):
            path = attachment.get(name)
            if isinstance(path, str) and 0 < len(path) <= _PATH:
                yield f"{self._directory}/{path}"

    def _file(self, record: "Record", stored: "Mapping[str, StoredFile]") -> dict[str, Any]:
        """Return the file of a message; without ``url`` if the archive does not hold it."""
        attachment = record.get("attachment")
        if not isinstance(attachment, dict) or not attachment:
            return {}
        path, thumbnail = (text_of(attachment.get(name)) for name in ("path", "thumbnail"))
        file, picture = (stored.get(f"{self._directory}/{name}") for name in (path, thumbnail))
        shown = picture or (file if file and file.type.startswith("image/") else None)
        width, height = (shown and self._store.chats.image_size(shown)) or (None, None)
        name = (text_of(attachment.get("name")) or path).rpartition("/")[2]
        return without_empty(
            {
                "name": name or (file.name if file else ""),
                "url": self._address(file) if file else None,
                "size": file.size if file else number_of(attachment.get("size")),
                "type": file.type if file else "",
                "thumbnail": self._address(picture) if picture else None,
                "width": width,
                "height": height,
            }
        )

    def _find_image(self, source: str) -> str | None:
        """Return the address of a picture in the archive that HipChat had at a URL."""
        match = _HIPCHAT_FILE.fullmatch(source) if len(source) <= _PATH else None
        if match is None:
            return None
        files = self._store.chats.files([unquote(match[1])])
        return next((self._address(file) for file in files.values()), None)


def _state(kind: str, record: "Record") -> dict[str, Any]:
    """Return what a message says about the state of its room."""
    name, shown = {
        "ArchiveRoomMessage": ("is_archived", "archived"),
        "GuestAccessMessage": ("enable_guest_access", "enabled"),
    }.get(kind, ("", ""))
    value = record.get(name) if name else None
    return {shown: value} if isinstance(value, bool) else {}


def _previews(record: "Record") -> list[dict[str, Any]]:
    """Return the previews of linked pages: texts and links, whose pictures a page does not load."""
    previews = (dict_of(item) for item in list_of(record.get("metadata"), MOST_PREVIEWS))
    documents = (
        without_empty(
            {
                "url": link_of(preview.get("url")),
                "type": text_of(preview.get("type")),
                "name": text_of(preview.get("name")),
                "image": link_of(preview.get("image")),
            }
        )
        for preview in previews
    )
    return [document for document in documents if document]
