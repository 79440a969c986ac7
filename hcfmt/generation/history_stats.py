"""Statistics of a history, counted while it is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

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

    def count(self, records: Sequence[dict[str, Any]], sender: int | None = None) -> None:
        """Count records; with a ``sender`` only messages of that user count for their month."""
        messages = [message for record in records for message in record.values()]
        stamps = [message["timestamp"] for message in messages]
        self.kinds.update(chain.from_iterable(records))
        self.deleted += sum(["deleted" in message for message in messages])
        self.first = min([*stamps, self.first] if self.first else stamps)
        self.last = max([*stamps, self.last])
        sent = [message["timestamp"] for message in messages if message["sender"]["id"] == sender] if sender else stamps
        self.months.update([stamp[:7] for stamp in sent])

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last timestamp, to the second."""
        return self.first[:_SECONDS], self.last[:_SECONDS]
