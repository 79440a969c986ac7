"""URLs as the client reached the server: of resources, of their pages and of stored files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

UNTOLD = frozenset({"auth_token", "auth_test", "start-index"})
"""Parameters that the link to another page never repeats: clients append their token themselves (facts 3 no. 8)."""


@dataclass(frozen=True, slots=True)
class Links:
    """URLs below one base such as "http://127.0.0.1:1234/v2", without a slash at its end."""

    base: str

    @property
    def root(self) -> str:
        """Where the server is, without the API's version: "http://127.0.0.1:1234"."""
        return self.base.removesuffix("/v2")

    def to(self, *parts: str | int) -> str:
        """Return the URL of a resource below the base: ``to("room", 7, "history")``; parts are quoted."""
        return "/".join((self.base, *(quote(str(part), safe="@") for part in parts)))

    def room(self, room_id: int, *parts: str | int) -> str:
        """Return the URL of a room, or of what is below it."""
        return self.to("room", room_id, *parts)

    def user(self, user_id: int, *parts: str | int) -> str:
        """Return the URL of a user, or of what is below it."""
        return self.to("user", user_id, *parts)

    def emoticon(self, emoticon_id: int) -> str:
        """Return the URL of an emoticon."""
        return self.to("emoticon", emoticon_id)

    def webhook(self, room_id: int, webhook_id: int) -> str:
        """Return the URL of a webhook of a room."""
        return self.room(room_id, "webhook", webhook_id)

    def group(self, group_id: int) -> str:
        """Return the URL of a group."""
        return self.to("group", group_id)

    def stored(self, path: str) -> str:
        """Return the URL, needing no token, of a stored file by its path in the archive: ``<root>/files/<path>``."""
        return f"{self.root}/files/{quote(path)}"

    @staticmethod
    def page(url: str, query: Mapping[str, Any], start: int) -> str:
        """Return the URL of another page of a collection: the same query, without the token, from ``start`` on.

        ``query`` holds typed values; those that are None or empty are left out, as are the parameters in ``UNTOLD``.
        """
        kept = {name: _text(value) for name, value in query.items() if name not in UNTOLD}
        told = {name: text for name, text in kept.items() if text}
        return f"{url}?{urlencode({**told, 'start-index': str(start)})}"


def _text(value: object) -> str:
    """Return a typed parameter as it is written in a query; None and no values are an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(map(_text, value))
    return str(value)
