"""Makes users, rooms, emoticons and autojoins of records as they are written, and looks up users and rooms."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import UNSET

from hcfmt.export.layout import EMOTICON_FILES
from hcfmt.export.mentions import mentions
from hcfmt.export.references import is_unsafe
from hcfmt.export.timestamps import parse_possible
from hcfmt.reader.record_repair import Path
from hcfmt.reader.records import AutoJoin, Emoticon, Room, User
from hcfmt.reader.wire_types import embedded

AUTOJOIN_DATA, METADATA = "embedded/autojoin-data", "embedded/user-metadata"
_AVATAR = "files/photos/"  # how a path of an avatar begins, where the path of its file has users/ and then avatars/
_AUTOJOIN = re.compile("pref:autoJoin:([0-9]{1,18})", re.ASCII)
_OTHER_EMOTICONS, _GROUP = "emoticons/", "1/"  # where Server and Cloud have pictures, and what their paths become
_INTEGRATION = 0  # the id of senders that are no users

REFERENCE_RULES = frozenset({"HC111", "HC112", *(f"HC{number}" for number in range(401, 413))})
"""The codes of the problems with unknown users and rooms, for which no record is skipped."""


class Unresolved(NamedTuple):
    """A reference to an unknown user: the code of its rule, the id, the index of its record, and the path in it."""

    code: str
    number: int
    record: int | None
    path: Path

    def listed_below(self, key: str) -> "Unresolved":
        """Return the reference in a document that holds its records in a list below a key."""
        assert self.record is not None  # noqa: S101 - of a record in a list
        return self._replace(record=None, path=(key, self.record, *self.path[1:]))


class People:
    """The users and rooms of an export by id; ``unresolved`` are the references to unknown users that were met.

    ``index`` is set to the index of the record whose references are looked up.
    """

    def __init__(self) -> None:
        """Begin without users and rooms."""
        self.users: dict[int, User] = {}
        self.rooms: dict[int, Room] = {}
        self.unresolved: list[Unresolved] = []
        self.index = 0
        self._by_mention_name: dict[str, User] = {}

    def add_user(self, user: User) -> bool:
        """Add a user, unless there is one with that id; return whether the user was added."""
        if self.users.setdefault(user.id, user) is not user:
            return False
        name = user.mention_name.casefold()
        if name not in self._by_mention_name or self._by_mention_name[name].is_deleted:
            self._by_mention_name[name] = user
        return True

    def add_room(self, room: Room) -> bool:
        """Add a room, unless there is one with that id; return whether it was added."""
        return self.rooms.setdefault(room.id, room) is room

    def user(self, number: int, code: str, path: Path) -> User | None:
        """Return a user to whom a record refers, None for an integration or an unknown user."""
        user = self.users.get(number)
        if user is None and number != _INTEGRATION:
            self.unresolved.append(Unresolved(code, number, self.index, path))
        return user

    def users_of(self, numbers: Iterable[int], code: str, path: Path) -> tuple[User, ...]:
        """Return the users with some ids, without unknown ones."""
        found = (self.user(number, code, (*path, place)) for place, number in enumerate(numbers))
        return tuple(user for user in found if user is not None)

    def mentioned(self, text: str, listed: object, path: Path) -> tuple[User, ...]:
        """Return the users whom a text mentions, and those of a list of ids, in order and each once."""
        names = (
            self._by_mention_name.get(name.casefold()) or self._by_mention_name.get(trimmed.casefold())
            for name, trimmed in mentions(text)
        )
        found = {user.id: user for user in names if user is not None}
        numbers = [number for number in listed if type(number) is int] if isinstance(listed, list) else []
        found.update((user.id, user) for user in self.users_of(numbers, "HC412", path))
        return tuple(found.values())


def make_user(record: Any) -> User:  # noqa: ANN401 - a struct of wire_types
    """Return a user. Raises one of ``REFUSED`` for an impossible date, and for metadata that cannot be read."""
    avatar = given(record.avatar)
    number, slash, name = (avatar or "").removeprefix(_AVATAR).partition("/")
    has_file = avatar and avatar.startswith(_AVATAR) and slash and not is_unsafe(avatar)
    return User(
        id=record.id,
        name=record.name,
        mention_name=record.mention_name,
        email=given(record.email),
        title=given(record.title),
        avatar=avatar,
        avatar_file=f"users/{number}/avatars/{name}" if has_file else None,
        created=read_date(record.created) if record.created is not UNSET else None,
        is_deleted=record.is_deleted,
        timezone=record.timezone,
        account_type=record.account_type,
        roles=tuple(record.roles or ()),
        metadata=embedded(METADATA, record.metadata) if record.metadata is not UNSET else None,
    )


def make_room(record: Any, people: People) -> Room:  # noqa: ANN401 - as above
    """Return a room, once all users are known. Raises ValueError for an impossible date."""
    members, participants = record.members or (), record.participants or ()
    admins, owner = record.room_admins or (), given(record.owner)
    return Room(
        id=record.id,
        created=read_date(record.created),
        guest_access_url=record.guest_access_url or None,
        is_archived=record.is_archived,
        members=people.users_of(members, "HC403", ("Room", "members")),
        member_ids=tuple(members),
        canonical_name=record.canonical_name,
        name=record.name,
        owner=None if owner is None else people.user(owner, "HC404", ("Room", "owner")),
        owner_id=owner,
        participants=people.users_of(participants, "HC406", ("Room", "participants")),
        participant_ids=tuple(participants),
        privacy=record.privacy,
        room_admins=people.users_of(admins, "HC405", ("Room", "room_admins")),
        room_admin_ids=tuple(admins),
        topic=given(record.topic),
        is_deleted=given(record.is_deleted),
    )


def make_emoticon(record: Any, people: People, *, is_other: bool) -> Emoticon:  # noqa: ANN401 - as above
    """Return an emoticon; ``is_other``: Server or Cloud wrote the export, where its picture is in another place."""
    file = _OTHER_EMOTICONS + record.path.removeprefix(_GROUP) if is_other else EMOTICON_FILES + record.path
    user_id = given(record.user_id)
    return Emoticon(
        id=given(record.ID),
        user=None if user_id is None else people.user(user_id, "HC407", ("Emoticon", "user_id")),
        user_id=user_id,
        group_id=given(record.group_id),
        path=record.path,
        file=None if is_unsafe(record.path) else file,
        shortcut=record.shortcut,
        width=given(record.width),
        height=given(record.height),
    )


def make_autojoin(record: Any, people: People) -> AutoJoin:  # noqa: ANN401 - as above
    """Return an autojoin."""
    key = given(record.id) or ""
    match = _AUTOJOIN.fullmatch(key)
    return AutoJoin(
        id=key,
        user=people.user(int(match[1]), "HC410", ("AutoJoin", "id")) if match else None,
        data=embedded(AUTOJOIN_DATA, record.data) if record.data is not UNSET else None,
    )


def read_date(text: str) -> datetime:
    """Return the instant of a date. Raises ValueError for a date, a time of day or an offset that does not exist."""
    date = parse_possible(text)
    if date is None:
        raise ValueError("The date is impossible.")
    return date


def given(value: Any) -> Any:  # noqa: ANN401 - a property's value
    """Return a property's value, None for an absent one."""
    return None if value is UNSET else value
