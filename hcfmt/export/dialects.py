"""Tells which exporter wrote a data file, by keys and values of its first records (docs/format.md#dialects).

A mark is something that the files of some exporters have and those of others lack. The marks of a file decide by their
weights, so that one odd record does not make another exporter's file of it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from hcfmt.export.jsontext import ELEMENT, SPACE, holds_at_most
from hcfmt.export.layout import Kind

HC_MIGRATE, SERVER, CLOUD = "hc-migrate", "server", "cloud"
STRIDE, OLD_CLOUD, API = "stride", "old-cloud", "api"
CHECKED = (HC_MIGRATE, SERVER, CLOUD)
"""The dialects whose files hcfmt checks."""

TITLES = {
    HC_MIGRATE: "hc-migrate",
    SERVER: "HipChat Server or Data Center",
    CLOUD: "HipChat Cloud from mid-2018 on",
    STRIDE: "Stride",
    OLD_CLOUD: "HipChat Cloud before mid-2018",
    API: "a script that saved answers of HipChat's REST API",
}
"""Who wrote the files of each dialect."""

NEEDED = {
    STRIDE: "Its ids are texts: migratemost stops on them. Zulip numbers such ids anew where all are texts, but lacks "
    "the messages between two people. Look for an importer of Stride exports, or try Zulip's and count what arrives.",
    API: "Such answers are no export: they leave out much, and no importer of exports reads them. Export with "
    "hc-migrate, or look for a program that reads what the script wrote.",
}
"""What to do with files of a dialect that hcfmt does not check."""

HEAD = 16 << 10  # bytes in which the first records are looked for
LONGEST_HEAD = 4 << 20  # bytes, for a first record with a large picture
_MOST_ELEMENTS = 8
_MOST_VALUES = 50_000  # in one element, so that memory stays bounded

_Record = Mapping[str, Any]


class Mark(NamedTuple):
    """A mark of some dialects: ``sentence`` says what was found, ``weight`` how much it proves."""

    sentence: str
    weight: int
    dialects: tuple[str, ...]
    holds: Callable[[_Record], bool]


class Origin(NamedTuple):
    """The dialect of a data file, None if nothing shows it, and the marks by which it was told, of whatever dialect."""

    dialect: str | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether more shows the dialect than one missing property or an empty list, which a script may have left."""
        return self.dialect is not None and weigh(self.marks)[self.dialect] > 1

    @property
    def is_checked(self) -> bool:
        """Whether hcfmt has schemas for the file; one that nothing tells is taken for hc-migrate's."""
        return self.dialect is None or self.dialect in CHECKED


_OLD_CLOUD_FILES = r"(?:.+/)?(?:rooms|users)/list\.json"
_BOTH = (SERVER, CLOUD)
_STRIDE_ID = r"[0-9]+:.+|[0-9a-f]{24}"
_BASE64 = r"[0-9A-Za-z+/\r\n]{8,}={0,2}\s*"


