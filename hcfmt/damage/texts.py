"""Damage to the JSON text of data files."""

from random import Random

from hcfmt.container import DEPTHS
from hcfmt.damage.kind import damage, enough, shuffled
from hcfmt.damage.parts import written
from hcfmt.export.editable_members import DataDocument
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.go_json import go_json
from hcfmt.export.layout import DATA_NAMES

_MARK = b"\xef\xbb\xbf"
_UNSAFE = 2**53 + 1
_MESSAGES = "room messages with a text and without a file"


def _data_files(export: EditableExport, random: Random, count: int) -> list[str]:
    there = [item.path for item in export.items if isinstance(item.content, DataDocument)]
    return enough(shuffled(random, there), count, f"data files, such as {min(DATA_NAMES)}")


def _messages(export: EditableExport, random: Random, count: int) -> list[EditableRecord]:
    return enough(written(export, random), count, _MESSAGES)


@damage("HC201")
def invalid_json(export: EditableExport, random: Random, count: int) -> None:
    """Let a data file end early, be empty, or have a comma too many."""
    for path in _data_files(export, random, count):
        text = export.document(path).text.rstrip()
        export.replace_content(
            path, random.choice([b"", text[: random.randrange(1, len(text))], text[:-1] + b"," + text[-1:]])
        )


@damage("HC202")
def byte_order_mark(export: EditableExport, random: Random, count: int) -> None:
    """Put a byte order mark before a data file."""
    for path in _data_files(export, random, count):
        export.replace_content(path, _MARK + export.document(path).text)


@damage("HC203")
def invalid_utf8(export: EditableExport, random: Random, count: int) -> None:
    """End a message with a letter in Latin-1."""
    for message in _messages(export, random, count):
        message.splice("message", go_json(message.value["message"])[:-1] + b'\xe9"')


@damage("HC204")
def non_finite_number(export: EditableExport, random: Random, count: int) -> None:
    """Give a sender an id that is a number which JSON does not have."""
    for message in _messages(export, random, count):
        message.splice("sender", "id", random.choice([b"NaN", b"Infinity", b"-Infinity"]))


@damage("HC205")
def duplicate_key(export: EditableExport, random: Random, count: int) -> None:
    """Give a message two texts under the same key."""
    for message in _messages(export, random, count):
        text = go_json(message.value["message"])
        message.splice("message", b'"an earlier version","message":' + text)


@damage("HC206")
def unstorable_text(export: EditableExport, random: Random, count: int) -> None:
    """End a message with U+0000 or with half of an emoji."""
    for message in _messages(export, random, count):
        text = go_json(message.value["message"])[:-1]
        message.splice("message", text + random.choice([rb"\u0000", rb"\ud83d"]) + b'"')


@damage("HC207")
def unsafe_integer(export: EditableExport, random: Random, count: int) -> None:
    """Tell of a message's link an integer beyond 2^53."""
    for message in _messages(export, random, count):
        known = message.value.get("metadata") or []
        message.set("metadata", [*known, {"width": _UNSAFE + 2 * random.randrange(1 << 20)}])


@damage("HCX01", once=True)
def budget_exceeded(export: EditableExport, random: Random, count: int) -> None:
    """Tell of a message's link something that nests deeper than any reader can be told to follow."""
    deep = 2 * DEPTHS[-1]
    for message in _messages(export, random, count):
        message.splice("metadata", b'[{"nested":%b%b}]' % (b"[" * deep, b"]" * deep))
