"""Operations on the webhooks of rooms, which the server stores besides the archive."""

import re
from typing import Any

from hcfmt.export.safe_regex import is_supported
from hcfmt.server.api import dates, objects
from hcfmt.server.api.webhooks import KIND
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_room

_ABSOLUTE = re.compile(r"https?://[^\x00-\x20/?#@]+(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)


def get_all_room_webhooks(call: Call) -> ApiResponse:
    """List the webhooks of a room, oldest first."""
    room = find_room(call)["id"]
    documents = call.store.documents(KIND).items()
    webhooks = [(int(key), document) for key, document in documents if document["room"] == room]
    url = call.links.room(call.room_key, "webhook")
    body = paging.whole_collection(call, url, webhooks, lambda webhook: _webhook(call, *webhook))
    return ApiResponse(body=body)


def create_room_webhook(call: Call) -> ApiResponse:
    """Create a webhook; its pattern must be a regular expression that can be matched in linear time.

    Raises ApiError(400) for any other pattern, and for a URL that is not absolute or has a user or password.
    """
    room, body = find_room(call)["id"], call.body
    if not _ABSOLUTE.fullmatch(body["url"]):
        raise ApiError(400, "Field url must be an absolute URL", field="url")
    pattern = body.get("pattern") or None
    if pattern and not is_supported(pattern):
        raise ApiError(400, "The pattern is an invalid or unsupported regular expression", field="pattern")
    document = {
        "room": room,
        "authentication": body.get("authentication") or "none",
        "created": dates.to_api_second(dates.to_instant(call.now)),
        "event": body["event"],
        "key": body.get("key"),
        "name": body.get("name"),
        "oauth_client_id": call.token.client if call.token else None,
        "pattern": pattern,
        "url": body["url"],
    }
    webhook = _webhook(call, call.store.add_document(KIND, document), document)
    return ApiResponse(201, webhook, headers={"Location": webhook["links"]["self"]})


def get_room_webhook(call: Call) -> ApiResponse:
    """Return a webhook of a room."""
    number, document = _find_webhook(call)
    return ApiResponse(body=_webhook(call, number, document))


def delete_room_webhook(call: Call) -> ApiResponse:
    """Delete a webhook of a room."""
    number, _ = _find_webhook(call)
    call.store.delete_document(KIND, str(number))
    return ApiResponse(204)


def _webhook(call: Call, number: int, document: dict[str, Any]) -> objects.Object:
    return objects.webhook(call.links, call.room_key, number, document)


def _find_webhook(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the number and document of the webhook in the path; raises ApiError(404), also for another room's."""
    room, key = find_room(call)["id"], call.path["webhook_id"]
    document = call.store.document(KIND, key)
    if document is None or document["room"] != room:
        raise ApiError(404, f"Webhook {key[:100]} not found")
    return int(key), document
