"""Facts of a whole archive that profiles of importers test by name."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from hcfmt.check.converter_facts import CONVERTER_FACTS
from hcfmt.check.export_view import ROOMS, USERS, ExportView
from hcfmt.export.annotations import FILE, REFERS
from hcfmt.export.layout import Kind
from hcfmt.export.references import owner_of
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, Met

_LARGE = 999_999_999  # the largest id that Zulip's converter keeps
_MIB_50 = 50 * 1024 * 1024
_MOST_CHANNELS = 374  # channels of one user that migratemost writes


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


def extra_directory(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the whole export if it is below an extra directory, such as ``data/``; ``./`` is none."""
    del conditions
    if export.layout.extra:
        yield Met(1, (export.layout.extra, 0, ""))


def messages_of_unknown_rooms(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the messages of rooms that ``rooms.json`` does not list."""
    del conditions
    for number in export.directories(ROOMS):
        count = export.history(ROOMS, number).messages
        if count and number not in export.names["room"]:
            yield Met(count, (export.history_of(ROOMS, number), 0, ""))


def private_messages_of_senders_without_history(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages in the history of their receiver whose sender has no history, or an empty one."""
    for sender, lost in _private_messages_not_at_their_sender(export, conditions):
        if not export.history(USERS, sender).messages:
            yield lost


def private_messages_missing_from_their_sender(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages in the history of their receiver that are not among those in that of their sender."""
    for sender, lost in _private_messages_not_at_their_sender(export, conditions):
        if export.history(USERS, sender).messages:
            yield lost


def _private_messages_not_at_their_sender(export: ExportView, conditions: ConditionsMet) -> Iterator[tuple[int, Met]]:
    """Yield senders with the messages to one receiver that are in the receiver's history alone, by their number.

    Histories with records that contradict their schema are left out.
    """
    broken = export.index.broken
    for path, senders in conditions.received.items():
        receiver = owner_of(path)
        for sender, (count, first) in senders.items():
            own = export.history_of(USERS, sender)
            if receiver is None or sender not in export.names["user"] or (broken and (path in broken or own in broken)):
                continue
            both, _ = export.history(USERS, sender).private.get(receiver, (0, 0))
            answers, _ = conditions.received.get(own, {}).get(receiver, (0, 0))
            if count > both - answers:
                yield sender, Met(count - both + answers, (path, first, PRIVATE))


def messages_whose_file_is_missing(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the messages with a file that is not where its path leads to."""
    del conditions
    for path, messages in _messages_with_files(export):
        if path not in export.layout.members:
            yield messages


def messages_with_file_of_50_mib(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the messages with a file of 50 MiB or more."""
    del conditions
    for path, messages in _messages_with_files(export):
        if path in export.layout.members and export.layout.members[path].size >= _MIB_50:
            yield messages


def _messages_with_files(export: ExportView) -> Iterator[tuple[str, Met]]:
    """Yield the path of each file that messages have, and the messages; a private message counts once."""
    for kind in ("UserMessage", PRIVATE):
        for (code, path, _), (count, places) in export.occurrences.get(f"{FILE} {kind} attachment path", {}).items():
            if not code:
                member, index, _ = places[0]
                yield (
                    export.layout.extra + path,
                    Met(count if kind != PRIVATE else (count + 1) // 2, (member, index, kind)),
                )


def users_in_more_than_374_rooms(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the users whom more than 374 rooms have as members, as administrators or as owner."""
    del conditions
    ids: set[int] = set()
    for label in ("members *", "members * id", "room_admins *", "owner"):
        users = export.occurrences.get(f"{REFERS} Room {label}", {})
        ids.update(user for user, (count, _) in users.items() if count > _MOST_CHANNELS)
    if ids:
        yield Met(len(ids), ("users.json", 0, ""))


FACTS: Mapping[str, Callable[[ExportView, ConditionsMet], Iterator[Met]]] = {
    function.__name__: function
    for function in (
        extra_directory,
        messages_of_unknown_rooms,
        messages_whose_file_is_missing,
        messages_with_file_of_50_mib,
        private_messages_missing_from_their_sender,
        private_messages_of_senders_without_history,
        rocketchat_messages_to_oneself,
        rocketchat_same_conversation,
        rocketchat_wrong_conversation,
        same_attachment_in_rooms,
        users_in_more_than_374_rooms,
        zulip_large_user_ids,
        zulip_mixed_user_ids,
        *CONVERTER_FACTS,
    )
}
"""The facts by the name that a profile's ``fact`` gives them."""
