"""Requests to add-ons: that they are installed, installed again, or uninstalled (docs/api.md#installation).

An installation is posted to an add-on, or the add-on fetches it: then its page is visited, as a browser was sent there,
with the address of the installation as a parameter.
"""

from collections.abc import Container, Mapping
from typing import Any
from urllib.parse import quote

from hcfmt.server import json_rendering
from hcfmt.server.api import objects, tokens
from hcfmt.server.api.links import with_parameters
from hcfmt.server.api.webhook_delivery import UndeliverableError, exchange
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import Call

LIFETIME = 600
"""Seconds in which an add-on can fetch its installation, once."""

_INSTALLABLE = "installable"
"""The kind of documents that hold installations to be fetched, by the hash of the last part of their address.

Each has ``client``, the oauthId of the add-on, ``room`` and ``expires``.
"""

_SUCCESSES = range(200, 300)
_OF_A_PAGE = range(200, 400)  # the page sends the browser back

Addresses = Mapping[str, str]
"""The addresses of an add-on by the names that they have in its descriptor, such as "callbackUrl"."""


def installation(call: Call, client: str, room: int | None) -> objects.Object:
    """Return what an add-on is told of its installation."""
    return {
        "capabilitiesUrl": call.links.to("capabilities"),
        "groupId": objects.GROUP,
        "oauthId": client,
        "oauthSecret": tokens.addon_secret(call.main_token, client),
        "roomId": room,
    }


def tell_installed(call: Call, addresses: Addresses, client: str, room: int | None, *, is_update: bool) -> None:
    """Tell an add-on of its installation, or of an update; raises ApiError(400) if it refuses or cannot be reached."""
    callback, page = addresses.get("callbackUrl"), addresses.get("installedUrl")
    if is_update:
        callback, page = addresses.get("updateCallbackUrl", callback), addresses.get("updatedUrl", page)
    if callback:
        body = json_rendering.render(installation(call, client, room))
        _require(call, "POST", callback, _SUCCESSES, body)
    if page:
        _require(call, "GET", _page(call, page, client, room), _OF_A_PAGE)


def tell_uninstalled(call: Call, addresses: Addresses, client: str, room: int | None) -> None:
    """Tell an add-on that it is uninstalled; whether it answers does not matter."""
    requests = []
    if callback := addresses.get("callbackUrl"):
        requests.append(("DELETE", f"{callback}/{quote(client)}"))
    if page := addresses.get("uninstalledUrl"):
        requests.append(("GET", _page(call, page, client, room)))
    for method, url in requests:
        try:
            exchange(method, url, call.webhook_hosts)
        except UndeliverableError:
            continue


def take_installation(call: Call, key: str) -> objects.Object:
    """Return the installation at an address, which can be fetched once; raises ApiError(404) for an unknown one."""
    with call.store.transaction():
        document: Any = call.store.document(_INSTALLABLE, tokens.hash_secret(key))
        if document is None or document["expires"] <= call.now:
            raise ApiError(404, "Installation not found")
        call.store.delete_document(_INSTALLABLE, tokens.hash_secret(key))
    return installation(call, document["client"], document["room"])


def _page(call: Call, url: str, client: str, room: int | None) -> str:
    """Return the address of a page of an add-on, with that of its installation and of where the browser goes then."""
    key = tokens.random_text(tokens.TOKEN_LENGTH)
    with call.store.transaction():
        for old, document in call.store.documents(_INSTALLABLE).items():
            if document["expires"] <= call.now:
                call.store.delete_document(_INSTALLABLE, old)
        document = {"client": client, "room": room, "expires": call.now + LIFETIME}
        call.store.put_document(_INSTALLABLE, tokens.hash_secret(key), document)
    address = call.links.to("addon", client, "installable", key)
    return with_parameters(url, {"installable_url": address, "redirect_url": f"{call.links.root}/docs"})


def _require(call: Call, method: str, url: str, statuses: Container[int], body: bytes | None = None) -> None:
    """Send a request to an add-on; raises ApiError(400) unless its answer has one of the statuses."""
    try:
        status = exchange(method, url, call.webhook_hosts, body).status
    except UndeliverableError as error:
        message = f"The add-on cannot be told of the installation: {error}"
        raise ApiError(400, message, field="url") from None
    if status not in statuses:
        raise ApiError(400, f"The add-on refused the installation with the status {status}.", field="url")
