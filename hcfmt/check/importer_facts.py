"""Facts of a whole archive that profiles of importers test by name."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from hcfmt.check.export_view import USERS, ExportView
from hcfmt.export.layout import Kind
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, Met

_LARGE = 999_999_999  # the largest id that Zulip's converter keeps


def rocketchat_wrong_conversation(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages that Rocket.Chat files under two other people, by history.

    It reads the histories of users in the order of the archive, and takes a message where it first meets it. In each
    history it files all messages to one receiver under the pair of the first of them (docs/format.md#rocketchat-pairs).
    """
    order = {
        path: number
        for number, path in enumerate(export.layout.members)
        if (row := export.layout.places.get(path)) and row.kind is Kind.USER_HISTORY
    }
    last = len(export.layout.members)  # the place of a history that is not there
    for path, place in order.items():
        senders = conditions.received.get(path, {})
        new = [
            (first, count)
            for sender, (count, first) in senders.items()
            if order.get(export.history_of(USERS, sender), last) > place
        ]
        if len(new) > 1:
            new.sort()
            yield Met(sum(count for _, count in new[1:]), (path, new[1][0], PRIVATE))


def rocketchat_same_conversation(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages of pairs whose two ids, joined as text, are those of another pair or of a room."""
    del conditions
    taken = {str(room) for room in export.index.rooms}
    for user, other, (sent, _), (received, _) in export.conversations():
        key = "".join(sorted((str(user), str(other))))
        if key in taken:
            yield Met(max(sent, received), (export.history_of(USERS, user), 0, PRIVATE))
        taken.add(key)


def rocketchat_messages_to_oneself(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages to oneself of people who have another conversation."""
    del conditions
    for user in export.index.users:
        private = export.history(USERS, user).private
        if user in private and len(private) > 1:
            yield Met(private[user][0], (export.history_of(USERS, user), 0, PRIVATE))


def zulip_large_user_ids(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the users whose id is larger than 999,999,999, if all are: Zulip's converter numbers them anew."""
    del conditions
    ids = [user for user in export.index.users if isinstance(user, int)]
    if ids and min(ids) > _LARGE:
        yield Met(len(ids), ("users.json", 0, "User"))


def zulip_mixed_user_ids(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the users with an id larger than 999,999,999, if others have a smaller one."""
    del conditions
    large = [user for user in export.index.users if isinstance(user, int) and user > _LARGE]
    if large and len(large) < len(export.index.users):
        yield Met(len(large), ("users.json", 0, "User"))


def same_attachment_in_rooms(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the attachments whose path below ``files/`` is that of an attachment elsewhere."""
    del conditions
    owners: dict[str, set[str]] = defaultdict(set)
    for path, row in export.layout.places.items():
        if row and row.kind in {Kind.ROOM_FILE, Kind.PRIVATE_FILE}:
            owner, _, name = path.removeprefix(export.layout.extra).partition("/files/")
            owners[name].add(owner)
    for name, places in owners.items():
        if len(places) > 1:
            yield Met(len(places) - 1, (f"{max(places)}/files/{name}", 0, ""))


FACTS: Mapping[str, Callable[[ExportView, ConditionsMet], Iterator[Met]]] = {
    function.__name__: function
    for function in (
        rocketchat_messages_to_oneself,
        rocketchat_same_conversation,
        rocketchat_wrong_conversation,
        same_attachment_in_rooms,
        zulip_large_user_ids,
        zulip_mixed_user_ids,
    )
}
"""The facts by the name that a profile's ``fact`` gives them."""
