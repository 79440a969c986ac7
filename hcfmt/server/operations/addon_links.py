"""Operations on links into add-ons: a token stands for a target for some time (docs/api.md#addon-links)."""

from typing import Any

from hcfmt.server.api.tokens import TOKEN_LENGTH, hash_secret, random_text
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import ApiResponse, Call

MOST = 100
"""Links of one add-on; a new one deletes the oldest."""

_KIND = "add-on link"
"""The kind of documents that hold links, by the hash of the token: ``client``, ``target`` and ``expires``."""


def create_addon_link(call: Call) -> ApiResponse:
    """Create a link, and return its token."""
    client = call.token.client if call.token else None
    links = call.store.documents(_KIND)
    expired = [key for key, link in links.items() if link["expires"] <= call.now]
    own = [key for key, link in links.items() if link["client"] == client and key not in expired]
    for key in [*expired, *own[: max(0, len(own) - MOST + 1)]]:
        call.store.delete_document(_KIND, key)
    token = random_text(TOKEN_LENGTH)
    link = {"client": client, "target": call.body["target"], "expires": call.now + call.body["ttl"]}
    call.store.put_document(_KIND, hash_secret(token), link)
    return ApiResponse(201, {"token": token})


def invoke_addon_link(call: Call) -> ApiResponse:
    """Return the target of a link."""
    return ApiResponse(body={"target": _find(call)["target"]})


def delete_addon_link(call: Call) -> ApiResponse:
    """Delete a link."""
    _find(call)
    call.store.delete_document(_KIND, hash_secret(call.path["link_token"]))
    return ApiResponse(204)


def _find(call: Call) -> dict[str, Any]:
    """Return the link of the token in the path; raises ApiError(404) if it is unknown or has expired."""
    link: dict[str, Any] | None = call.store.document(_KIND, hash_secret(call.path["link_token"]))
    if link is None or link["expires"] <= call.now:
        raise ApiError(404, "Link not found")
    return link
