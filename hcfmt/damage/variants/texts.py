"""Variants of damage to the JSON text of data files, and to the lists in them."""

from collections.abc import Callable
from random import Random
from typing import Any

import orjson

from hcfmt.damage.damage import Damage, DamageFunction
from hcfmt.damage.json_text import data_files, messages
from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import ROOMS, USERS, text_messages
from hcfmt.export.editing import EditableExport
from hcfmt.export.go_json import go_json
from hcfmt.export.layout import Kind

_ROOM, _USER = Kind.ROOM_HISTORY, Kind.USER_HISTORY
_NOUNS = {_ROOM: "histories of rooms", _USER: "histories of users"}


def _text(edit: Callable[[bytes], bytes]) -> DamageFunction:
    """Return a damage that edits the text of any data files."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for path in data_files(export, random, count):
            export.replace_content(path, edit(export.document(path).text.rstrip()))

    return apply


def _text_of(path: str, edit: Callable[[bytes], bytes]) -> DamageFunction:
    """Return a damage that edits the text of one data file."""

    def apply(export: EditableExport, _: Random, __: int) -> None:
        take(filter(None, [export.find(path)]), 1, "required data files")
        export.replace_content(path, edit(export.document(path).text.rstrip()))

    return apply


def _lines(text: bytes) -> bytes:
    return b"\n".join(orjson.dumps(element) for element in orjson.loads(text))


def _ending(raw: bytes) -> DamageFunction:
    """Return a damage that ends messages with raw bytes inside the string."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for message in messages(export, random, count):
            message.splice("message", go_json(message.value["message"])[:-1] + raw + b'"')

    return apply


def _number(raw: bytes) -> DamageFunction:
    """Return a damage that writes a number as the id of senders."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for message in messages(export, random, count):
            message.splice("sender", "id", raw)

    return apply


def _histories(tree: Kind, content: bytes) -> DamageFunction:
    """Return a damage that replaces the content of histories and of nothing else."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for path in take(shuffled(random, export.paths(tree)), count, _NOUNS[tree]):
            export.replace_content(path, content)

    return apply


