"""Damage to single messages: their dates and their text."""

import re
from datetime import timedelta
from random import Random

from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import (
    CONVERSATION,
    ROOMS,
    USERS,
    deletions,
    format_date,
    room_messages,
    sent_at,
    text_messages,
)
from hcfmt.export.editing import EditableExport

_LONGEST = 10_000  # characters of a message
_DAY = re.compile(r"-\d\d-\d\dT")
_PLAIN = "room messages with a text and without a file"


def integration_as_user(export: EditableExport, random: Random, count: int) -> None:
    """Give a message of a user the sender id 0 of integrations."""
    for message in take(text_messages(export, random), count, _PLAIN):
        message.set("sender", "id", 0)


def empty_attachment_path(export: EditableExport, random: Random, count: int) -> None:
    """Add an attachment with an empty path to a message."""
    for message in take(text_messages(export, random), count, _PLAIN):
        created = format_date(sent_at(message.value["timestamp"]))
        unnamed = {"name": "", "path": "", "size": 0, "url": "", "created": created}
        message.set("attachment", unnamed | {"senderid": message.value["sender"]["id"]})


def impossible_date(export: EditableExport, random: Random, count: int) -> None:
    """Give a user or a room a creation date that does not exist."""
    records = [record for path in (USERS, ROOMS) for record in export.records(path)]
    for record in take(shuffled(random, records), count, "users and rooms"):
        day = random.choice(["02-30", "04-31", "06-31", "13-01"])
        record.set("created", _DAY.sub(f"-{day}T", record.value["created"], count=1))


def no_microseconds(export: EditableExport, random: Random, count: int) -> None:
    """Remove the microseconds of a timestamp, or some of their digits."""
    messages = room_messages(export, random, *CONVERSATION)
    for message in take(messages, count, "room messages that are not about the room"):
        second, _, micro = message.value["timestamp"].partition(" ")
        message.set("timestamp", random.choice([second, f"{second} {micro[:3]}"]))


def deleted_before_sent(export: EditableExport, random: Random, count: int) -> None:
    """Date the deletion of a message before the message."""
    for message in take(deletions(export, random), count, "room messages that are deleted or can be"):
        sent = sent_at(message.value["timestamp"])
        message.set("deleted", "date", format_date(sent - timedelta(seconds=random.randrange(1, 3600))))


def long_message(export: EditableExport, random: Random, count: int) -> None:
    """Make a message longer than 10,000 characters."""
    for message in take(text_messages(export, random), count, _PLAIN):
        text = message.value["message"]
        message.set("message", (text * (_LONGEST // len(text) + 1))[:_LONGEST] + "." * random.randrange(1, 500))


def empty_message(export: EditableExport, random: Random, count: int) -> None:
    """Empty a message of a user."""
    for message in take(text_messages(export, random), count, _PLAIN):
        message.set("message", "")


def unclosed_html_tag(export: EditableExport, random: Random, count: int) -> None:
    """Begin a tag in a message, and do not end it."""
    for message in take(text_messages(export, random), count, _PLAIN):
        message.set("message", f"{message.value['message']} <{random.choice(['head', 'script', 'style'])}>")


def deleted_not_empty(export: EditableExport, random: Random, count: int) -> None:
    """Give a deleted message a text."""
    for message in take(deletions(export, random), count, "room messages that are deleted or can be"):
        message.set("message", "Forget what I said.")
