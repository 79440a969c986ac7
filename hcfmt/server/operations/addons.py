"""Operations that install and uninstall add-ons (docs/api.md#installation).

An add-on on this machine, or on a host that webhooks may go to, is asked for its descriptor and told that it is
installed. Any other is not contacted: the client receives the id and secret for its tokens.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from hcfmt.server.api import tokens, webhooks
from hcfmt.server.api.tokens import ADDON
from hcfmt.server.api.webhook_delivery import may_reach
from hcfmt.server.errors import ApiError
from hcfmt.server.operations import addon_descriptors, extensions
from hcfmt.server.operations.addon_calls import installation, take_installation, tell_installed, tell_uninstalled
from hcfmt.server.operations.addon_descriptors import Descriptor
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.operations.webhook_documents import webhook_document

_OF_UPDATES = frozenset({"updateCallbackUrl", "updatedUrl"})
"""Addresses of a descriptor whose add-on keeps its oauthId when it is installed again."""


@dataclass(frozen=True, slots=True)
class _Addon:
    """An installed add-on: its number, its document, and the webhooks of its descriptor by their numbers."""

    number: int
    document: Mapping[str, Any]
    webhooks: Mapping[str, Any] = field(default_factory=dict)


def install_addon(call: Call) -> ApiResponse:
    """Install an add-on, with the scopes of its descriptor, or without one those of the client's token.

    No transaction is open while the add-on is asked, as it calls this server meanwhile. An installation that the add-on
    refuses is undone. An add-on that is installed in the same place already is updated, if its descriptor says where
    it is told of that, else replaced. Raises ApiError(400) for a refusal, and for a descriptor that is not valid.
    """
    url, room = call.body["url"], call.body.get("roomId")
    allowed = call.token.scopes if call.token else frozenset()
    if not may_reach(url, call.webhook_hosts):
        document = _document(call, url, room, str(uuid4()), allowed)
        return _installed(call, _Addon(_store(call, document, (), None), document))
    descriptor = addon_descriptors.fetch(url, call.webhook_hosts)
    addon_descriptors.check_place(descriptor, room)
    scopes = addon_descriptors.granted_scopes(descriptor, allowed)
    addresses = addon_descriptors.addresses(descriptor)
    earlier = _earlier(call, descriptor["key"], room)
    kept = earlier if addresses.keys() & _OF_UPDATES else None
    client = kept.document["oauthId"] if kept else str(uuid4())
    told = {"key": descriptor["key"], "name": addon_descriptors.sender_name(descriptor), "addresses": addresses}
    document = _document(call, url, room, client, scopes) | told
    addon = _Addon(_store(call, document, _declared_webhooks(call, descriptor, document), kept), document)
    try:
        tell_installed(call, addresses, client, room, is_update=kept is not None)
    except ApiError:
        _undo(call, addon, kept)
        raise
    if earlier:
        _replace(call, earlier, addon)
    return _installed(call, addon)


def _installed(call: Call, addon: _Addon) -> ApiResponse:
    body = installation(call, addon.document["oauthId"], addon.document["room"])
    return ApiResponse(201, {**body, "id": addon.number})


def get_addon_installable(call: Call) -> ApiResponse:
    """Return an installation to the add-on that was sent its address."""
    return ApiResponse(body=take_installation(call, call.path["installable_id"]))


def uninstall_addon(call: Call) -> ApiResponse:
    """Delete an add-on, by number, key or oauthId, and its installation, by oauthId, with all that is its own.

    The add-on is told of its end; that it answers is not needed.
    """
    key, client = call.path["addon_key_or_id"], call.path["installable_id"]
    with call.store.transaction():
        _check_token(call)
        found = tokens.find_addon(call.store, client)
        if found is None or key not in {str(found[0]), client, found[1].get("key")}:
            raise ApiError(404, "Add-on not found")
        _remove(call, _Addon(*found))
    tell_uninstalled(call, found[1].get("addresses", {}), client, found[1]["room"])
    return ApiResponse(204)


def _document(call: Call, url: str, room: int | None, client: str, scopes: Iterable[str]) -> dict[str, Any]:
    """Return the document of an add-on (see ``tokens.ADDON``) without what its descriptor says."""
    secret = tokens.hash_secret(tokens.addon_secret(call.main_token, client))
    return {"url": url, "oauthId": client, "secret": secret, "scopes": sorted(scopes), "room": room}


def _declared_webhooks(call: Call, descriptor: Descriptor, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the documents of the webhooks of a descriptor; raises ApiError(400) for one that is not valid."""
    room, client = document["room"], document["oauthId"]
    declared = addon_descriptors.webhooks(descriptor)
    return [webhook_document(webhook, room=room, client=client, now=call.now, is_declared=True) for webhook in declared]


