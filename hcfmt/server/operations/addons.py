"""Operations on add-ons: an id and a secret to get tokens with, and no more; nothing is ever fetched from elsewhere."""

from uuid import uuid4

from hcfmt.server.api import objects, tokens
from hcfmt.server.api.tokens import ADDON
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import ApiResponse, Call


def install_addon(call: Call) -> ApiResponse:
    """Give an add-on what it needs to get tokens.

    HipChat fetched the descriptor at the URL and told the add-on's own server; here the client is told, no one else.
    """
    client, secret = str(uuid4()), tokens.secret(tokens.LENGTH)
    scopes = sorted(call.token.scopes if call.token else ())  # no more than who installed it has
    kept = {"url": call.body["url"], "oauthId": client, "secret": tokens.hashed(secret), "scopes": scopes}
    number = call.store.add_document(ADDON, kept)
    body = {
        "id": number,
        "capabilitiesUrl": call.links.to("capabilities"),
        "groupId": objects.GROUP,
        "oauthId": client,
        "oauthSecret": secret,
        "roomId": None,
    }
    return ApiResponse(201, body)


def uninstall_addon(call: Call) -> ApiResponse:
    """Forget an add-on and its tokens; it goes by its number or its oauthId, its installation by that."""
    key, client = call.path["addon_key_or_id"], call.path["installable_id"]
    addons = call.store.documents(ADDON).items()
    number = next((one for one, told in addons if client == told["oauthId"] and key in (one, client)), None)
    if number is None:
        raise ApiError(404, "Add-on not found")
    call.store.delete_document(ADDON, number)
    tokens.revoke_of(call.store, client=client)
    return ApiResponse(204)
