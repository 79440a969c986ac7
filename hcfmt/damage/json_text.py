"""Damage to the JSON text of data files."""

from random import Random

from hcfmt.container import DEPTHS
from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import text_messages
from hcfmt.export.editable_members import DataDocument
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.go_json import go_json
from hcfmt.export.layout import DATA_NAMES

_MARK = b"\xef\xbb\xbf"
_UNSAFE = 2**53 + 1
_MESSAGES = "room messages with a text and without a file"


def data_files(export: EditableExport, random: Random, count: int) -> list[str]:
    """Return the paths of some data files."""
    paths = [item.path for item in export.items if isinstance(item.content, DataDocument)]
    return take(shuffled(random, paths), count, f"data files, such as {min(DATA_NAMES)}")


def messages(export: EditableExport, random: Random, count: int) -> list[EditableRecord]:
    """Return some room messages with a text."""
    return take(text_messages(export, random), count, _MESSAGES)


def invalid_json(export: EditableExport, random: Random, count: int) -> None:
    """Cut or empty a data file, or add a comma to it."""
    for path in data_files(export, random, count):
        text = export.document(path).text.rstrip()
        export.replace_content(
            path, random.choice([b"", text[: random.randrange(1, len(text))], text[:-1] + b"," + text[-1:]])
        )


def byte_order_mark(export: EditableExport, random: Random, count: int) -> None:
    """Put a byte order mark before a data file."""
    for path in data_files(export, random, count):
        export.replace_content(path, _MARK + export.document(path).text)


def invalid_utf8(export: EditableExport, random: Random, count: int) -> None:
    """End a message with a letter in Latin-1."""
    for message in messages(export, random, count):
        message.splice("message", go_json(message.value["message"])[:-1] + b'\xe9"')


def non_finite_number(export: EditableExport, random: Random, count: int) -> None:
    """Give a sender a number as id that JSON does not have."""
    for message in messages(export, random, count):
        message.splice("sender", "id", random.choice([b"NaN", b"Infinity", b"-Infinity"]))


def duplicate_key(export: EditableExport, random: Random, count: int) -> None:
    """Give a message two texts under the same key."""
    for message in messages(export, random, count):
        text = go_json(message.value["message"])
        message.splice("message", b'"an earlier version","message":' + text)


def unstorable_text(export: EditableExport, random: Random, count: int) -> None:
    """End a message with U+0000 or with half of an emoji."""
    for message in messages(export, random, count):
        text = go_json(message.value["message"])[:-1]
        message.splice("message", text + random.choice([rb"\u0000", rb"\ud83d"]) + b'"')


def unsafe_integer(export: EditableExport, random: Random, count: int) -> None:
    """Write an integer beyond 2^53 into the metadata of a message."""
    for message in messages(export, random, count):
        metadata = message.value.get("metadata") or []
        message.set("metadata", [*metadata, {"width": _UNSAFE + 2 * random.randrange(1 << 20)}])


def budget_exceeded(export: EditableExport, random: Random, count: int) -> None:
    """Nest the metadata of a message deeper than the limit of any reader can be raised."""
    deep = 2 * DEPTHS[-1]
    for message in messages(export, random, count):
        message.splice("metadata", b'[{"nested":%b%b}]' % (b"[" * deep, b"]" * deep))
