"""Operations on add-ons: an installation is an id and a secret for tokens; no add-on is ever contacted."""

from uuid import uuid4

from hcfmt.server.api import objects, tokens
from hcfmt.server.api.tokens import ADDON
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import ApiResponse, Call


def install_addon(call: Call) -> ApiResponse:
    """Install an add-on, with the scopes of the client's token.

    HipChat fetched the descriptor at the URL and sent the secret to the add-on's server; here the client receives it.
    """
    client = str(uuid4())
    secret = tokens.addon_secret(call.main_token, client)
    scopes = sorted(call.token.scopes if call.token else ())
    document = {
        "url": call.body["url"],
        "oauthId": client,
        "secret": tokens.hash_secret(secret),
        "scopes": scopes,
        "room": None,
    }
    number = call.store.add_document(ADDON, document)
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
    """Delete an add-on, by number or oauthId, and its installation, by oauthId, with all its tokens."""
    key, client = call.path["addon_key_or_id"], call.path["installable_id"]
    addons = call.store.documents(ADDON).items()
    matches = (number for number, addon in addons if client == addon["oauthId"] and key in (number, client))
    number = next(matches, None)
    if number is None:
        raise ApiError(404, "Add-on not found")
    call.store.delete_document(ADDON, number)
    tokens.revoke_all(call.store, client=client)
    return ApiResponse(204)
