"""URLs of resources, pages and stored files, below the base URL that the client used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from hcfmt.server.store.file_addresses import address_of

OMITTED = frozenset({"auth_token", "auth_test", "start-index"})
"""Parameters that links to other pages omit; clients append their token (docs/api.md#next-without-token)."""


@dataclass(frozen=True, slots=True)
class Links:
    """URLs below a base such as "http://127.0.0.1:1234/v2", without a trailing slash."""

    base: str

    @property
    def root(self) -> str:
        """The base without the API's version: "http://127.0.0.1:1234"."""
        return self.base.removesuffix("/v2")

    def to(self, *parts: str | int) -> str:
        """Return the URL of a resource below the base: ``to("room", 7, "history")``; parts are quoted."""
        return "/".join((self.base, *(quote(str(part), safe="@") for part in parts)))

    def room(self, key: int | str, *parts: str | int) -> str:
        """Return the URL of a room by id or name, or of a resource below it."""
        return self.to("room", key, *parts)

    def user(self, user_id: int, *parts: str | int) -> str:
        """Return the URL of a user, or of a resource below it."""
        return self.to("user", user_id, *parts)

    def emoticon(self, emoticon_id: int) -> str:
        """Return the URL of an emoticon."""
        return self.to("emoticon", emoticon_id)

    def webhook(self, room_key: int | str, webhook_id: int) -> str:
        """Return the URL of a webhook of a room by id or name."""
        return self.room(room_key, "webhook", webhook_id)

    def extension(self, room_key: int | str | None, kind: str, key: str) -> str:
        """Return the URL of an extension of an add-on, of a room by id or name, or without one."""
        parts = ("extension", kind, key)
        return self.to(*parts) if room_key is None else self.room(room_key, *parts)

    def group(self, group_id: int) -> str:
        """Return the URL of a group."""
        return self.to("group", group_id)

    def stored(self, path: str, uploader: str = "") -> str:
        """Return the URL of a stored file by its path in the archive, below ``<root>/files/``; it needs no token.

        It is HipChat's address of the file; that of an upload has the ``uploader`` in it (see ``address_of``).
        """
        return f"{self.root}/files/{quote(address_of(path, uploader))}"

    @staticmethod
    def page(url: str, query: Mapping[str, Any], start: int) -> str:
        """Return the URL of another page of a collection: the same query from index ``start`` on.

        ``query`` holds typed values; empty values and the parameters in ``OMITTED`` are left out.
        """
        texts = {name: _to_text(value) for name, value in query.items() if name not in OMITTED}
        parameters = {name: text for name, text in texts.items() if text}
        return f"{url}?{urlencode({**parameters, 'start-index': str(start)})}"


def with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """Return a URL with parameters behind those that its query has; it may be any text, as others wrote it."""
    target, mark, fragment = url.partition("#")
    return f"{target}{'&' if '?' in target else '?'}{urlencode(parameters)}{mark}{fragment}"


def _to_text(value: object) -> str:
    """Return a typed parameter as text for a query; None and empty lists are empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(map(_to_text, value))
    return str(value)
