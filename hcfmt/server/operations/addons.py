"""Operations that install and uninstall add-ons (docs/api.md#installation).

An add-on on this machine, or on a host that webhooks may go to, is asked for its descriptor and told that it is
installed. Any other is not contacted: the client receives the id and secret for its tokens.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from hcfmt.server import json_rendering
from hcfmt.server.api import objects, tokens, webhooks
from hcfmt.server.api.tokens import ADDON
from hcfmt.server.api.webhook_delivery import UndeliverableError, exchange, may_reach
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import addon_descriptors, extensions
from hcfmt.server.operations.addon_descriptors import Descriptor
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.webhook_documents import webhook_document

_SUCCESSES = range(200, 300)


def install_addon(call: Call) -> ApiResponse:
    """Install an add-on, with the scopes of its descriptor, or without one those of the client's token.

    No transaction is open while the add-on is asked, as it calls this server meanwhile. An installation that the add-on
    refuses is undone. Raises ApiError(400) for that, and for a descriptor that is not valid.
    """
    url, room = call.body["url"], call.body.get("roomId")
    allowed = call.token.scopes if call.token else frozenset()
    descriptor = addon_descriptors.fetch(url, call.webhook_hosts) if may_reach(url, call.webhook_hosts) else None
    if descriptor is not None:
        addon_descriptors.check_place(descriptor, room)
        allowed = frozenset(addon_descriptors.granted_scopes(descriptor, allowed))
    client = str(uuid4())
    secret = tokens.addon_secret(call.main_token, client)
    installation = {
        "capabilitiesUrl": call.links.to("capabilities"),
        "groupId": objects.GROUP,
        "oauthId": client,
        "oauthSecret": secret,
        "roomId": room,
    }
    document = {
        "url": url,
        "oauthId": client,
        "secret": tokens.hash_secret(secret),
        "scopes": sorted(allowed),
        "room": room,
    }
    number = _store(call, document, descriptor)
    callback = addon_descriptors.callback_url(descriptor) if descriptor else None
    if callback:
        _tell(call, number, client, callback, installation)
    return ApiResponse(201, {**installation, "id": number})


def _store(call: Call, document: Mapping[str, Any], descriptor: Descriptor | None) -> int:
    """Store an add-on and the webhooks of its descriptor; raises ApiError(404) for an unknown room."""
    room, client = document["room"], document["oauthId"]
    with call.store.transaction():
        if call.token:
            tokens.check_valid(call.store, call.token)
        if room is not None:
            record = call.store.room(room)
            if record is None or record.get("is_deleted"):
                raise ApiError(404, f"Room {room} not found")
        if descriptor is None:
            return call.store.add_document(ADDON, document)
        callback = addon_descriptors.callback_url(descriptor)
        name = addon_descriptors.sender_name(descriptor)
        more = {"key": descriptor["key"], "name": name, "callback": callback}
        number = call.store.add_document(ADDON, {**document, **more})
        for webhook in addon_descriptors.webhooks(descriptor):
            properties = webhook_document(webhook, room=room, client=client, now=call.now, is_declared=True)
            call.store.add_document(webhooks.KIND, properties)
    return number


def _tell(call: Call, number: int, client: str, callback: str, installation: Mapping[str, Any]) -> None:
    """Post an installation to the add-on; if that fails, undo it and raise ApiError(400)."""
    try:
        status = exchange("POST", callback, call.webhook_hosts, json_rendering.render(installation)).status
        message = None if status in _SUCCESSES else f"The add-on refused the installation with the status {status}."
    except UndeliverableError as error:
        message = f"The add-on cannot be told of the installation: {error}"
    if message:
        with call.store.transaction():
            _remove(call, str(number), client)
        raise ApiError(400, message, field="url")


def uninstall_addon(call: Call) -> ApiResponse:
    """Delete an add-on, by number, key or oauthId, and its installation, by oauthId, with all that is its own.

    An add-on that was told of its installation is told of its end; that it answers is not needed.
    """
    key, client = call.path["addon_key_or_id"], call.path["installable_id"]
    with call.store.transaction():
        if call.token:
            tokens.check_valid(call.store, call.token)
        found = tokens.find_addon(call.store, client)
        if found is None or key not in {str(found[0]), client, found[1].get("key")}:
            raise ApiError(404, "Add-on not found")
        _remove(call, str(found[0]), client)
    callback = found[1].get("callback")
    if callback:
        try:
            exchange("DELETE", f"{callback}/{quote(client)}", call.webhook_hosts)
        except UndeliverableError:
            return ApiResponse(204)
    return ApiResponse(204)


def _remove(call: Call, number: str, client: str) -> None:
    """Delete an add-on and all that is its own."""
    call.store.delete_document(ADDON, number)
    tokens.revoke_all(call.store, client=client)
    for key, webhook in call.store.documents(webhooks.KIND).items():
        if webhook["oauth_client_id"] == client:
            call.store.delete_document(webhooks.KIND, key)
    for key in call.store.documents(extensions.KIND):
        if json.loads(key)[0] == client:
            call.store.delete_document(extensions.KIND, key)
