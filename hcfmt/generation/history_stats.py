"""What a written history tells, in numbers: counted while it is written, so that nobody has to read it again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

_SECONDS = len("2018-04-02T15:40:44Z")


@dataclass(slots=True)
class HistoryStats:
    """Messages by kind, by month, and how many were deleted; the first and the last, to the second, "" for none.

    ``months`` counts, in a user's history, what the user sent.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    first: str = ""
    last: str = ""

    def count(self, records: Sequence[dict[str, Any]], sender: int | None = None) -> None:
        """Count some records; with a ``sender`` only what that user sent counts for its month."""
        messages = [message for record in records for message in record.values()]
        stamps = [message["timestamp"] for message in messages]
        self.kinds.update(chain.from_iterable(records))
        self.deleted += sum(["deleted" in message for message in messages])
        self.first = min([*stamps, self.first] if self.first else stamps)
        self.last = max([*stamps, self.last])
        sent = [one["timestamp"] for one in messages if one["sender"]["id"] == sender] if sender else stamps
        self.months.update([stamp[:7] for stamp in sent])

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last moment, to the second."""
        return self.first[:_SECONDS], self.last[:_SECONDS]
