"""The operations of the contract: one function each, named after its operationId in snake case."""

import re
from collections.abc import Callable, Mapping
from inspect import isfunction
from types import ModuleType

from hcfmt.server.api import tokens
from hcfmt.server.operations import (
    addon_links,
    addons,
    capabilities,
    emoticons,
    extensions,
    files,
    glances,
    groups,
    members,
    messages,
    oauth,
    private,
    rooms,
    users,
    webhooks,
)
from hcfmt.server.operations.call import ApiResponse, Call

_MODULES = (
    addon_links,
    addons,
    capabilities,
    emoticons,
    extensions,
    files,
    glances,
    groups,
    members,
    messages,
    oauth,
    private,
    rooms,
    users,
    webhooks,
)


def _operation_id(name: str) -> str:
    """Return "getAllRooms" for "get_all_rooms"."""
    return re.sub("_([a-z])", lambda match: match[1].upper(), name)


def _functions(module: ModuleType) -> Mapping[str, Callable[[Call], ApiResponse]]:
    """Return the public functions that a module defines, by operationId."""
    return {
        _operation_id(name): function
        for name, function in vars(module).items()
        if isfunction(function) and not name.startswith("_") and function.__module__ == module.__name__
    }


OPERATIONS: Mapping[str, Callable[[Call], ApiResponse]] = {
    name: function for module in _MODULES for name, function in _functions(module).items()
}
"""The functions of all operations by operationId; ``execute`` calls them."""


_ASKING_OTHERS = frozenset({"installAddon", "uninstallAddon"})


def execute(call: Call) -> ApiResponse:
    """Execute the operation of a call; one that may write runs in one transaction, lookups included.

    The token is looked up again in that transaction, as the body may arrive long after authorization. Raises
    ApiError(401) for a token that was revoked in the meantime.

    Operations that ask other servers meanwhile, which may call this one, make transactions of their own.
    """
    function = OPERATIONS[call.operation.id]
    if call.operation.is_read_only or call.operation.id in _ASKING_OTHERS:
        return function(call)
    with call.store.transaction():
        if call.token:
            tokens.check_valid(call.store, call.token)
        return function(call)
