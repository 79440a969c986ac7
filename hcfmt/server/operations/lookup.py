"""Whom and what a call is about: rooms and users by what stands in its path, and who makes it."""

from collections.abc import Callable, Sequence

from hcfmt.server.api.links import Links
from hcfmt.server.api.messages import Place, files_of
from hcfmt.server.api.objects import Object, people_ids, user_ref
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.call import Call
from hcfmt.server.store import Chat, Record, Store

_SHOWN = 200  # characters of a client's text that an error repeats
_NAMES = 5_000  # mention names that are looked up for one call at most: a hostile history mentions any number


def room_of(call: Call) -> Record:
    """Return the record of the room in a call's path, by id or name; raises ApiError(404), 403 for a token of another.

    Who may see a private room is not asked, so that any token with the scope can read all that the archive has.
    """
    key = call.path["id_or_name"]
    room = find_lenient(call.store.find_room, key)
    if room is None or room.get("is_deleted"):
        raise ApiError(404, f"Room {key[:_SHOWN]} not found")
    if call.token and call.token.room not in {None, room["id"]}:
        raise ApiError(403, "This token is for another room.")
    return room


def user_of(call: Call, *, deleted: bool = False) -> Record:
    """Return the record of the user in a call's path, by id, e-mail address or @mention name; raises ApiError(404)."""
    return find_user(call.store, call.path["id_or_email"], deleted=deleted)


def find_user(store: Store, key: str, *, deleted: bool = False) -> Record:
    """Return a user's record by id, e-mail address or @mention name; raises ApiError(404); ``deleted``: those too."""
    user = find_lenient(store.find_user, key)
    if user is None or (user.get("is_deleted") and not deleted):
        raise ApiError(404, f"User {key[:_SHOWN]} not found")
    return user


def spelled(key: str | float) -> str:
    """Return an id or name that stands in a body as text: 2.0 is an integer of JSON Schema too."""
    return key if isinstance(key, str) else str(int(key))


def find_lenient(find: Callable[[str], Record | None], key: str) -> Record | None:
    """Return what a client may have meant: some write a name's spaces as pluses, even in a path."""
    found = find(key)
    if "+" in key and (found is None or found["is_deleted"]):
        return find(key.replace("+", " ")) or found
    return found


def owner_of(call: Call) -> Record:
    """Return the record of the user whose token this is; raises ApiError(403) for an add-on's token."""
    number = call.token.owner if call.token else None
    owner = None if number is None else call.store.user(number)
    if owner is None:
        raise ApiError(403, "This action requires the token of a user.")
    return owner


class People:
    """References to users, each made once a call."""

    def __init__(self, store: Store, links: Links) -> None:
        """Begin with nobody looked up."""
        self._store, self._links = store, links
        self._by_id: dict[int, Object | None] = {}
        self._by_name: dict[str, Object | None] = {}

    def ref(self, number: int) -> Object | None:
        """Return a reference to a user by id, None for nobody."""
        if number not in self._by_id:
            record = self._store.user(number)
            self._by_id[number] = user_ref(self._links, record) if record else None
        return self._by_id[number]

    def refs(self, numbers: Sequence[int]) -> list[Object]:
        """Return references to users by id; ids of nobody are left out."""
        return [one for one in map(self.ref, numbers) if one]

    def mentioned(self, name: str) -> Object | None:
        """Return a reference to the user who has a mention name, None for nobody."""
        if name not in self._by_name:
            if len(self._by_name) >= _NAMES:
                return None
            record = self._store.find_user(f"@{name}")
            is_meant = record is not None and str(record.get("mention_name")).casefold() == name.casefold()
            self._by_name[name] = self.ref(record["id"]) if record and is_meant else None
        return self._by_name[name]


def room_place(call: Call, room: Record) -> Place:
    """Return where the messages of a room stand; "@all" means those who are known to be in it."""
    people = People(call.store, call.links)
    everybody: list[Object] = []

    def all_of_them() -> list[Object]:
        if not everybody:
            everybody.extend(people.refs(people_ids(room)))
        return everybody

    return Place(call.links, files_of(room["id"]), people.ref, people.mentioned, all_of_them)


def private_place(call: Call) -> Place:
    """Return where private messages stand; "@all" means nobody there."""
    people = People(call.store, call.links)
    return Place(call.links, files_of(None), people.ref, people.mentioned, list)


def private_chat(call: Call) -> tuple[Record, Record, Chat]:
    """Return the token's owner, the user in the path, and the part of the owner's history that is between them."""
    owner, peer = owner_of(call), user_of(call, deleted=True)
    return owner, peer, Chat(owner=owner["id"], peer=peer["id"])
