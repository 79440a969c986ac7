"""Rules of rooms and emoticons: names, topics and addresses that are not as HipChat would make them."""

from collections.abc import Mapping
from typing import Any

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Flaw, Quoted, Severity

_CANONICAL = str.maketrans(" ", "_", "\"&'/:<>@")


@rule("HC708", "foreign-group", Severity.WARNING, "record", looks_at="emoticon")
def foreign_group(noted: Noted) -> Flaws:
    """An emoticon's group_id is not 1.

    Why it matters: A server has one group, and its number is 1. Another one says that the emoticon comes from
    elsewhere, such as HipChat Cloud, which gave every customer a group. No importer is known to read it.

    Bad::

        emoticons.json#/Emoticons/0/group_id = 2

    Good::

        emoticons.json#/Emoticons/0/group_id = 1

    Common causes: Archives of two servers that were put together.

    What to do: Before the old server is gone: look whether the emoticon is in use there. Afterwards: nothing,
    if its image is in the archive; write 1 for a reader that demands it.

    Evidence: seed 000, "Emoticons"; facts 1.3; facts 1.4.
    """
    return noted.of("HC708")


@rule("HC709", "long-name", Severity.WARNING, "record", looks_at="name or topic")
def long_name(noted: Noted) -> Flaws:
    """A room name of more than 50 or a topic of more than 250 characters, the API's limits.

    Why it matters: Other chats have limits too, and may cut the name or refuse the room. HipChat's own API did
    not take one so long when a room was made; of a later change no limit is documented.

    Bad::

        rooms.json#/0/Room/name = "Everything about the move from the old chat to the new one"

    Good::

        rooms.json#/0/Room/name = "Everything about the move to the new chat"

    Common causes: A room or topic that was made by another way than the API, or a script that put names
    together.

    What to do: Before the old server is gone: shorten the name or topic, and export again. Afterwards: shorten
    it in a copy, where the new chat refuses it.

    Evidence: seed 001, RoomCreateRequest.
    """
    return noted.of("HC709")


@rule("HC710", "odd-canonical-name", Severity.INFO, "Room", looks_at="room")
def odd_canonical_name(room: Mapping[str, Any]) -> Flaws:
    """canonical_name is not what HipChat would make of the room's name (after a rename it need not be).

    Why it matters: The canonical name is the room's part of its JID, by which autojoins find it. HipChat made
    it of the name when the room was made: in small letters, with _ for a space, and without " & ' / : < > and
    @. A room that was renamed keeps it, so most likely this tells of a rename and of nothing else.

    Bad::

        rooms.json#/0/Room/name = "The Lounge"

    Good::

        rooms.json#/0/Room/name = "<DEFAULT>"

    Common causes: The room was renamed.

    What to do: Before the old server is gone: nothing. Afterwards: nothing; leave both names as they are, for
    the autojoins go by the canonical one.

    Evidence: facts 1.2; seed 000, "Rooms".
    """
    made = room["name"].lower().translate(_CANONICAL)
    if room["canonical_name"] != made:
        sentence = "The canonical name is {canonical_name}; HipChat would make {expected} of the room's name."
        values = {"canonical_name": Quoted(room["canonical_name"]), "expected": Quoted(made)}
        yield Flaw(sentence, values, path=("canonical_name",))


@rule("HC711", "odd-guest-url", Severity.WARNING, "record", looks_at="guest address")
def odd_guest_url(noted: Noted) -> Flaws:
    """A guest URL does not end in 'g' and an 8-character key.

    Why it matters: The key ties guests to the room: it is documented to stand in the metadata of every guest
    user. Without it the guests' metadata leads to no room.

    Bad::

        rooms.json#/0/Room/guest_access_url = "https://hipchat.example.com/Q82tnQz5"
        rooms/1/history.json#/5/GuestAccessMessage/url = "https://hipchat.example.com/Q82tnQz5"

    Good::

        rooms.json#/0/Room/guest_access_url = "https://chat.example.com/gAbCd1234"
        rooms/1/history.json#/5/GuestAccessMessage/url = "https://chat.example.com/gAbCd1234"

    Common causes: An address that was shortened or made unreadable on purpose; another producer. The letter g
    is known from the documented sample alone.

    What to do: Before the old server is gone: compare with the address that the room shows. Afterwards:
    nothing; the address leads nowhere once the server is gone.

    Evidence: seed 000, "GuestAccessMessage - Room History"; facts 1.1.
    """
    return noted.of("HC711")
