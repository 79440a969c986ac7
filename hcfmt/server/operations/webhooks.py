"""Operations on the webhooks of rooms, which the server stores besides the archive."""

from typing import Any

from hcfmt.server.api import objects
from hcfmt.server.api.webhooks import KIND
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import paging
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.extensions import MOST
from hcfmt.server.operations.lookup import find_room
from hcfmt.server.operations.webhook_documents import webhook_document


def get_all_room_webhooks(call: Call) -> ApiResponse:
    """List the webhooks of a room, oldest first."""
    room = find_room(call)["id"]
    documents = call.store.documents(KIND).items()
    webhooks = [(int(key), document) for key, document in documents if document["room"] == room]
    url = call.links.room(call.room_key, "webhook")
    body = paging.whole_collection(call, url, webhooks, lambda webhook: _webhook(call, *webhook))
    return ApiResponse(body=body)


def create_room_webhook(call: Call) -> ApiResponse:
    """Create a webhook."""
    document = _document(call, find_room(call)["id"], call.body.get("key"))
    webhook = _webhook(call, call.store.add_document(KIND, document), document)
    return ApiResponse(201, webhook, headers={"Location": webhook["links"]["self"]})


def get_room_webhook(call: Call) -> ApiResponse:
    """Return a webhook of a room."""
    number, document = _find_webhook(call)
    return ApiResponse(body=_webhook(call, number, document))


def delete_room_webhook(call: Call) -> ApiResponse:
    """Delete a webhook of a room."""
    number, document = _find_webhook(call)
    _check_changeable(document)
    call.store.delete_document(KIND, str(number))
    return ApiResponse(204)


def get_room_extension_webhook(call: Call) -> ApiResponse:
    """Return a webhook of a room by its key."""
    return ApiResponse(body=_webhook_by_key(call, *_existing(call, find_room(call)["id"])))


def create_room_extension_webhook(call: Call) -> ApiResponse:
    """Create or replace a webhook of a room under a key of its add-on."""
    return _put_by_key(call, find_room(call)["id"])


def delete_room_extension_webhook(call: Call) -> ApiResponse:
    """Delete a webhook of a room by its key."""
    return _delete_by_key(call, find_room(call)["id"])


def get_global_extension_webhook(call: Call) -> ApiResponse:
    """Return a webhook of all rooms by its key."""
    return ApiResponse(body=_webhook_by_key(call, *_existing(call, None)))


def create_global_extension_webhook(call: Call) -> ApiResponse:
    """Create or replace a webhook of all rooms under a key of its add-on."""
    return _put_by_key(call, None)


def delete_global_extension_webhook(call: Call) -> ApiResponse:
    """Delete a webhook of all rooms by its key."""
    return _delete_by_key(call, None)


def _document(call: Call, room: int | None, key: str | None) -> dict[str, Any]:
    client = call.token.client if call.token else None
    return webhook_document({**call.body, "key": key}, room=room, client=client, now=call.now)


def _put_by_key(call: Call, room: int | None) -> ApiResponse:
    key, client = call.path["extension_key"], call.token.client if call.token else None
    own = {
        number: webhook
        for number, webhook in call.store.documents(KIND).items()
        if webhook["key"] and (webhook["room"], webhook["oauth_client_id"]) == (room, client)
    }
    number = next((int(number) for number, webhook in own.items() if webhook["key"] == key), None)
    dynamic = [webhook for webhook in own.values() if not webhook.get("is_declared")]
    if number is None and len(dynamic) >= MOST:
        raise ApiError(400, f"An add-on can only create {MOST} extensions of a kind")
    if number is not None:
        _check_changeable(own[str(number)])
    document = _document(call, room, key)
    if number is None:
        number = call.store.add_document(KIND, document)
    else:
        call.store.put_document(KIND, str(number), document)
    webhook = _webhook_by_key(call, number, document)
    return ApiResponse(201, webhook, headers={"Location": webhook["links"]["self"]})


def _delete_by_key(call: Call, room: int | None) -> ApiResponse:
    number, document = _existing(call, room)
    _check_changeable(document)
    call.store.delete_document(KIND, str(number))
    return ApiResponse(204)


def _check_changeable(document: dict[str, Any]) -> None:
    """Raise ApiError(400) for a webhook that the descriptor of an add-on declares."""
    if document.get("is_declared"):
        raise ApiError(400, "The descriptor of its add-on declares this webhook")


def _existing(call: Call, room: int | None) -> tuple[int, dict[str, Any]]:
    """Return the number and document of the add-on's webhook of the key in the path; raises ApiError(404)."""
    place = (call.path["extension_key"], room, call.token.client if call.token else None)
    for number, webhook in call.store.documents(KIND).items():
        if (webhook["key"], webhook["room"], webhook["oauth_client_id"]) == place:
            return int(number), webhook
    raise ApiError(404, f"Webhook {place[0][:100]} not found")


def _webhook_by_key(call: Call, number: int, document: dict[str, Any]) -> objects.Object:
    url = call.links.extension(call.path.get("id_or_name"), "webhook", call.path["extension_key"])
    return objects.webhook(url, number, document)


def _webhook(call: Call, number: int, document: dict[str, Any]) -> objects.Object:
    return objects.webhook(call.links.webhook(call.room_key, number), number, document)


def _find_webhook(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the number and document of the webhook in the path; raises ApiError(404), also for another room's."""
    room, key = find_room(call)["id"], call.path["webhook_id"]
    document = call.store.document(KIND, key)
    if document is None or document["room"] != room:
        raise ApiError(404, f"Webhook {key[:100]} not found")
    return int(key), document
