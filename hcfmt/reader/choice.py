"""Choices among records: messages by sender and time, users and rooms by id or name."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from hcfmt.errors import UsageError
from hcfmt.reader.records import Message, Room, User
from hcfmt.report.text_style import count_of
from hcfmt.suggestions import nearest

Thing = TypeVar("Thing", User, Room)


class Choice(Struct, frozen=True):
    """A choice among messages: the id of their sender, their first instant and the one after their last."""

    sender: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse an instant without a time zone, which could mean any of two dozen. Raises UsageError."""
        for name, time in (("since", self.since), ("until", self.until)):
            if time is not None and time.utcoffset() is None:
                raise UsageError(f"{name} has no time zone: pass an aware datetime, such as one with tzinfo=UTC.")

    @property
    def takes_all(self) -> bool:
        """Whether every message is taken."""
        return self.sender is None and self.since is None and self.until is None

    def takes(self, message: Message) -> bool:
        """Whether a message is taken."""
        return (
            (self.sender is None or message.sender_id == self.sender)
            and (self.since is None or message.timestamp >= self.since)
            and (self.until is None or message.timestamp < self.until)
        )


def id_of(thing: User | Room | int | None) -> int | None:
    """Return the id of a record that is given by itself or by its id, None for none."""
    return thing if thing is None or isinstance(thing, int) else thing.id


def find(
    kind: str, key: int | str, things: Mapping[int, Thing], names_of: Callable[[Thing], Sequence[str | None]]
) -> Thing:
    """Return a record by its id, also as digits, or else by a name in any letter case; the first of several.

    Raises UsageError for an unknown one, whose sentence suggests the name that is nearest. ``kind`` is the noun.
    """
    is_number = isinstance(key, int) or (key.isascii() and key.isdigit() and len(key) < _DIGITS)
    if is_number and int(key) in things:
        return things[int(key)]
    named: dict[str, Thing] = {}
    for thing in things.values():
        for name in filter(None, names_of(thing)):
            named.setdefault(name.casefold(), thing)
    text = str(key)
    if text.casefold() in named:
        return named[text.casefold()]
    names = [name for thing in things.values() for name in filter(None, names_of(thing))]
    suggestion = nearest(text, names)
    advice = f" did you mean {suggestion!r}?" if suggestion else f" the export has {count_of(len(things), kind)}."
    raise UsageError(f"There is no {kind} {text[:_SHOWN]!r};{advice}")


_DIGITS = 20
_SHOWN = 80  # characters of a name in a sentence
