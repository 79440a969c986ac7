"""Full forms of objects, and ``expand``: references replaced by them (facts 4.11)."""

from collections.abc import Iterable
from typing import Any

from hcfmt.server.api import dates, objects
from hcfmt.server.api.objects import Object
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.lookup import People
from hcfmt.server.store import Chat, Record

_DEEPEST = 4  # names in one dotted path
_PATHS = 20  # dotted paths of one call
_MOST = 5_000  # references that one call replaces; those beyond stay what they are
_CROWD = 25_000  # participants of all rooms that one call puts in place of references; rooms with more stay those

_Tree = dict[str, "_Tree"]


def room(call: Call, record: Record, people: People | None = None) -> Object:
    """Return a room's full form."""
    people = people or People(call.store, call.links)
    owner = record.get("owner")
    return objects.room(
        call.links,
        record,
        owner=people.ref(owner) if isinstance(owner, int) else None,
        participants=people.refs(objects.people_ids(record)),
        last_active=call.store.last_time(Chat(room=record["id"])),
        avatar=call.store.room_avatar(record["id"]),
    )


def user(call: Call, record: Record) -> Object:
    """Return a user's full form."""
    return objects.user(call.links, record, call.store.last_private_time(record["id"]))


def emoticon(call: Call, record: Record) -> Object:
    """Return an emoticon's full form."""
    number = record.get("user_id")
    creator = call.store.user(number) if isinstance(number, int) else None
    return objects.emoticon(call.links, record, objects.user_ref(call.links, creator) if creator else None)


def statistics(call: Call, room_id: int) -> Object:
    """Return what is counted of a room."""
    chat = Chat(room=room_id)
    last = call.store.last_time(chat)
    return {
        "last_active": None if last is None else dates.to_api_second(last),
        "links": {"self": call.links.room(room_id, "statistics")},
        "messages_sent": call.store.count_history(chat),
    }


def group(call: Call) -> Object:
    """Return the group's full form; no archive tells anything of it."""
    untold = dict.fromkeys(("avatar_url", "created", "domain", "owner", "subdomain"))
    return objects.group_ref(call.links) | untold


def expanded(call: Call, body: Object) -> Object:
    """Return a body in which the references that ``expand`` names are full forms: "items", "items.owner,participants".

    A name that leads to no reference changes nothing. What one answer may hold is bounded: behind so many full forms,
    or participants of rooms in full, references stay what they are.
    """
    tree = _tree(call.query.get("expand") or "")
    return _Expansion(call).within(body, tree) if tree else body


def _tree(expand: str | Iterable[str]) -> _Tree:
    text = expand if isinstance(expand, str) else ",".join(expand)
    tree: _Tree = {}
    for path in text.split(",")[:_PATHS]:
        here = tree
        for name in path.strip().split(".")[:_DEEPEST]:
            here = here.setdefault(name, {})
    return {name: below for name, below in tree.items() if name}


class _Expansion:
    """Replaces references of one body, each looked up once."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._people = People(call.store, call.links)
        self._known: dict[str, Object | None] = {}
        self._left, self._room_left = _MOST, _CROWD

    def within(self, value: Object, tree: _Tree) -> Object:
        """Return an object with some of its members expanded."""
        return value | {name: self._grown(value[name], below) for name, below in tree.items() if name in value}

    def _grown(self, value: Any, tree: _Tree) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, list):
            return [self._grown(one, tree) for one in value]
        if not isinstance(value, dict) or self._left <= 0:
            return value
        self._left -= 1
        return self.within(self._full(value) or value, tree)

    def _full(self, reference: Object) -> Object | None:
        """Return the full form of what an object's own link leads to, None where it leads to nothing of ours."""
        address = (reference.get("links") or {}).get("self")
        if not isinstance(address, str):
            return None
        if address not in self._known:
            below = address.removeprefix(f"{self._call.links.base}/").split("/")
            self._known[address] = self._found(below)
        return self._known[address]

    def _found(self, below: list[str]) -> Object | None:
        call, store = self._call, self._call.store
        match below:
            case ["user", number] if found := store.user(int(number)):
                return user(call, found)
            case ["room", number] if found := store.room(int(number)):
                return self._room(found)
            case ["room", number, "statistics"]:
                return statistics(call, int(number))
            case ["emoticon", number] if found := store.find_emoticon(number):
                return emoticon(call, found)
            case ["group", _]:
                return group(call)
        return None

    def _room(self, record: Record) -> Object | None:
        crowd = len(objects.people_ids(record))
        if crowd > self._room_left:
            return None
        self._room_left -= crowd
        return room(self._call, record, self._people)
