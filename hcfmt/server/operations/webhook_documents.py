"""Documents under which the server stores webhooks, made of what clients and descriptors say of them."""

import re
from collections.abc import Mapping
from typing import Any

from hcfmt.export.safe_regex import is_supported
from hcfmt.server.api import dates
from hcfmt.server.errors import ApiError

_ABSOLUTE = re.compile(r"https?://[^\x00-\x20/?#@]+(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)


def webhook_document(
    properties: Mapping[str, Any], *, room: int | None, client: str | None, now: float, is_declared: bool = False
) -> dict[str, Any]:
    """Return the document of a new webhook; its pattern must be a regular expression that is matched in linear time.

    ``room`` is None for all rooms, ``client`` is the oauthId of its add-on, None for a user. ``is_declared`` marks a
    webhook of a descriptor, which no client changes. Raises ApiError(400) for any other pattern, and for a URL that is
    not absolute or has a user or password.
    """
    if not _ABSOLUTE.fullmatch(properties["url"]):
        raise ApiError(400, "Field url must be an absolute URL", field="url")
    pattern = properties.get("pattern") or None
    if pattern and not is_supported(pattern):
        raise ApiError(400, "The pattern is an invalid or unsupported regular expression", field="pattern")
    return {
        "room": room,
        "authentication": properties.get("authentication") or "none",
        "created": dates.to_api_second(dates.to_instant(now)),
        "event": properties["event"],
        "key": properties.get("key"),
        "name": properties.get("name"),
        "oauth_client_id": client,
        "pattern": pattern,
        "url": properties["url"],
        "is_declared": is_declared,
    }
