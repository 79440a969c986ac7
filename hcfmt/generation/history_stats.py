"""Statistics of a conversation, counted while it is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from msgspec import UNSET

from hcfmt.generation.records import Message, Record

_SECONDS, _MONTH = len("2018-04-02T15:40:44Z"), len("2018-04")
_INTEGRATION = 0  # the sender's id of notifications
_OF_NOBODY = -1  # a length below that of every text


class Noted(NamedTuple):
    """A message that the manifest names: its id, timestamp, sender (0: an integration) and text."""

    id: str
    timestamp: str
    sender: int
    text: str


@dataclass(slots=True)
class ConversationStats:
    """What is in a room, or between two users: messages by kind and by month, deleted ones, writers, some messages.

    ``months`` leave out what ``former`` users sent, whom the archive lacks. ``writers`` are ids. ``longest`` is the
    first of the people's messages with the longest text. ``first``, ``last`` and ``longest`` are None where there is
    none.
    """

    former: frozenset[int] = frozenset()
    kinds: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    writers: set[int] = field(default_factory=set)
    first: Noted | None = None
    last: Noted | None = None
    longest: Noted | None = None

    def count(self, records: Sequence[Record]) -> None:
        """Count the next records, at least one, in the order of time."""
        messages = [message for record in records for message in record.values()]
        senders = [message.sender.id for message in messages]
        self.kinds.update(chain.from_iterable(records))
        counted = [message for message in messages if message.sender.id not in self.former] if self.former else messages
        self.months.update([message.timestamp[:_MONTH] for message in counted])
        self.deleted += sum([message.deleted is not UNSET for message in messages])
        self.writers.update(senders)
        self.writers.discard(_INTEGRATION)
        lengths = [
            len(message.message) if sender else _OF_NOBODY for message, sender in zip(messages, senders, strict=True)
        ]
        longest = max(lengths)
        if longest > (len(self.longest.text) if self.longest else _OF_NOBODY):
            self.longest = _noted(messages[lengths.index(longest)])
        self.first = self.first or _noted(messages[0])
        self.last = _noted(messages[-1])


def _noted(message: Message) -> Noted:
    return Noted(message.id, message.timestamp[:_SECONDS], message.sender.id, message.message)
