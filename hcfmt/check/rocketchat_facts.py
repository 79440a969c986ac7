"""Facts of a whole archive on private messages that Rocket.Chat's importer files in the wrong conversation.

It reads the histories of users in the order of the archive, and takes a message where it first meets it. In each
history it files all messages to one receiver in the conversation of the first (docs/format.md#importer-rocketchat).
"""

from collections.abc import Callable, Iterator
from functools import cached_property

from msgspec import Struct

from hcfmt.check.export_view import USERS, ExportView
from hcfmt.export.layout import Kind
from hcfmt.export.references import Identifier, owner_of
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, Met


class _NewMessages(Struct, dict=True):
    """Messages of one history that no earlier history of the archive has.

    ``sent`` are the numbers of those that its owner sent, by receiver; ``received`` are index of the first, sender and
    number of those to its owner, the first sender first.
    """

    path: str
    owner: int
    sent: dict[Identifier, int]
    received: list[tuple[int, Identifier, int]]

    @cached_property
    def filed(self) -> dict[Identifier, int]:
        """The numbers of messages in the conversation of the owner and another person, by person, as they belong."""
        first = {sender: count for _, sender, count in self.received[:1]}
        people = sorted(self.sent.keys() | first.keys(), key=int)
        return {person: self.sent.get(person, 0) + first.get(person, 0) for person in people}


def _new_messages(export: ExportView, conditions: ConditionsMet) -> Iterator[_NewMessages]:
    """Yield the new messages of each history of a user, in the order of the archive."""
    order = {
        path: number
        for number, path in enumerate(export.layout.members)
        if (row := export.layout.places.get(path)) and row.kind is Kind.USER_HISTORY
    }
    last = len(export.layout.members)  # the place of a history that is not there
    for path, place in order.items():
        owner = owner_of(path)
        if owner is None:
            continue

        def is_new(person: Identifier, place: int = place) -> bool:
            return order.get(export.history_of(USERS, person), last) > place

        sent = export.history(USERS, owner).sent.items()
        received = conditions.received.get(path, {}).items()
        yield _NewMessages(
            path,
            owner,
            {receiver: count for receiver, count in sent if count and is_new(receiver)},
            sorted((first, sender, count) for sender, (count, first) in received if is_new(sender)),
        )


def rocketchat_wrong_conversation(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages that are filed under two other people, by history: those of all but the first."""
    for new in _new_messages(export, conditions):
        if others := new.received[1:]:
            yield Met(sum(count for _, _, count in others), (new.path, others[0][0], PRIVATE))


def rocketchat_same_conversation(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages of pairs whose two ids, joined as text, are those of an earlier pair or of a room.

    Messages that ``rocketchat_wrong_conversation`` counts are left out: they are not filed under this pair.
    """
    taken: dict[str, frozenset[Identifier]] = {str(room): frozenset() for room in export.index.rooms}
    for new in _new_messages(export, conditions):
        for other, count in new.filed.items():
            pair = frozenset((new.owner, other))
            if taken.setdefault("".join(sorted((str(new.owner), str(other)))), pair) != pair:
                yield Met(count, (new.path, 0, PRIVATE))


def rocketchat_messages_to_oneself(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages to oneself of people who have another conversation."""
    del conditions
    for user in export.index.users:
        private = export.history(USERS, user).private
        if user in private and len(private) > 1:
            yield Met(private[user][0], (export.history_of(USERS, user), 0, PRIVATE))


ROCKETCHAT_FACTS: tuple[Callable[[ExportView, ConditionsMet], Iterator[Met]], ...] = (
    rocketchat_messages_to_oneself,
    rocketchat_same_conversation,
    rocketchat_wrong_conversation,
)
