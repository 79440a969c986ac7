"""Messages as lines: JSON objects with all fields, or rows of CSV for a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from hcfmt.reader.records import Attachment, Message, PrivateUserMessage, Room, TopicRoomMessage, User
from hcfmt.report.text_style import json_text
from hcfmt.report.visible_text import visible_lines

COLUMNS = (
    *("timestamp", "kind", "id", "room_id", "room", "owner_id", "owner", "sender_id", "sender"),
    *("receiver_id", "receiver", "message", "attachment", "deleted"),
)
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")  # first characters, also fullwidth, of what a spreadsheet computes
_QUOTE = "'"  # before such a text: spreadsheets take what follows as text


def jsonl(messages: Iterable[Message]) -> Iterator[str]:
    """Yield each message as a JSON object in ASCII, with all fields of its class and its kind."""
    return (json_text({"kind": type(message).__name__, **_object(message)}) for message in messages)


def csv_rows(messages: Iterable[Message]) -> Iterator[str]:
    """Yield a row of the columns' names, then one for each message, which may have several lines.

    A text that a spreadsheet would compute gets an apostrophe in front. Control characters and others that are unseen
    are escaped, except line ends and tabs.
    """
    yield _row(COLUMNS)
    for message in messages:
        yield _row([_cell(text) for text in _cells(message)])


FORMATS: Mapping[str, Callable[[Iterable[Message]], Iterator[str]]] = {"jsonl": jsonl, "csv": csv_rows}
"""Functions that yield the lines of messages, by the name of their format."""


def text_of(message: Message) -> str:
    """Return what people read of a message: its text, of a change of topic the topic."""
    return message.topic if isinstance(message, TopicRoomMessage) and not message.message else message.message


def name_of_sender(message: Message) -> str:
    """Return the name of the user who sent a message, or the name that the message gives."""
    if message.sender is not None:
        return message.sender.name
    return "" if isinstance(message, PrivateUserMessage) else message.sender_name


def time_text(time: datetime) -> str:
    """Return an instant in ISO 8601 with microseconds: ``2018-01-04T10:16:02.809766Z``."""
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _object(record: Struct) -> dict[str, object]:
    return {name: _value(getattr(record, name)) for name in record.__struct_fields__}


def _value(value: object) -> object:
    """Return a field's value as a JSON value; of a user or room its id and name."""
    match value:
        case datetime():
            return time_text(value)
        case User() | Room():
            return {"id": value.id, "name": value.name}
        case Struct():
            return _object(value)
        case tuple():
            return [_value(item) for item in value]
    return value


def _cells(message: Message) -> list[str]:
    """Return the texts of a row."""
    room = owner = receiver = ("", "")
    if isinstance(message, PrivateUserMessage):
        owner, receiver = _named(message.owner_id, message.owner), _named(message.receiver_id, message.receiver)
    else:
        room = _named(message.room_id, message.room)
    attachment: Attachment | None = getattr(message, "attachment", None)
    return [
        time_text(message.timestamp),
        type(message).__name__,
        message.id,
        *room,
        *owner,
        str(message.sender_id),
        name_of_sender(message),
        *receiver,
        text_of(message),
        attachment.path if attachment else "",
        "yes" if message.deleted else "",
    ]


def _named(number: int, thing: User | Room | None) -> tuple[str, str]:
    return str(number), thing.name if thing else ""


def _cell(text: str) -> str:
    """Return a text that neither a spreadsheet nor a terminal carries out."""
    shown = text if text.isprintable() else visible_lines(text)
    return _QUOTE + shown if shown.lstrip()[:1] in _FORMULA and shown.strip() else shown


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)  # a text with a line end is quoted because of it
    return line.getvalue().removesuffix("\n")
