"""Edits of one property of records: damages that are data, namely a place, a property and a value."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import AUTOJOINS, EMOTICONS, ROOMS, USERS, private_copies, room_messages, text_messages
from hcfmt.damage.stored_files import PATH, THUMBNAIL, uploads
from hcfmt.export.editing import EditableExport, EditableRecord

DROP = object()
"""The value of an edit that removes the property."""


class Place(NamedTuple):
    """Records that edits change: the plural noun of them, and a function that yields them in random order."""

    noun: str
    records: Callable[[EditableExport, Random], Iterator[EditableRecord]]


class Edit(NamedTuple):
    """A damage done to one property of records.

    ``place`` is a key of ``PLACES``, ``path`` leads from the record to the property, with slashes. ``value`` is the
    JSON value to write, bytes for text that need not be JSON, ``DROP``, or a function that returns one of these for the
    present value (None for none).
    """

    place: str
    path: str
    value: Any

    def apply(self, export: EditableExport, random: Random, count: int) -> None:
        """Do the damage: a ``DamageFunction``."""
        place = PLACES[self.place]
        records = (record for record in place.records(export, random) if self._fits(record))
        for record in take(records, count, place.noun):
            self._write(record)

    def _fits(self, record: EditableRecord) -> bool:
        """Whether the record has a place for the property, and would change: not if null is written for null."""
        *steps, name = self.path.split("/")
        holder: Any = record.value
        for step in steps:
            holder = holder.get(step)
            if not isinstance(holder, dict):
                return False
        return name in holder if self.value is DROP else self.value is not None or holder.get(name) is not None

    def _present(self, record: EditableRecord) -> Any:  # noqa: ANN401 - any JSON value
        """Return the present value of the property, None for none."""
        present: Any = record.value
        for step in self.path.split("/"):
            present = present.get(step)
        return present

    def _write(self, record: EditableRecord) -> None:
        path, value = self.path.split("/"), self.value
        if callable(value):
            value = value(self._present(record))
        if value is DROP:
            record.drop(*path)
        elif isinstance(value, bytes):
            record.splice(*path, value)
        else:
            record.set(*path, value)


def _of_file(path: str) -> Callable[[EditableExport, Random], Iterator[EditableRecord]]:
    return lambda export, random: iter(shuffled(random, export.records(path)))


def _of_kind(kind: str) -> Callable[[EditableExport, Random], Iterator[EditableRecord]]:
    return lambda export, random: room_messages(export, random, kind)


def _private_messages(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    """Yield the sender's copies of private messages without a file, each after the receiver's was removed."""
    for sent, received in private_copies(export, random):
        if not sent.value["attachment"]:
            if received:
                received.remove()
            yield sent


def _messages_with_a_file(export: EditableExport, random: Random) -> Iterator[EditableRecord]:
    """Yield room messages with a file, each after its file and its preview were removed."""
    for upload in uploads(export, random, PATH):
        if not upload.is_private and len(upload.records) == 1:
            thumbnail = upload.records[0].value["attachment"].get(THUMBNAIL)
            files = {upload.member, upload.below + (thumbnail or "")}
            export.remove(*(path for path in sorted(files) if export.find(path) and not path.endswith("/")))
            yield upload.records[0]


PLACES: Mapping[str, Place] = {
    "user": Place("users", _of_file(USERS)),
    "room": Place("rooms", _of_file(ROOMS)),
    "emoticon": Place("emoticons", _of_file(EMOTICONS)),
    "autojoin": Place("autojoins", _of_file(AUTOJOINS)),
    "message": Place("room messages with a text and without a file", text_messages),
    "notification": Place("notifications", _of_kind("NotificationMessage")),
    "topic message": Place("messages about a topic", _of_kind("TopicRoomMessage")),
    "private message": Place("private messages without a file", _private_messages),
    "message with a file": Place("room messages with a file", _messages_with_a_file),
}
"""The places of edits, by the names that rows use."""
