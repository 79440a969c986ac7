"""Operations on the webhooks of rooms, which the server keeps beside the archive."""

from typing import Any

from hcfmt.server.api import dates, objects
from hcfmt.server.api.call import Answer, Call, Refusal
from hcfmt.server.api.safe_regex import is_pattern
from hcfmt.server.api.webhooks import KIND
from hcfmt.server.operations import paging
from hcfmt.server.operations.finding import room_of


def get_all_room_webhooks(call: Call) -> Answer:
    """List the webhooks of a room, the oldest first."""
    room = room_of(call)["id"]
    known = [(int(key), told) for key, told in call.store.documents(KIND).items() if told["room"] == room]
    url = call.links.room(room, "webhook")
    return Answer(body=paging.listed(call, url, known, lambda one: objects.webhook(call.links, *one)))


def create_room_webhook(call: Call) -> Answer:
    """Register a webhook; its pattern is a regular expression that can be matched in linear time."""
    room, told = room_of(call)["id"], call.body
    pattern = told.get("pattern") or None
    if pattern and not is_pattern(pattern):
        raise Refusal(400, "The pattern is no regular expression that is taken here.", field="pattern")
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
    return Answer(201, shown, headers={"Location": shown["links"]["self"]})


def get_room_webhook(call: Call) -> Answer:
    """Return a webhook of a room."""
    number, told = _known(call)
    return Answer(body=objects.webhook(call.links, number, told))


def delete_room_webhook(call: Call) -> Answer:
    """Forget a webhook of a room."""
    call.store.delete_document(KIND, str(_known(call)[0]))
    return Answer(204)


def _known(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the number and the document of the webhook in the path; raises Refusal(404), for another room's too."""
    room, key = room_of(call)["id"], call.path["webhook_id"]
    told = call.store.document(KIND, key)
    if told is None or told["room"] != room:
        raise Refusal(404, f"Webhook {key[:100]} not found")
    return int(key), told
