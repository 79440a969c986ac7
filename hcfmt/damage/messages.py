"""Damage to single messages: their dates and their text."""

import re
from datetime import timedelta
from random import Random

from hcfmt.damage.kind import damage, enough, shuffled
from hcfmt.damage.parts import ROOMS, TALK, USERS, deletions, moment, room_messages, stamp, written
from hcfmt.export.editing import EditableExport

_LONGEST = 10_000  # characters of a message
_DAY = re.compile(r"-\d\d-\d\dT")
_PLAIN = "room messages with a text and without a file"


@damage("HC601")
def impossible_date(export: EditableExport, random: Random, count: int) -> None:
    """Let a user or a room be made on a day that no calendar has."""
    records = [one for path in (USERS, ROOMS) for one in export.records(path)]
    for record in enough(shuffled(random, records), count, "users and rooms"):
        day = random.choice(["02-30", "04-31", "06-31", "13-01"])
        record.set("created", _DAY.sub(f"-{day}T", record.value["created"], count=1))


@damage("HC602")
def no_microseconds(export: EditableExport, random: Random, count: int) -> None:
    """Leave out the microseconds of a timestamp, or some of their digits."""
    for message in enough(room_messages(export, random, *TALK), count, "room messages that are not about the room"):
        second, _, micro = message.value["timestamp"].partition(" ")
        message.set("timestamp", random.choice([second, f"{second} {micro[:3]}"]))


@damage("HC604")
def deleted_before_sent(export: EditableExport, random: Random, count: int) -> None:
    """Let a message be deleted before it was sent."""
    for message in enough(deletions(export, random), count, "room messages that are deleted or can be"):
        sent = moment(message.value["timestamp"])
        message.set("deleted", "date", stamp(sent - timedelta(seconds=random.randrange(1, 3600))))


@damage("HC701")
def long_message(export: EditableExport, random: Random, count: int) -> None:
    """Make a message longer than 10,000 characters."""
    for message in enough(written(export, random), count, _PLAIN):
        text = message.value["message"]
        message.set("message", (text * (_LONGEST // len(text) + 1))[:_LONGEST] + "." * random.randrange(1, 500))


@damage("HC702")
def empty_message(export: EditableExport, random: Random, count: int) -> None:
    """Empty a message of a user."""
    for message in enough(written(export, random), count, _PLAIN):
        message.set("message", "")


@damage("HC703")
def deleted_not_empty(export: EditableExport, random: Random, count: int) -> None:
    """Give a deleted message a text."""
    for message in enough(deletions(export, random), count, "room messages that are deleted or can be"):
        message.set("message", "Forget what I said.")
