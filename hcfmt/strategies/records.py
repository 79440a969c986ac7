"""Strategies for single records, derived from the schemas."""

from functools import cache
from typing import Any

from hypothesis.strategies import SearchStrategy, sampled_from

from hcfmt.errors import UsageError
from hcfmt.export.schemas import names, resolved
from hcfmt.strategies.agreement import agreeing
from hcfmt.strategies.values import drawn
from hcfmt.suggestions import unknown_name

_PARTS = "messages/common"  # shared definitions, and no record
MESSAGES = tuple(name.removeprefix("messages/") for name in names() if name.startswith("messages/") and name != _PARTS)
"""The kinds of messages."""

Records = SearchStrategy[dict[str, Any]]


def users() -> Records:
    """Return a strategy for users: the value below the key ``User`` in users.json.

    A record stands alone: no rule about it alone speaks, but what it refers to need not exist.
    """
    return _listed("export/users", "User")


def rooms() -> Records:
    """Return a strategy for rooms: the value below the key ``Room`` in rooms.json.

    A record stands alone: no rule about it alone speaks, but whom it refers to need not exist.
    """
    return _listed("export/rooms", "Room")


@cache
def messages(kind: str | None = None) -> Records:
    """Return a strategy for messages of one of ``MESSAGES``, or of any: the value below that key in a history.

    A record stands alone: no rule about it alone speaks, but whom and what it refers to need not exist. UsageError for
    another kind.
    """
    if kind is not None and kind not in MESSAGES:
        raise UsageError(unknown_name("message kind", kind, MESSAGES))
    return agreeing(kind, drawn([(resolved(f"messages/{kind}"), True)])) if kind else _any_message()


def _any_message() -> Records:
    """Return a strategy that draws the kind first: some have many more ways to be than others."""
    return sampled_from(MESSAGES).flatmap(messages)


@cache
def documents(name: str) -> SearchStrategy[Any]:
    """Return a strategy for whole documents of a schema, such as ``export/rooms`` or ``embedded/card``.

    Their records fit the schema, but not one another, nor always themselves: an id may be there twice, and a message
    deleted before it was sent. UsageError when there is no such schema, or it is none of the format.
    """
    return drawn([(resolved(name), True)])


@cache
def _listed(name: str, key: str) -> Records:
    return agreeing(key, drawn([(resolved(name)["items"]["properties"][key], True)]))
