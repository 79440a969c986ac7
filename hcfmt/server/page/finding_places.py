"""The places of findings in the page: the chat, and the message in it."""

import re
from typing import TYPE_CHECKING, Any

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.layout import canonical
from hcfmt.server.page.documents import find_chat, key_of

if TYPE_CHECKING:
    from hcfmt.findings import Location
    from hcfmt.server.store import Store

_HISTORY = re.compile(r"(rooms|users)/([0-9]{1,16})/history\.json")
NOWHERE = {"chat": None, "i": None}


def place_of(store: "Store", location: "Location") -> dict[str, Any]:
    """Return the key of the chat that a finding is about, and the rank of its message; None for what is not known.

    A record that is no message of the store, as an unreadable one is, has no rank. The two histories of a pair are
    copies, of which the page shows one: a message that this one lacks has no rank either. The place of a finding below
    an extra directory is not known, as reports hide its path.
    """
    history = _HISTORY.fullmatch(canonical(location.member or ""))
    key = int(history[2]) if history else 0
    if history is None or key > SAFE_INTEGER:
        return NOWHERE
    room = f"room-{key}" if history[1] == "rooms" and store.room(key) else None
    found = None if location.index is None else store.finder.message_of_record(history[1], key, location.index)
    if found is None:
        return {"chat": room, "i": None}
    chat, message_id = found
    shown = key_of(chat)
    return {"chat": shown, "i": store.chats.rank_of(find_chat(store, shown), message_id)}
