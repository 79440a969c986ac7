"""The kinds of records that are compared, and the properties of each, with the dialects that write them alike.

The dialects write some properties in forms of their own, and lack others (docs/format.md#dialects). A property has a
letter for each dialect, in the order of ``dialects.CHECKED``: dialects with the same letter write it alike, and ``-``
stands for a dialect that lacks it. Two exports of one dialect are compared in every property.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from hcfmt.differences import property_readers as read
from hcfmt.export.dialects import CHECKED
from hcfmt.export.layout import Kind

Record = dict[str, Any]
Reader = Callable[[Sequence[Record]], list[Any]]

EVERYWHERE, NOWHERE_ALIKE, HC_MIGRATE_ALONE, NOT_IN_CLOUD, OTHERWISE = "aaa", "abc", "a--", "aa-", "abb"


class Section(StrEnum):
    """A part of an export that is compared by itself."""

    USERS = "users"
    ROOMS = "rooms"
    ROOM_MESSAGES = "room messages"
    PRIVATE_MESSAGES = "private messages"
    FILES = "files"
    EMOTICONS = "emoticons"
    AUTOJOINS = "autojoins"
    UNREADABLE = "unreadable records"


SECTIONS = tuple(Section)


class Property(NamedTuple):
    """A property that is compared: its name in reports, its forms, the properties of JSON that it is read from."""

    name: str
    forms: str
    sources: tuple[str, ...]
    read: Reader

    def is_comparable(self, first: str, second: str) -> bool:
        """Whether the values of two dialects can be compared."""
        return first == second or _are_alike(self.forms, first, second)


class RecordKind(NamedTuple):
    """A kind of records: its wrapper key, its section, the dialects that have it, its properties, those of its id.

    ``title`` names all its records where they are not compared.
    """

    name: str
    section: Section
    forms: str
    properties: tuple[Property, ...]
    ids: tuple[str, ...] = ("id",)
    title: str = ""

    def not_comparable(self, first: str, second: str) -> Sequence[str]:
        """Return the names of the properties that cannot be compared between two dialects."""
        return [compared.name for compared in self.properties if not compared.is_comparable(first, second)]

    @property
    def sources(self) -> frozenset[str]:
        """The names of all properties of JSON that have a place in the comparison."""
        return frozenset(chain(self.ids, *(compared.sources for compared in self.properties)))

    def is_comparable(self, first: str, second: str) -> bool:
        """Whether two dialects both have such records."""
        return first == second or _are_alike(self.forms, first, second)


def _are_alike(forms: str, first: str, second: str) -> bool:
    one, other = forms[CHECKED.index(first)], forms[CHECKED.index(second)]
    return one == other != "-"


def _plain(*names: str, forms: str = EVERYWHERE) -> tuple[Property, ...]:
    return tuple(Property(name, forms, (name,), read.named(name)) for name in names)


def _lists(*names: str, forms: str = EVERYWHERE) -> tuple[Property, ...]:
    return tuple(Property(name, forms, (name,), read.unordered(name)) for name in names)


_MESSAGE = (
    Property("timestamp", EVERYWHERE, ("timestamp",), read.named("timestamp")),
    *_plain("message", "deleted"),
    *_plain("type", forms=NOWHERE_ALIKE),
)
_BY_USER = (
    Property("sender", EVERYWHERE, ("sender",), read.party("sender")),
    Property("names of the sender", NOWHERE_ALIKE, ("sender",), read.party_details("sender")),
)
_BY_INTEGRATION = (
    Property("sender", EVERYWHERE, ("sender",), read.party_name("sender")),
    Property("account of the sender", NOWHERE_ALIKE, ("sender",), read.party_account("sender")),
)
_WITH_FILE = (
    Property("attachment", EVERYWHERE, ("attachment",), read.attachment),
    Property("details of the attachment", NOWHERE_ALIKE, ("attachment",), read.attachment_details),
    *_plain("attachment_path", forms=OTHERWISE),
    *_lists("mentions", forms=OTHERWISE),
)

KINDS = (
    RecordKind(
        "User",
        Section.USERS,
        EVERYWHERE,
        (
            *_plain("name", "mention_name", "email", "title", "created", "is_deleted", "timezone", "account_type"),
            *_lists("roles"),
            *_plain("avatar", forms=OTHERWISE),
            *_lists("rooms", forms=NOT_IN_CLOUD),
            *_plain("metadata", forms=HC_MIGRATE_ALONE),
        ),
    ),
    RecordKind(
        "Room",
        Section.ROOMS,
        EVERYWHERE,
        (
            *_plain("name", "owner", "privacy", "created", "is_archived", "guest_access_url"),
            Property("topic", EVERYWHERE, ("topic",), read.text("topic")),
            Property("members", EVERYWHERE, ("members",), read.member_ids),
            Property("names and roles of members", NOWHERE_ALIKE, ("members",), read.member_objects),
            *_lists("participants"),
            *_lists("room_admins", forms=NOT_IN_CLOUD),
            *_plain("canonical_name", "is_deleted", forms=HC_MIGRATE_ALONE),
        ),
    ),
    RecordKind(
        "UserMessage",
        Section.ROOM_MESSAGES,
        EVERYWHERE,
        (*_MESSAGE, *_BY_USER, *_WITH_FILE, *_plain("metadata")),
    ),
    RecordKind(
        "NotificationMessage",
        Section.ROOM_MESSAGES,
        EVERYWHERE,
        (
            *_MESSAGE,
            *_BY_INTEGRATION,
            Property("format", EVERYWHERE, ("format", "message_format"), read.first_of("format", "message_format")),
            *_plain("color", "card"),
            *_lists("mentions", forms=OTHERWISE),
        ),
    ),
    RecordKind(
        "TopicRoomMessage",
        Section.ROOM_MESSAGES,
        EVERYWHERE,
        (
            *(of_all for of_all in _MESSAGE if of_all.name != "message"),
            # In Server's and Cloud's exports it is the topic itself.
            Property("text of a new topic", OTHERWISE, ("message",), read.named("message")),
            *_BY_USER,
            Property("topic", EVERYWHERE, ("topic", "message"), read.first_of("topic", "message")),
        ),
    ),
    RecordKind("ArchiveRoomMessage", Section.ROOM_MESSAGES, EVERYWHERE, (*_MESSAGE, *_BY_USER, *_plain("is_archived"))),
    RecordKind(
        "GuestAccessMessage",
        Section.ROOM_MESSAGES,
        EVERYWHERE,
        (
            *_MESSAGE,
            # An object, or in Server's and Cloud's exports a bare name, which tells less.
            Property("sender of guest access", NOWHERE_ALIKE, ("sender",), read.named("sender")),
            *_plain("enable_guest_access", "url"),
        ),
    ),
    RecordKind(
        "PrivateUserMessage",
        Section.PRIVATE_MESSAGES,
        EVERYWHERE,
        (
            *_MESSAGE,
            *_BY_USER,
            Property("receiver", EVERYWHERE, ("receiver",), read.party("receiver")),
            Property("names of the receiver", NOWHERE_ALIKE, ("receiver",), read.party_details("receiver")),
            *_WITH_FILE,
        ),
    ),
    RecordKind(
        "Emoticon",
        Section.EMOTICONS,
        EVERYWHERE,
        (
            *_plain("shortcut"),
            *_plain("path", forms=OTHERWISE),
            *_plain("user_id", "group_id", "width", "height", "audio_path", forms=HC_MIGRATE_ALONE),
        ),
        ids=("ID", "id"),
    ),
    RecordKind("AutoJoin", Section.AUTOJOINS, HC_MIGRATE_ALONE, _plain("data", forms=HC_MIGRATE_ALONE), title="all"),
    *(
        RecordKind(name, Section.FILES, forms, _plain("size", "content"), ids=("path",), title=title)
        for name, forms, title in (
            ("File", EVERYWHERE, ""),
            ("Avatar", HC_MIGRATE_ALONE, "avatars"),
            ("EmoticonImage", OTHERWISE, "images of emoticons"),
            ("Metadata", OTHERWISE, "metadata.json"),
            ("Preferences", HC_MIGRATE_ALONE, "preferences.json"),
        )
    ),
)
FILE_PLACES = {
    Kind.ROOM_FILE: "",  # the directory of the room
    Kind.PRIVATE_FILE: "users/files",
    Kind.AVATAR: "avatars",
    Kind.EMOTICON: "images of emoticons",
    Kind.METADATA: "data files",
    Kind.PREFERENCES: "data files",
}
"""The place of files of a kind in a report."""

OTHER_PROPERTIES = "undocumented properties"
"""The name in reports of all properties that have no place in a kind."""


FILE_KINDS = {
    Kind.AVATAR: "Avatar",
    Kind.EMOTICON: "EmoticonImage",
    Kind.METADATA: "Metadata",
    Kind.PREFERENCES: "Preferences",
}
"""The kinds of files that some dialects lack or have elsewhere; all others are of the kind ``File``."""


@cache
def kind_numbers() -> dict[str, int]:
    """Return the index of each kind in ``KINDS`` by its name."""
    return {kind.name: number for number, kind in enumerate(KINDS)}
