"""One function for each operation of the contract: its operationId in snake case is the function's name."""

import re
from collections.abc import Callable, Mapping
from inspect import isfunction
from types import ModuleType

from hcfmt.server.api import tokens
from hcfmt.server.operations import (
    addons,
    capabilities,
    emoticons,
    files,
    members,
    messages,
    oauth,
    private,
    rooms,
    users,
    webhooks,
)
from hcfmt.server.operations.call import ApiResponse, Call

_FAMILIES = (addons, capabilities, emoticons, files, members, messages, oauth, private, rooms, users, webhooks)


def _operation_id(name: str) -> str:
    """Return "getAllRooms" for "get_all_rooms"."""
    return re.sub("_([a-z])", lambda letter: letter[1].upper(), name)


def _functions(family: ModuleType) -> Mapping[str, Callable[[Call], ApiResponse]]:
    """Return the operations of a family by operationId: its own public functions, all of them."""
    public = {name: one for name, one in vars(family).items() if isfunction(one) and not name.startswith("_")}
    return {_operation_id(name): one for name, one in public.items() if one.__module__ == family.__name__}


OPERATIONS: Mapping[str, Callable[[Call], ApiResponse]] = {
    name: one for family in _FAMILIES for name, one in _functions(family).items()
}
"""What is done for each operation, by its operationId; ``perform`` does it."""


def execute(call: Call) -> ApiResponse:
    """Do what a call asks; where that may write, in one transaction: what it looked up stays there until its end.

    The token is looked up again in that transaction, for a body may come long after it was found: raises ApiError(401)
    where it was revoked meanwhile.
    """
    act = OPERATIONS[call.operation.id]
    if call.operation.is_read_only:
        return act(call)
    with call.store.transaction():
        if call.token:
            tokens.check_valid(call.store, call.token)
        return act(call)