def _entry(places: str | Kind, value: Any) -> DamageFunction:  # noqa: ANN401 - any JSON value
    """Return a damage that adds a value to the end of the list in a data file, or in any history of a kind."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        paths = export.paths(places) if isinstance(places, Kind) else [path for path in [places] if export.find(path)]
        noun = _NOUNS[places] if isinstance(places, Kind) else "required data files"
        for path in take((random.choice(paths) for _ in range(count if paths else 0)), count, noun):
            export.set(path, (len(export.document(path).value),), value)

    return apply


def _without_wrapper(export: EditableExport, random: Random, count: int) -> None:
    """Write a message without the key of its kind around it."""
    # The last message stays as it is, so that the export still has one.
    for message in take(text_messages(export, random), count + 1, "room messages with a text, and one more")[:count]:
        export.set(message.member, (message.index,), message.value)


def _row(code: str, variant: str, about: str, apply: DamageFunction, *, once: bool = False) -> Damage:
    return Damage(code, apply, once=once, variant=variant, about=about)


ROWS = (
    _row("HC201", "empty", "Empty a data file.", _text(lambda _: b"")),
    _row("HC201", "cut", "Cut off the last bracket of a data file.", _text(lambda text: text[:-1])),
    _row("HC201", "trailing-comma", "Write a comma before the last bracket of a data file.",
         _text(lambda text: text[:-1] + b"," + text[-1:])),
    _row("HC201", "two-documents", "Write a data file twice into itself.", _text(lambda text: text + b"\n" + text)),
    _row("HC201", "comment", "Begin a data file with a comment.", _text(lambda text: b"// exported\n" + text)),
    _row("HC201", "page", "Write an HTML page in place of a data file.", _text(lambda _: b"<!DOCTYPE html>\n<p>Sorry")),
    _row("HC201", "zeros", "Write zero bytes in place of a data file.", _text(lambda text: bytes(len(text)))),
    _row("HC201", "lines", "Write users.json as JSON Lines.", _text_of(USERS, _lines), once=True),
    _row("HC201", "single-quotes", "Write users.json with single quotes.",
         _text_of(USERS, lambda text: text.replace(b'"', b"'")), once=True),
    _row("HC201", "line-end-in-text", "Write a line end into the text of a message without an escape.", _ending(b"\n"),
         once=True),
    _row("HC201", "escape", "End a message with an escape that JSON does not have.", _ending(rb"\x41"), once=True),
    _row("HC203", "byte", "End a message with a byte that UTF-8 does not have.", _ending(b"\xff")),
    _row("HC203", "cut-character", "End a message with half of a character.", _ending(b"\xe2\x82")),
    _row("HC203", "overlong", "End a message with a slash in two bytes.", _ending(b"\xc0\xaf")),
    _row("HC203", "surrogate", "End a message with half of an emoji in UTF-8.", _ending(b"\xed\xa0\xbd")),
    _row("HC203", "utf-16", "Write a data file in UTF-16.", _text(lambda text: text.decode().encode("utf-16"))),
    _row("HC204", "nan", "Give a sender the id NaN.", _number(b"NaN")),
    _row("HC204", "infinity", "Give a sender the id Infinity.", _number(b"Infinity")),
    _row("HC204", "too-large", "Give a sender an id beyond the numbers of any reader.", _number(b"1e400")),
    _row("HC206", "zero", "End a message with U+0000.", _ending(rb"\u0000")),
    _row("HC206", "half-emoji", "End a message with half of an emoji.", _ending(rb"\ud83d")),
    _row("HC301", "users-null", "Write null in place of the list of users.json.", _text_of(USERS, lambda _: b"null"),
         once=True),
    _row("HC301", "users-object", "Write an object in place of the list of users.json.",
         _text_of(USERS, lambda _: b"{}"), once=True),
    _row("HC301", "rooms-object", "Write an object in place of the list of rooms.json.",
         _text_of(ROOMS, lambda _: b"{}"), once=True),
    _row("HC301", "room-history-object", "Write an object in place of the history of a room.",
         _histories(_ROOM, b"{}")),
    _row("HC301", "user-history-object", "Write an object in place of the history of a user.",
         _histories(_USER, b"{}")),
    _row("HC301", "user-entry-null", "Add null to the list of users.json.", _entry(USERS, None)),
    _row("HC301", "user-entry-text", "Add a text to the list of users.json.", _entry(USERS, "nobody")),
    _row("HC301", "user-record-null", "Add a user that is null to users.json.", _entry(USERS, {"User": None})),
    _row("HC301", "room-entry-null", "Add null to the list of rooms.json.", _entry(ROOMS, None)),
    _row("HC301", "message-entry-null", "Add null to the history of a room.", _entry(_ROOM, None)),
    _row("HC301", "message-record-null", "Add a message that is null to the history of a room.",
         _entry(_ROOM, {"UserMessage": None})),
    _row("HC301", "private-entry-null", "Add null to the history of a user.", _entry(_USER, None)),
    _row("HC302", "no-key", "", _without_wrapper),
    _row("HC302", "empty", "Add an empty object to the history of a room.", _entry(_ROOM, {})),
    _row("HC302", "two-keys", "Add an object with two unknown keys to the history of a room.",
         _entry(_ROOM, {"JoinMessage": {}, "LeaveMessage": {}})),
    _row("HC302", "user", "Add a user under an unknown key to users.json.", _entry(USERS, {"Bot": {}})),
    _row("HC302", "room", "Add a room under an unknown key to rooms.json.", _entry(ROOMS, {"Channel": {}})),
    _row("HC302", "private", "Add a message under an unknown key to the history of a user.",
         _entry(_USER, {"PrivateMessage": {}})),
)  # fmt: skip
"""The rows of this subject: code, variant, what it does, and the function."""