def _earlier(call: Call, key: str, room: int | None) -> _Addon | None:
    """Return the add-on of a key that is installed in a room already, or without a room in all of them."""
    for number, addon in call.store.documents(ADDON).items():
        if (addon.get("key"), addon["room"]) == (key, room):
            return _Addon(int(number), addon, _webhooks_of(call, addon["oauthId"], declared=True))
    return None


def _webhooks_of(call: Call, client: str, *, declared: bool = False) -> dict[str, Any]:
    """Return the webhooks of an add-on by their numbers, all or those of its descriptor."""
    return {
        number: webhook
        for number, webhook in call.store.documents(webhooks.KIND).items()
        if webhook["oauth_client_id"] == client and (webhook.get("is_declared") or not declared)
    }


def _store(call: Call, document: Mapping[str, Any], hooks: Iterable[Mapping[str, Any]], kept: _Addon | None) -> int:
    """Store an add-on and its webhooks, or put them in place of an earlier one's; raises ApiError(404) for its room."""
    with call.store.transaction():
        _check_token(call)
        room = None if document["room"] is None else call.store.room(document["room"])
        if document["room"] is not None and (room is None or room.get("is_deleted")):
            raise ApiError(404, f"Room {document['room']} not found")
        if kept is None:
            number = call.store.add_document(ADDON, document)
        else:
            number = kept.number
            call.store.put_document(ADDON, str(number), document)
            _delete_webhooks(call, kept.webhooks)
        for hook in hooks:
            call.store.add_document(webhooks.KIND, hook)
    return number


def _undo(call: Call, addon: _Addon, kept: _Addon | None) -> None:
    """Delete an add-on again, or put back what an earlier installation had."""
    with call.store.transaction():
        if kept is None:
            _remove(call, addon)
            return
        call.store.put_document(ADDON, str(kept.number), kept.document)
        _delete_webhooks(call, _webhooks_of(call, kept.document["oauthId"], declared=True))
        for number, hook in kept.webhooks.items():
            call.store.put_document(webhooks.KIND, number, hook)


def _replace(call: Call, earlier: _Addon, addon: _Addon) -> None:
    """End what an earlier installation may no more: all, or if it is kept the tokens of scopes that are not granted."""
    with call.store.transaction():
        if earlier.number != addon.number:
            _remove(call, earlier)
        else:
            granted = frozenset(addon.document["scopes"])
            tokens.revoke_all(call.store, client=addon.document["oauthId"], granted=granted)


def _remove(call: Call, addon: _Addon) -> None:
    """Delete an add-on and all that is its own."""
    client = addon.document["oauthId"]
    call.store.delete_document(ADDON, str(addon.number))
    tokens.revoke_all(call.store, client=client)
    _delete_webhooks(call, _webhooks_of(call, client))
    for key in call.store.documents(extensions.KIND):
        if json.loads(key)[0] == client:
            call.store.delete_document(extensions.KIND, key)


def _delete_webhooks(call: Call, numbers: Iterable[str]) -> None:
    for number in numbers:
        call.store.delete_document(webhooks.KIND, number)


def _check_token(call: Call) -> None:
    """Raise ApiError(401) for a token that was revoked in the meantime."""
    if call.token:
        tokens.check_valid(call.store, call.token)
