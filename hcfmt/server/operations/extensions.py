"""Operations on extensions of add-ons: actions, glances, web panels, dialogs and external pages.

The server stores them besides the archive; no page shows them (docs/api.md#extensions). The other kind of extension,
webhooks, is in ``webhooks``.
"""

import json
from collections.abc import Mapping
from typing import Any

from hcfmt.export.schema_errors import Mismatch
from hcfmt.server.api.objects import Object
from hcfmt.server.errors import ApiError
from hcfmt.server.openapi.error_messages import mismatch_error
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.lookup import find_room

MOST = 10
"""Extensions of one kind that an add-on can have in a room, or outside rooms."""

KIND = "extension"
"""The kind of documents that hold extensions, by add-on, room, kind and key."""

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "action": ("key", "name", "location", "target"),
    "dialog": ("title", "url"),
    "externalPage": ("name", "url"),
    "glance": ("name",),
    "webpanel": ("name", "location", "url"),
}
"""The kinds of extensions, and the properties that a new one must have."""


def get_global_extension(call: Call) -> ApiResponse:
    """Return an extension outside rooms."""
    return _get(call, None)


def create_global_extension(call: Call) -> ApiResponse:
    """Create or replace an extension outside rooms."""
    return _put(call, None)


def delete_global_extension(call: Call) -> ApiResponse:
    """Delete an extension outside rooms."""
    return _delete(call, None)


def get_room_extension(call: Call) -> ApiResponse:
    """Return an extension of a room."""
    return _get(call, find_room(call)["id"])


def create_room_extension(call: Call) -> ApiResponse:
    """Create or replace an extension of a room."""
    return _put(call, find_room(call)["id"])


def delete_room_extension(call: Call) -> ApiResponse:
    """Delete an extension of a room."""
    return _delete(call, find_room(call)["id"])


def _get(call: Call, room: int | None) -> ApiResponse:
    document = call.store.document(KIND, _name(call, room))
    if document is None:
        raise _not_found(call)
    return ApiResponse(body=_extension(call, document))


def _put(call: Call, room: int | None) -> ApiResponse:
    """Write the extension in the path; raises ApiError(400) for a missing property, and for one too many."""
    name = _name(call, room)
    missing = next((field for field in _REQUIRED[call.path["extension_type"]] if field not in call.body), None)
    if missing:
        raise mismatch_error(Mismatch("required", None, (missing,), None))
    siblings = [other for other in call.store.documents(KIND) if json.loads(other)[:-1] == json.loads(name)[:-1]]
    if name not in siblings and len(siblings) >= MOST:
        raise ApiError(400, f"An add-on can only create {MOST} extensions of a kind")
    call.store.put_document(KIND, name, call.body)
    extension = _extension(call, call.body)
    return ApiResponse(201, extension, headers={"Location": extension["links"]["self"]})


def _delete(call: Call, room: int | None) -> ApiResponse:
    if not call.store.delete_document(KIND, _name(call, room)):
        raise _not_found(call)
    return ApiResponse(204)


def _name(call: Call, room: int | None) -> str:
    """Return the key of an extension's document; raises ApiError(404) for an unknown kind."""
    kind = call.path["extension_type"]
    if kind not in _REQUIRED:
        raise ApiError(404, "No such endpoint")
    return json.dumps([call.token.client if call.token else None, room, kind, call.path["extension_key"]])


def _extension(call: Call, properties: Mapping[str, Any]) -> Object:
    kind, key = call.path["extension_type"], call.path["extension_key"]
    return {**properties, "key": key, "links": {"self": call.links.extension(call.path.get("id_or_name"), kind, key)}}


def _not_found(call: Call) -> ApiError:
    return ApiError(404, f"Extension {call.path['extension_key'][:100]} not found")
