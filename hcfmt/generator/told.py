"""What a written history tells, in numbers: counted while it is written, so that nobody has to read it again."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

_SECONDS = len("2018-04-02T15:40:44Z")


@dataclass(slots=True)
class Told:
    """Messages by kind, by month, and how many were deleted; the first and the last, to the second, "" for none.

    ``sent`` counts, in a user's history, the months of what the user sent.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    first: str = ""
    last: str = ""

    def counting(self, records: Iterable[dict[str, Any]], sender: int | None = None) -> Iterator[dict[str, Any]]:
        """Pass on records and count them; with a ``sender`` only what that user sent counts for its month."""
        for record in records:
            ((kind, message),) = record.items()
            stamp = message["timestamp"]
            self.kinds[kind] += 1
            if sender is None or message["sender"]["id"] == sender:
                self.months[stamp[:7]] += 1
            if "deleted" in message:
                self.deleted += 1
            if not self.first or stamp < self.first:
                self.first = stamp
            self.last = max(self.last, stamp)
            yield record

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last moment, to the second."""
        return self.first[:_SECONDS], self.last[:_SECONDS]
