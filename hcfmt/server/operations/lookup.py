"""Lookup of rooms and users by the keys that clients send, and of the people that messages refer to."""

from collections.abc import Callable, Sequence
from functools import partial

from hcfmt.server.api.links import Links
from hcfmt.server.api.messages import MessageContext, attachment_directory
from hcfmt.server.api.objects import Object, people_ids, user_ref
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import Call
from hcfmt.server.operations.notification_senders import find_addon
from hcfmt.server.store import Chat, Record, Store

_MAX_QUOTED = 200  # characters of a client's text that an error repeats
_MAX_NAMES = 5_000  # mention names looked up per call, as a hostile history mentions any number


def find_room(call: Call) -> Record:
    """Return the room in the path of a call, by id or name.

    Membership of private rooms is not checked, so that any token with the scope can read the whole archive. Raises
    ApiError(404) for an unknown room, and for a deleted one unless the settings let it be read, and ApiError(403) for
    a token of another room.
    """
    key = call.path["id_or_name"]
    room = find_lenient(call.store.find_room, key)
    if room is None or (room.get("is_deleted") and not _shows_deleted_rooms(call)):
        raise ApiError(404, f"Room {key[:_MAX_QUOTED]} not found")
    if call.token and call.token.room not in {None, room["id"]}:
        raise ApiError(403, "This token is for another room")
    return room


def _shows_deleted_rooms(call: Call) -> bool:
    return call.deleted_rooms and call.operation.method == "GET"


def find_user(call: Call, *, deleted: bool = False) -> Record:
    """Return the user in the path of a call; see ``find_user_by_key``."""
    return find_user_by_key(call.store, call.path["id_or_email"], deleted=deleted)


def find_user_by_key(store: Store, key: str, *, deleted: bool = False) -> Record:
    """Return a user by id, e-mail address or @mention name; with ``deleted`` also a deleted one.

    Raises ApiError(404) for an unknown user.
    """
    user = find_lenient(store.find_user, key)
    if user is None or (user.get("is_deleted") and not deleted):
        raise ApiError(404, f"User {key[:_MAX_QUOTED]} not found")
    return user


def key_text(key: str | float) -> str:
    """Return an id or name from a body as text; JSON Schema accepts 2.0 as an integer."""
    return key if isinstance(key, str) else str(int(key))


def find_lenient(find: Callable[[str], Record | None], key: str) -> Record | None:
    """Look up a key; if nothing matches, retry with "+" read as a space, as some clients encode names in paths."""
    record = find(key)
    if "+" in key and (record is None or record["is_deleted"]):
        return find(key.replace("+", " ")) or record
    return record


def token_owner(call: Call) -> Record | None:
    """Return the user who owns the token of a call; None for an add-on."""
    return call.store.user(call.token.owner) if call.token and call.token.owner is not None else None


def require_token_owner(call: Call) -> Record:
    """Return the user who owns the token of a call; raises ApiError(403) for an add-on."""
    owner = token_owner(call)
    if owner is None:
        raise ApiError(403, "This action requires the token of a user")
    return owner


class UserReferences:
    """References of users, each looked up once per call."""

    def __init__(self, store: Store, links: Links) -> None:
        """Create an empty cache."""
        self._store, self._links = store, links
        self._by_id: dict[int, Object | None] = {}
        self._by_name: dict[str, Object | None] = {}

    def by_id(self, number: int) -> Object | None:
        """Return the reference of a user by id, None for an unknown id."""
        if number not in self._by_id:
            record = self._store.user(number)
            self._by_id[number] = user_ref(self._links, record) if record else None
        return self._by_id[number]

    def by_ids(self, numbers: Sequence[int]) -> list[Object]:
        """Return the references of users by id, without unknown ids."""
        return [reference for reference in map(self.by_id, numbers) if reference]

    def by_mention(self, name: str) -> Object | None:
        """Return the reference of a user by mention name, None for an unknown name."""
        if name not in self._by_name:
            if len(self._by_name) >= _MAX_NAMES:
                return None
            record = self._store.find_user(f"@{name}")
            is_match = record is not None and str(record.get("mention_name")).casefold() == name.casefold()
            self._by_name[name] = self.by_id(record["id"]) if record and is_match else None
        return self._by_name[name]


def room_people(store: Store, room: Record) -> list[int]:
    """Return the ids of the people of a room: of a private room the members, else also everybody who takes part.

    Those open the room when their client starts, or wrote in it (docs/api.md#room-participants).
    """
    people = people_ids(room)
    if room.get("privacy") != "private":
        people = list(dict.fromkeys([*people, *store.participants(room["id"])]))
    return people


def room_context(call: Call, room: Record) -> MessageContext:
    """Return the context of a room's messages; "@all" means the people of the room."""
    references = UserReferences(call.store, call.links)
    everybody: list[Object] = []

    def find_everybody() -> list[Object]:
        if not everybody:
            everybody.extend(references.by_ids(room_people(call.store, room)))
        return everybody

    return MessageContext(
        call.links,
        attachment_directory(room["id"]),
        references.by_id,
        references.by_mention,
        find_everybody,
        partial(find_addon, call.store),
    )


def private_context(call: Call) -> MessageContext:
    """Return the context of private messages, in which "@all" means nobody."""
    references = UserReferences(call.store, call.links)
    return MessageContext(call.links, attachment_directory(None), references.by_id, references.by_mention, list)


def private_chat(call: Call) -> tuple[Record, Record, Chat]:
    """Return the token's owner, the user in the path, and the chat between them in the owner's history."""
    owner, peer = require_token_owner(call), find_user(call, deleted=True)
    return owner, peer, Chat(owner=owner["id"], peer=peer["id"])
