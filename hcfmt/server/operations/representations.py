"""Full representations of objects, and ``expand``, which replaces references by them (docs/api.md#expand)."""

from collections.abc import Iterable, Sequence
from typing import Any

from hcfmt.server.api import dates, objects
from hcfmt.server.api.objects import Object
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.lookup import UserReferences, room_people
from hcfmt.server.operations.user_changes import PRESENCE
from hcfmt.server.store import Chat, Record

_MAX_DEPTH = 4  # names in one dotted path
_MAX_PATHS = 20  # dotted paths of one call
_MAX_EXPANSIONS = 5_000  # references that one call expands
_MAX_PARTICIPANTS = 25_000  # of all rooms that one call expands

_Tree = dict[str, "_Tree"]


def room(call: Call, record: Record) -> Object:
    """Return a room."""
    return _room(call, record, UserReferences(call.store, call.links), room_people(call.store, record))


def _room(call: Call, record: Record, references: UserReferences, people: Sequence[int]) -> Object:
    owner = record.get("owner")
    return objects.room(
        call.links,
        record,
        owner=references.by_id(owner) if isinstance(owner, int) else None,
        participants=references.by_ids(people),
        last_active=call.store.last_time(Chat(room=record["id"])),
        avatar=call.store.room_avatar(record["id"]),
    )


def user(call: Call, record: Record) -> Object:
    """Return a user."""
    last_active = call.store.last_written(record["id"])
    return objects.user(call.links, record, last_active, presence(call, record["id"]), call.server_version)


def presence(call: Call, user_id: int) -> Object:
    """Return the presence of a user."""
    return objects.presence(call.store.document(PRESENCE, str(user_id)) or {})


def emoticon(call: Call, record: Record) -> Object:
    """Return an emoticon."""
    number = record.get("user_id")
    creator = call.store.user(number) if isinstance(number, int) else None
    return objects.emoticon(call.links, record, objects.user_ref(call.links, creator) if creator else None)


def statistics(call: Call, room_id: int, url: str) -> Object:
    """Return the statistics of a room; ``url`` is their own."""
    chat = Chat(room=room_id)
    last_active = call.store.last_time(chat)
    return {
        "last_active": None if last_active is None else dates.to_api_second(last_active),
        "links": {"self": url},
        "messages_sent": call.store.count_history(chat),
    }


def group(call: Call) -> Object:
    """Return the group; its properties are None, as archives do not hold them."""
    unknown = dict.fromkeys(("avatar_url", "created", "domain", "owner", "subdomain"))
    return objects.group_ref(call.links) | unknown


def expand(call: Call, body: Object) -> Object:
    """Replace the references that the parameter ``expand`` names: "items", "items.owner,participants".

    Names without a reference have no effect. Beyond ``_MAX_EXPANSIONS`` and ``_MAX_PARTICIPANTS`` references stay
    references, so that the size of a response is bounded.
    """
    tree = _parse_paths(call.query.get("expand") or "")
    return _Expansion(call).expand_members(body, tree) if tree else body


def _parse_paths(paths: str | Iterable[str]) -> _Tree:
    text = paths if isinstance(paths, str) else ",".join(paths)
    tree: _Tree = {}
    for path in text.split(",")[:_MAX_PATHS]:
        node = tree
        for name in path.strip().split(".")[:_MAX_DEPTH]:
            node = node.setdefault(name, {})
    return {name: node for name, node in tree.items() if name}


class _Expansion:
    """The expansion of one body, which looks up each reference once."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._references = UserReferences(call.store, call.links)
        self._expanded: dict[str, Object | None] = {}  # by URL
        self._expansions_left, self._participants_left = _MAX_EXPANSIONS, _MAX_PARTICIPANTS

    def expand_members(self, value: Object, tree: _Tree) -> Object:
        """Return an object with the members of a tree expanded."""
        return value | {name: self._expand(value[name], node) for name, node in tree.items() if name in value}

    def _expand(self, value: Any, tree: _Tree) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, list):
            return [self._expand(item, tree) for item in value]
        if not isinstance(value, dict) or self._expansions_left <= 0:
            return value
        self._expansions_left -= 1
        return self.expand_members(self._resolve(value) or value, tree)

    def _resolve(self, reference: Object) -> Object | None:
        """Return the object that ``links.self`` of a reference leads to, None for an unknown URL."""
        url = (reference.get("links") or {}).get("self")
        if not isinstance(url, str):
            return None
        if url not in self._expanded:
            parts = url.removeprefix(f"{self._call.links.base}/").split("/")
            self._expanded[url] = self._find(parts)
        return self._expanded[url]

    def _find(self, parts: list[str]) -> Object | None:
        call, store = self._call, self._call.store
        match parts:
            case ["user", number] if record := store.user(int(number)):
                return user(call, record)
            case ["room", number] if record := store.room(int(number)):
                return self._room(record)
            case ["room", number, "statistics"]:
                return statistics(call, int(number), call.links.room(int(number), "statistics"))
            case ["emoticon", number] if record := store.find_emoticon(number):
                return emoticon(call, record)
            case ["group", _]:
                return group(call)
        return None

    def _room(self, record: Record) -> Object | None:
        people = room_people(self._call.store, record)
        if len(people) > self._participants_left:
            return None
        self._participants_left -= len(people)
        return _room(self._call, record, self._references, people)