def _is_base64(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(_BASE64, text[:100]) is not None


def _sender(record: _Record) -> Any:  # noqa: ANN401 - any JSON value
    return record.get("sender")


def _of_sender(record: _Record, *names: str) -> bool:
    """Whether the sender is an object in which one of some properties is not empty."""
    sender = _sender(record)
    return isinstance(sender, dict) and any(sender.get(name) for name in names)


def _is_stride_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(_STRIDE_ID, value) is not None


def _lacks(name: str, *others: str) -> Callable[[_Record], bool]:
    """Return whether a record lacks a property, though it has some that all dialects have."""
    return lambda record: name not in record and all(other in record for other in others)


def _has_member_objects(room: _Record) -> bool:
    members = room.get("members")
    return isinstance(members, list) and any(isinstance(member, dict) for member in members)


_USER_MARKS = (
    Mark("User has metadata", 3, (HC_MIGRATE,), lambda user: isinstance(user.get("metadata"), str)),
    Mark("avatar is a path", 3, (HC_MIGRATE,), lambda user: str(user.get("avatar")).startswith("files/")),
    Mark("User has no metadata", 1, _BOTH, _lacks("metadata", "email", "roles")),
    Mark("avatar is base64", 3, _BOTH, lambda user: _is_base64(user.get("avatar"))),
    Mark("User has no rooms", 1, (CLOUD,), _lacks("rooms", "email", "roles")),
    Mark("the user's id is text", 9, (STRIDE,), lambda user: _is_stride_id(user.get("id"))),
)
_ROOM_MARKS = (
    Mark("Room has is_deleted", 3, (HC_MIGRATE,), lambda room: "is_deleted" in room),
    Mark("Room has canonical_name", 2, (HC_MIGRATE,), lambda room: "canonical_name" in room),
    Mark("Room has no is_deleted", 1, _BOTH, _lacks("is_deleted", "owner", "privacy")),
    Mark("Room has no canonical_name", 1, _BOTH, _lacks("canonical_name", "owner", "privacy")),
    Mark("members are objects", 2, (SERVER,), _has_member_objects),
    Mark(
        "Room has room_admins and no canonical_name",
        2,
        (SERVER,),
        _lacks("canonical_name", "room_admins", "owner", "privacy"),
    ),
    Mark("Room has no room_admins", 2, (CLOUD,), _lacks("room_admins", "owner", "privacy")),
)
_MESSAGE_MARKS = (
    Mark('type is "muc_message"', 3, (HC_MIGRATE,), lambda message: message.get("type") == "muc_message"),
    Mark("type is the second property", 2, (HC_MIGRATE,), lambda message: list(message)[1:2] == ["type"]),
    Mark("NotificationMessage has format", 3, (HC_MIGRATE,), lambda message: "format" in message),
    Mark('type is "user"', 3, _BOTH, lambda message: message.get("type") == "user"),
    Mark("sender is a name", 3, _BOTH, lambda message: isinstance(_sender(message), str)),
    Mark("NotificationMessage has message_format", 3, _BOTH, lambda message: "message_format" in message),
    Mark("mention_name of the sender is filled in", 2, _BOTH, lambda message: _of_sender(message, "mention_name")),
    Mark("sender has links", 2, (CLOUD,), lambda message: _of_sender(message, "links")),
)
_PRIVATE_MARKS = (
    Mark("id is the first property", 2, (HC_MIGRATE,), lambda message: next(iter(message), "") == "id"),
    Mark(
        "names of the sender are blank",
        2,
        (HC_MIGRATE,),
        lambda message: (
            isinstance(_sender(message), dict)
            and all(_sender(message).get(name) == "" for name in ("mention_name", "name"))
        ),
    ),
    Mark("names of the sender are filled in", 2, _BOTH, lambda message: _of_sender(message, "mention_name", "name")),
    Mark("sender has links", 2, (CLOUD,), lambda message: _of_sender(message, "links")),
    Mark(
        "the sender's id is text",
        9,
        (STRIDE,),
        lambda message: isinstance(_sender(message), dict) and _is_stride_id(_sender(message).get("id")),
    ),
)
_MARKS = {
    Kind.USERS: _USER_MARKS,
    Kind.ROOMS: _ROOM_MARKS,
    Kind.ROOM_HISTORY: _MESSAGE_MARKS,
    Kind.USER_HISTORY: _PRIVATE_MARKS,
}
_EMOTICONS_OBJECT = Mark("the emoticons are in an object", 3, (HC_MIGRATE,), lambda _: True)
_EMOTICONS_LIST = Mark("the emoticons are a list", 3, _BOTH, lambda _: True)
_EMPTY_LIST = Mark("the emoticons are an empty list", 1, _BOTH, lambda _: True)
_ITEMS = Mark("an object with items stands in place of a list", 9, (API,), lambda _: True)

_EMOTICONS = rb'\s*(?:(\{\s*"Emoticons"\s*:)|\[\s*(?:(\])|\{\s*"Emoticon"\s*:))'


def origin_of(kind: Kind, head: bytes) -> Origin:
    """Return the origin of a data file of a kind, by its first bytes; a byte order mark is not among them."""
    if kind in _MARKS:
        return _by_weight(_marks_of_list(kind, head))
    match = re.match(_EMOTICONS, head) if kind is Kind.EMOTICONS else None
    if match is None:
        return _by_weight([])
    return _by_weight([_EMOTICONS_OBJECT if match[1] else _EMPTY_LIST if match[2] else _EMOTICONS_LIST])


def is_long_enough(kind: Kind, head: bytes) -> bool:
    """Whether the first bytes of a list hold a whole element, so that more of them would tell little more."""
    is_list = kind in _MARKS and head.lstrip(SPACE).startswith(b"[")
    return not is_list or next(_elements(head), None) is not None


def _marks_of_list(kind: Kind, head: bytes) -> Iterable[Mark]:
    """Return each mark of the first records once."""
    if head.lstrip(SPACE).startswith(b"{"):
        return (_ITEMS,) if re.search(rb'"items"\s*:\s*\[', head) else ()
    found = dict.fromkeys(_MARKS[kind], False)
    for record in _records(head):
        for mark, is_found in found.items():
            found[mark] = is_found or mark.holds(record)
        marks = [mark for mark, is_found in found.items() if is_found]
        if marks and all(mark.dialects == (HC_MIGRATE,) for mark in marks):
            break  # as in the first record of most files
    return [mark for mark, is_found in found.items() if is_found]


def _by_weight(marks: Iterable[Mark]) -> Origin:
    """Return the origin that marks tell: on equal weights the first of the dialects above."""
    found = tuple(marks)
    weights = weigh(found)
    return Origin(max(weights, key=lambda dialect: weights[dialect]) if found else None, found)


def is_old_cloud(path: str) -> bool:
    """Whether a path is that of a list of the old HipChat Cloud format, unpacked."""
    return re.fullmatch(_OLD_CLOUD_FILES, path) is not None


def weigh(marks: Iterable[Mark]) -> Mapping[str, int]:
    """Return the weight of each dialect by some marks, in the order of the dialects above."""
    weights = Counter(dict.fromkeys(TITLES, 0))
    for mark in marks:
        weights.update(dict.fromkeys(mark.dialects, mark.weight))
    return weights


def _records(head: bytes) -> Iterator[_Record]:
    """Yield the records below their wrappers of the first elements of a list, as far as they can be read."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for text in _elements(head):
        if not holds_at_most(text, _MOST_VALUES):
            continue
        try:
            wrapper = decode(text)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            continue
        yield from (record for record in islice(wrapper.values(), 1) if isinstance(record, dict))


def _elements(head: bytes) -> Iterator[bytes]:
    """Yield the text of the first elements of a list that are there as a whole; few, whatever they are."""
    element = re.compile(ELEMENT)
    start = len(head) - len(head.lstrip(SPACE)) + 1
    for _ in range(_MOST_ELEMENTS if start > 0 else 0):
        match = element.match(head, start)
        if match is None:
            return
        yield match[0]
        start = match.end() + 1
