"""Statistics of a history, counted while it is written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from msgspec import UNSET

from hcfmt.generation.records import Message, PrivateMessage, Record

_SECONDS = len("2018-04-02T15:40:44Z")
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
    """What is in a room, or between two users: messages by kind, deleted ones, ids of those who wrote, some messages.

    ``longest`` is the first of the people's messages with the longest text. ``first``, ``last`` and ``longest`` are
    None where there is none.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    writers: set[int] = field(default_factory=set)
    first: Noted | None = None
    last: Noted | None = None
    longest: Noted | None = None

    def count(self, kinds: Iterable[str], messages: Sequence[Message]) -> None:
        """Count the next messages, at least one, in the order of time, and their kinds."""
        self.kinds.update(kinds)
        self.deleted += sum([message.deleted is not UNSET for message in messages])
        self.writers.update([message.sender.id for message in messages])
        self.writers.discard(_INTEGRATION)
        lengths = [len(message.message) if message.sender.id else _OF_NOBODY for message in messages]
        longest = max(lengths)
        if longest > (len(self.longest.text) if self.longest else _OF_NOBODY):
            self.longest = _noted(messages[lengths.index(longest)])
        self.first = self.first or _noted(messages[0])
        self.last = _noted(messages[-1])


def _noted(message: Message) -> Noted:
    return Noted(message.id, message.timestamp[:_SECONDS], message.sender.id, message.message)


@dataclass(slots=True)
class HistoryStats:
    """The statistics of one history: ``whole``, all of its messages, which are counted by month, too.

    In a user's history, ``months`` counts the messages that the user sent, and ``peers`` has the conversations with
    the user themselves and with users of larger ids, by that id: the others are in the histories of those users.
    ``former`` users, whom the archive lacks, have no history.
    """

    whole: ConversationStats = field(default_factory=ConversationStats)
    months: Counter[str] = field(default_factory=Counter)
    peers: dict[int, ConversationStats] = field(default_factory=dict)
    former: frozenset[int] = frozenset()

    def count(self, records: Sequence[Record], owner: int | None = None) -> None:
        """Count the next records in the order of time; ``owner`` is the user whose history it is, None for a room's."""
        messages = [message for record in records for message in record.values()]
        self.whole.count(chain.from_iterable(records), messages)
        sent = [message for message in messages if message.sender.id == owner] if owner else messages
        self.months.update([message.timestamp[:7] for message in sent])
        for peer, (kinds, private) in (self._by_peer(records, owner) if owner else {}).items():
            self.peers.setdefault(peer, ConversationStats()).count(kinds, private)

    def _by_peer(self, records: Sequence[Record], owner: int) -> Mapping[int, tuple[list[str], list[Message]]]:
        """Return kinds and messages of a user's records by the other user, where that one's id is not smaller."""
        peers: dict[int, tuple[list[str], list[Message]]] = defaultdict(lambda: ([], []))
        for record in records:
            for kind, message in record.items():
                assert isinstance(message, PrivateMessage)  # noqa: S101 - a user's history has no other
                peer = message.receiver.id if message.sender.id == owner else message.sender.id
                if peer >= owner or peer in self.former:
                    kinds, messages = peers[peer]
                    kinds.append(kind)
                    messages.append(message)
        return peers
