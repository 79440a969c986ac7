"""Operations on the webhooks of rooms, which the server keeps beside the archive."""

from typing import Any

from hcfmt.server.api import dates, objects
from hcfmt.server.api.safe_regex import is_pattern
from hcfmt.server.api.webhooks import KIND
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import room_of


def get_all_room_webhooks(call: Call) -> ApiResponse:
    """List the webhooks of a room, the oldest first."""
    room = room_of(call)["id"]
    known = [(int(key), told) for key, told in call.store.documents(KIND).items() if told["room"] == room]
    url = call.links.room(room, "webhook")
    return ApiResponse(body=paging.listed(call, url, known, lambda one: objects.webhook(call.links, *one)))


def create_room_webhook(call: Call) -> ApiResponse:
    """Register a webhook; its pattern is a regular expression that can be matched in linear time."""
    room, told = room_of(call)["id"], call.body
    pattern = told.get("pattern") or None
    if pattern and not is_pattern(pattern):
        raise ApiError(400, "The pattern is no regular expression that is taken here.", field="pattern")
    kept = {
        "room": room,
        "authentication": told.get("authentication") or "none",
        "created": dates.to_api_second(dates.micros(call.now)),
        "event": told["event"],
        "key": told.get("key"),
        "name": told.get("name"),
        "oauth_client_id": call.token.client if call.token else None,
        "pattern": pattern,
        "url": told["url"],
    }
    shown = objects.webhook(call.links, call.store.add_document(KIND, kept), kept)
    return ApiResponse(201, shown, headers={"Location": shown["links"]["self"]})


def get_room_webhook(call: Call) -> ApiResponse:
    """Return a webhook of a room."""
    number, told = _known(call)
    return ApiResponse(body=objects.webhook(call.links, number, told))


def delete_room_webhook(call: Call) -> ApiResponse:
    """Forget a webhook of a room."""
    call.store.delete_document(KIND, str(_known(call)[0]))
    return ApiResponse(204)


def _known(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the number and the document of the webhook in the path; raises ApiError(404), for another room's too."""
    room, key = room_of(call)["id"], call.path["webhook_id"]
    told = call.store.document(KIND, key)
    if told is None or told["room"] != room:
        raise ApiError(404, f"Webhook {key[:100]} not found")
    return int(key), told
