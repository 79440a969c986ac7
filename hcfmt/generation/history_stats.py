"""Statistics of a conversation, counted while it is written."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from hcfmt.generation.records import Messages

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
    """What is in a room, or between two users: messages by kind, deleted ones, writers, some messages.

    ``writers`` are ids. ``longest`` is the first of the people's messages with the longest text. ``first``, ``last``
    and ``longest`` are None where there is none.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    writers: set[int] = field(default_factory=set)
    first: Noted | None = None
    last: Noted | None = None
    longest: Noted | None = None

    def count(self, messages: Messages) -> None:
        """Count the next messages of the conversation."""
        for kind in dict.fromkeys(messages.kinds):
            self.kinds[kind] += messages.kinds.count(kind)
        self.deleted += messages.deleted
        self.writers.update(messages.senders)
        self.writers.discard(_INTEGRATION)
        lengths = [*map(len, messages.texts)]
        if _INTEGRATION in messages.senders:
            lengths = [
                length if sender else _OF_NOBODY for length, sender in zip(lengths, messages.senders, strict=True)
            ]
        longest = max(lengths)
        if longest > (len(self.longest.text) if self.longest else _OF_NOBODY):
            self.longest = _noted(messages, lengths.index(longest))
        self.first = self.first or _noted(messages, 0)
        self.last = _noted(messages, -1)


def messages_by_month(messages: Messages, former: AbstractSet[int] = frozenset()) -> Counter[str]:
    """Return how many messages were sent in each month (YYYY-MM), without those of ``former`` users."""
    timestamps = messages.timestamps
    if not former.isdisjoint(messages.senders):
        sent = zip(timestamps, messages.senders, strict=True)
        return Counter([timestamp[:_MONTH] for timestamp, sender in sent if sender not in former])
    first = timestamps[0][:_MONTH]
    if timestamps[-1][:_MONTH] == first:
        return Counter({first: len(timestamps)})
    return Counter([timestamp[:_MONTH] for timestamp in timestamps])


def _noted(messages: Messages, place: int) -> Noted:
    timestamp = messages.timestamps[place][:_SECONDS]
    return Noted(messages.ids[place], timestamp, messages.senders[place], messages.texts[place])
