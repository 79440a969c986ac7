"""Descriptors of add-ons: fetched, checked by their schema, and taken apart (docs/api.md#addon-descriptor)."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from hcfmt.export import schemas
from hcfmt.export.schema_errors import first_mismatch
from hcfmt.server.api.tokens import SCOPES
from hcfmt.server.api.webhook_delivery import UndeliverableError, exchange
from hcfmt.server.errors import ApiError

SCHEMA = "api/addon-descriptor"
"""The name of the schema of descriptors among the schemas."""

_ADDRESSES = ("callbackUrl", "updateCallbackUrl", "installedUrl", "updatedUrl", "uninstalledUrl")
_OK = 200
_MAX_NAME = 64  # characters of the sender of a notification

Descriptor = Mapping[str, Any]


def fetch(url: str, hosts: frozenset[str]) -> Descriptor:
    """Return the descriptor at a URL; raises ApiError(400) if none can be had there, or one that is not valid.

    Published add-ons served theirs as text/html and text/plain, too.
    """
    try:
        answer = exchange("GET", url, hosts)
    except UndeliverableError as error:
        raise _error(f"The descriptor cannot be fetched: {error}") from None
    if answer.status != _OK:
        raise _error(f"The descriptor cannot be fetched: the answer has the status {answer.status}.")
    try:
        value: Any = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        raise _error("The descriptor is not valid JSON.") from None
    if mismatch := first_mismatch(schemas.resolved(SCHEMA), value):
        place = ".".join(map(str, mismatch.path)) or "its root"
        raise _error(f"The descriptor is not valid: {mismatch.keyword} of {place}.")
    descriptor: Descriptor = value
    return descriptor


def granted_scopes(descriptor: Descriptor, allowed: Iterable[str]) -> list[str]:
    """Return the scopes that a descriptor asks for; raises ApiError(400) for unknown ones and more than the allowed."""
    scopes = set(_capability(descriptor, "hipchatApiConsumer").get("scopes", ()))
    if scopes - SCOPES.keys():
        raise _error("The descriptor asks for an unknown scope.")
    if scopes - set(allowed):
        raise _error("The descriptor asks for a scope that the token does not have.")
    return sorted(scopes)


def check_place(descriptor: Descriptor, room: int | None) -> None:
    """Raise ApiError(400) if an add-on cannot be installed in a room, or without a room in all of them."""
    installable = _capability(descriptor, "installable")
    if room is None and not installable.get("allowGlobal", True):
        raise _error("This add-on can only be installed in a room: name it by roomId.")
    if room is not None and not installable.get("allowRoom", True):
        raise _error("This add-on cannot be installed in a room.")


def addresses(descriptor: Descriptor) -> dict[str, str]:
    """Return the addresses of an add-on that is told of its installation, by their names in the descriptor."""
    installable = _capability(descriptor, "installable")
    return {name: installable[name] for name in _ADDRESSES if installable.get(name)}


def sender_name(descriptor: Descriptor) -> str:
    """Return the name that notifications of an add-on come from."""
    name = _capability(descriptor, "hipchatApiConsumer").get("fromName") or descriptor["name"]
    return str(name)[:_MAX_NAME]


def webhooks(descriptor: Descriptor) -> list[Mapping[str, Any]]:
    """Return the webhooks that a descriptor declares."""
    return list(descriptor.get("capabilities", {}).get("webhook", ()))


def _capability(descriptor: Descriptor, name: str) -> Mapping[str, Any]:
    """Return a capability of an add-on, empty without it."""
    capability: Mapping[str, Any] = descriptor.get("capabilities", {}).get(name, {})
    return capability


def _error(message: str) -> ApiError:
    return ApiError(400, message, field="url")
