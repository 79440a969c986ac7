"""Statistics of a history, counted while it is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from msgspec import UNSET

from hcfmt.generation.records import Record

_SECONDS = len("2018-04-02T15:40:44Z")


@dataclass(slots=True)
class HistoryStats:
    """Messages by kind and by month, deleted messages, and the first and last timestamp, "" for none.

    In a user's history, ``months`` counts the messages that the user sent.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    first: str = ""
    last: str = ""

    def count(self, records: Sequence[Record], sender: int | None = None) -> None:
        """Count the next records in the order of time; with a ``sender`` only that user's messages count by month."""
        messages = [message for record in records for message in record.values()]
        self.kinds.update(chain.from_iterable(records))
        self.deleted += sum([message.deleted is not UNSET for message in messages])
        self.first = self.first or messages[0].timestamp
        self.last = messages[-1].timestamp
        sent = [message for message in messages if message.sender.id == sender] if sender else messages
        self.months.update([message.timestamp[:7] for message in sent])

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last timestamp, to the second."""
        return self.first[:_SECONDS], self.last[:_SECONDS]
