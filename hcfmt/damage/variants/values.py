"""Variants of damage to single values: dates, ids, names and texts of the right type."""

from collections.abc import Callable
from typing import Any

from hcfmt.damage.damage import Damage
from hcfmt.damage.record_edits import Edit

_LATEST_ID = 1 << 31
_Text = Callable[[str], str]


def _day(month_and_day: str) -> _Text:
    """Return a function that writes another month and day into a date."""
    return lambda date: f"{date[:4]}-{month_and_day}{date[10:]}"


def _clock(time: str) -> _Text:
    """Return a function that writes another time of day into a date."""
    return lambda date: f"{date[:11]}{time}{date[19:]}"


def _mention(more: str) -> _Text:
    return lambda name: f"{name}{more}"


def _row(
    code: str,
    variant: str,
    place: str,
    path: str,
    value: Any,  # noqa: ANN401 - as in Edit
    about: str,
    *,
    once: bool = False,
) -> Damage:
    return Damage(code, Edit(place, path, value).apply, once=once, variant=variant, about=about)


ROWS = (
    # Dates. Of a private message both copies would be reported.
    _row("HC601", "february-30", "message", "timestamp", _day("02-30"), "Date a room message on 30 February."),
    _row("HC601", "month-13", "message", "timestamp", _day("13-01"), "Date a room message in a thirteenth month."),
    _row("HC601", "day-0", "message", "timestamp", _day("01-00"), "Date a room message on 0 January."),
    _row("HC601", "hour-24", "message", "timestamp", _clock("24:00:00"), "Date a room message at 24:00:00."),
    _row("HC601", "minute-60", "message", "timestamp", _clock("12:60:00"), "Date a room message at 12:60:00."),
    _row("HC601", "second-60", "message", "timestamp", _clock("23:59:60"), "Date a room message at 23:59:60."),
    _row("HC601", "user", "user", "created", _day("02-30"), "Give a user a creation date on 30 February."),
    _row("HC601", "room", "room", "created", _day("02-30"), "Give a room a creation date on 30 February."),
    _row("HC601", "offset", "user", "created", lambda date: f"{date[:19]}+25:00",
         "Give the creation date of a user an offset of 25 hours."),
    _row("HC602", "none", "message", "timestamp", lambda stamp: stamp[:20],
         "Remove the microseconds of a timestamp."),
    _row("HC602", "one-digit", "message", "timestamp", lambda stamp: stamp[:22],
         "Leave one digit of the microseconds of a timestamp."),
    _row("HC602", "three-digits", "message", "timestamp", lambda stamp: stamp[:24],
         "Leave three digits of the microseconds of a timestamp."),
    _row("HC602", "nine-digits", "message", "timestamp", lambda stamp: f"{stamp}000",
         "Write nanoseconds into a timestamp."),
    _row("HC603", "epoch", "message", "timestamp", "1970-01-01T00:00:00Z 000000",
         "Date a room message at the beginning of 1970.", once=True),
    # Ids: each is reported once, so a second message with it would add nothing.
    _row("HC309", "user-id", "user", "id", lambda number: b"%d.0" % number, "Write the id of a user as a float."),
    _row("HC309", "room-id", "room", "id", lambda number: b"%d.0" % number, "Write the id of a room as a float."),
    _row("HC309", "exponent", "message", "sender/id", lambda number: b"%de0" % number,
         "Write the id of a sender with an exponent."),
    _row("HC401", "too-large", "message", "sender/id", _LATEST_ID,
         "Give a room message a sender with an id of more than 31 bits.", once=True),
    _row("HC401", "notification", "notification", "sender/id", _LATEST_ID,
         "Give a notification a sender that users.json does not have.", once=True),
    _row("HC401", "topic", "topic message", "sender/id", _LATEST_ID,
         "Give a message about a topic a sender that users.json does not have.", once=True),
    _row("HC402", "zero", "private message", "receiver/id", 0, "Give a private message a receiver with the id 0.",
         once=True),
    _row("HC402", "negative", "private message", "receiver/id", -1,
         "Give a private message a receiver with a negative id.", once=True),
    _row("HC404", "zero", "room", "owner", 0, "Give a room an owner with the id 0.", once=True),
    # JSON in texts, and null for lists.
    _row("HC304", "empty", "user", "metadata", "", "Empty the metadata of a user."),
    _row("HC304", "autojoins", "autojoin", "data", "None", "Write the text None in place of a list of autojoins."),
    _row("HC304", "card", "notification", "card", "None",
         "Write the text None in place of the card of a notification."),
    _row("HC305", "metadata", "user", "metadata", "[1]", "Write a list in place of the metadata of a user."),
    _row("HC305", "autojoins", "autojoin", "data", "{}", "Write an object in place of a list of autojoins."),
    _row("HC305", "card", "notification", "card", "[1]", "Write a list in place of the card of a notification."),
    _row("HC310", "owner", "room", "owner", None, "Write null in place of the owner of a room."),
    _row("HC310", "members", "room", "members", None, "Write null in place of the members of a room."),
    _row("HC310", "participants", "room", "participants", None, "Write null in place of the participants of a room."),
    _row("HC310", "room-admins", "room", "room_admins", None, "Write null in place of the admins of a room."),
    _row("HC310", "roles", "user", "roles", None, "Write null in place of the roles of a user."),
    _row("HC310", "rooms", "user", "rooms", None, "Write null in place of the rooms of a user."),
    # Texts.
    _row("HC701", "code", "message", "message", "/code " + "x = 1\n" * 2_800,
         "Write code of more than 16,376 characters into a message, which Mattermost's importers do not split."),
    _row("HC701", "quote", "message", "message", "/quote " + "he said " * 2_100,
         "Write a quotation of more than 16,380 characters into a message."),
    _row("HC704", "blank", "user", "mention_name", _mention(" Jr"), "Write a blank into a mention name."),
    _row("HC704", "at", "user", "mention_name", _mention("@home"), "Write an at sign into a mention name."),
    _row("HC704", "comma", "user", "mention_name", _mention(",x"), "Write a comma into a mention name."),
    _row("HC704", "plus", "user", "mention_name", _mention("+x"), "Write a plus sign into a mention name."),
    _row("HC704", "apostrophe", "user", "mention_name", _mention("'s"), "Write an apostrophe into a mention name."),
    _row("HC704", "slash", "user", "mention_name", _mention("/x"), "Write a slash into a mention name."),
    _row("HC704", "empty", "user", "mention_name", "", "Empty a mention name."),
    _row("HC712", "rails", "user", "timezone", "Mountain Time (US & Canada)", "Give a user a time zone of Rails."),
    _row("HC712", "windows", "user", "timezone", "W. Europe Standard Time", "Give a user a time zone of Windows."),
    _row("HC712", "offset", "user", "timezone", "utc+1", "Give a user an offset in place of a time zone."),
    _row("HC713", "password", "user", "password", "correct horse", "Give a user a property that is named password."),
    _row("HC713", "token", "user", "api_token", "0a1b2c3d4e5f", "Give a user a property that is named api_token."),
    _row("HC714", "name", "user", "name", "Name " * 24, "Make a name longer than 100 characters."),
    _row("HC714", "email", "user", "email", f"{'a' * 120}@example.com",
         "Make an e-mail address longer than 128 characters.", once=True),
    _row("HC714", "mention-name", "user", "mention_name", "a" * 70, "Make a mention name longer than 64 characters.",
         once=True),
)  # fmt: skip
"""The rows of this subject: code, variant, place, path, value and what it does."""
