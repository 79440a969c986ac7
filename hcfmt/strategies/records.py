"""Strategies for single records, derived from the schemas."""

from functools import cache
from typing import Any

from hypothesis.strategies import SearchStrategy, sampled_from

from hcfmt.errors import UsageError
from hcfmt.export.schemas import names, resolved
from hcfmt.strategies.consistency import consistent
from hcfmt.strategies.values import drawn
from hcfmt.suggestions import unknown_name

_SHARED = "messages/common"  # definitions for the other schemas
MESSAGES = tuple(name.removeprefix("messages/") for name in names() if name.startswith("messages/") and name != _SHARED)
"""The kinds of messages."""

Records = SearchStrategy[dict[str, Any]]


def users() -> Records:
    """Return a strategy for users: the value below the key ``User`` in users.json.

    No rule about single records reports it, but its references need not exist.
    """
    return _wrapped("export/users", "User")


def rooms() -> Records:
    """Return a strategy for rooms: the value below the key ``Room`` in rooms.json.

    No rule about single records reports it, but its references need not exist.
    """
    return _wrapped("export/rooms", "Room")


@cache
def messages(kind: str | None = None) -> Records:
    """Return a strategy for messages of one of ``MESSAGES``, or of any: the value below that key in a history.

    No rule about single records reports it, but its references need not exist. Raises UsageError for another kind.
    """
    if kind is not None and kind not in MESSAGES:
        raise UsageError(unknown_name("message kind", kind, MESSAGES))
    return consistent(kind, drawn([(resolved(f"messages/{kind}"), True)])) if kind else _any_message()


def _any_message() -> Records:
    """Return a strategy that draws the kind first, so that all kinds are equally frequent."""
    return sampled_from(MESSAGES).flatmap(messages)


@cache
def documents(name: str) -> SearchStrategy[Any]:
    """Return a strategy for whole documents of a schema, such as ``export/rooms`` or ``embedded/card``.

    Records match the schema, but need not be consistent: an id may occur twice, and a message may be deleted before it
    was sent. Raises UsageError for an unknown schema, and for a schema that is not part of the format.
    """
    return drawn([(resolved(name), True)])


@cache
def _wrapped(name: str, key: str) -> Records:
    return consistent(key, drawn([(resolved(name)["items"]["properties"][key], True)]))
