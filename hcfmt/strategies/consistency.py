"""Makes the properties of one record consistent with each other, as no schema can require."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st

from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.timestamps import parse
from hcfmt.profiles.computed_keys import open_html_tag

Record = dict[str, Any]
_LETTERS = re.compile("[0-9A-Za-z]")
_LONGEST = 46  # characters of a room's name before four more
_OWNER = re.compile(r"(?<=^files/photos/)[0-9]+")


def consistent(key: str, records: st.SearchStrategy[Record]) -> st.SearchStrategy[Record]:
    """Return a strategy for consistent records of a kind, the key of their wrapper; it changes drawn records."""
    if key == "User":
        return st.builds(_user, records, st.sampled_from(_zones()))
    return records.map(_ROOM_OR_MESSAGE.get(key, _message))


def _user(user: Record, timezone: str) -> Record:
    """Give a user an existing time zone, and a picture of their own."""
    user["timezone"] = timezone
    user["avatar"] = user["avatar"] and _OWNER.sub(str(user["id"]), user["avatar"])
    return user


def _room(room: Record) -> Record:
    """Give a room a name with letters or digits, and the canonical name that HipChat makes of it."""
    if len(_LETTERS.findall(room["name"])) < 2:  # noqa: PLR2004 - importers refuse a single one
        room["name"] = f"{room['name'][:_LONGEST]}Room"
    room["canonical_name"] = canonical_name(room["name"])
    return room


def _private(message: Record) -> Record:
    """Give a private message the same path twice for its attachment."""
    if message["attachment"]:
        message["attachment_path"] = message["attachment"]["path"]
    elif message["attachment_path"]:
        message["attachment_path"] = ""
    return _message(message)


def _message(message: Record) -> Record:
    """Date the deletion of a message not before the message, and close the tags in its text."""
    if open_html_tag(message["message"]):
        message["message"] = message["message"].replace("<", "(")
    if "deleted" in message:
        sent = message["timestamp"][:20]
        if parse(message["deleted"]["date"]) < parse(sent):
            message["deleted"]["date"] = sent
    return message


_ROOM_OR_MESSAGE: Mapping[str, Callable[[Record], Record]] = {"Room": _room, "PrivateUserMessage": _private}


@cache
def _zones() -> list[str]:
    """Return the names of all time zones, the simplest first."""
    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return sorted(names, key=lambda name: (name != "UTC", name))
