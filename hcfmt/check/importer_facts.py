"""Facts of a whole archive that profiles of importers test by name."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from hcfmt.check.archive_facts import ARCHIVE_FACTS
from hcfmt.check.converter_facts import CONVERTER_FACTS, messages_with_files, messages_with_unsafe_paths
from hcfmt.check.export_view import ROOMS, USERS, ExportView
from hcfmt.check.rocketchat_facts import ROCKETCHAT_FACTS
from hcfmt.export.annotations import REFERS
from hcfmt.export.layout import ANY_ID, REQUIRED, Kind
from hcfmt.export.references import Identifier, owner_of
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, Met

_LARGE = 999_999_999  # the largest id that Zulip's converter keeps
_EMPTY_LIST = 10  # bytes, with line breaks; a message takes more
_TEXT = 1 << 63  # in place of an id that is a text; no id is so large
_MIB_50 = 50 * 1024 * 1024
_MOST_CHANNELS = 374  # channels of one user that migratemost writes


def zulip_large_before_small_user_ids(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the users whose id is a text or above 999,999,999 and who stand before somebody with a smaller number.

    Zulip's converter numbers them anew, and then refuses to keep an id (docs/format.md#importer-zulip).
    """
    users = _users_in_order(export, conditions)
    last_small = max((index for index, user in users if user <= _LARGE), default=0)
    yield from (_user(index, user) for index, user in users if user > _LARGE and index < last_small)


def zulip_large_after_small_user_ids(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the users 1, 2 and so on, whose ids Zulip's converter gives to users with other ids.

    Other ids are texts, and numbers above 999,999,999.
    """
    users = _users_in_order(export, conditions)
    new_ids = range(1, 1 + len(_renumbered(export, conditions)))
    yield from (_user(index, user) for index, user in users if user in new_ids)


def zulip_private_messages_of_large_ids(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages that users with an id above 999,999,999 sent.

    Zulip's converter numbers these users anew, and takes what they sent for copies, as the directory has the old id.
    """
    for user in _renumbered(export, conditions):
        path = export.history_of(USERS, user)
        sent = sum(_sent(export, conditions, user, other) for other in export.history(USERS, user).private)
        if sent:
            yield Met(sent, (path, 0, PRIVATE))


def _renumbered(export: ExportView, conditions: ConditionsMet) -> Sequence[int]:
    """Return the ids of users that Zulip's converter numbers anew, none if it ends with an error before."""
    users = _users_in_order(export, conditions)
    small = sum(user <= _LARGE for _, user in users)
    after = [user for _, user in users[small:]]
    return after if all(user > _LARGE for user in after) else ()


def _users_in_order(export: ExportView, conditions: ConditionsMet) -> list[tuple[int, int]]:
    """Return index and id of all users, in the order of users.json; that of a text is ``_TEXT``."""
    users = [(place[1], user) for user, _, place in export.defined("user") if isinstance(user, int)]
    return sorted([*users, *((index, _TEXT) for index in conditions.users_with_texts)])


def _user(index: int, user: int) -> Met:
    return Met(1, ("users.json", index, "User"), {user})


def zulip_silenced_messages(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the messages whose text is lost because of a tag in an earlier one, at the place of that one."""
    del export
    for (member, kind), reading in conditions.readings.items():
        for count, index in reading.silenced():
            yield Met(count, (member, index, kind))


def _sent(export: ExportView, conditions: ConditionsMet, sender: Identifier, receiver: Identifier) -> int:
    """Return the number of private messages to somebody in the history of their sender."""
    count, _ = export.history(USERS, sender).private.get(receiver, (0, 0))
    received, _ = conditions.received.get(export.history_of(USERS, sender), {}).get(int(receiver), (0, 0))
    return count - received


def rooms_without_a_number(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the histories of rooms in directories that are not named by a number."""
    del conditions
    return _rooms_not_named_as(r"\d+", export)


def histories_without_an_id(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the histories in directories of rooms that are not named by a number, or by one with zeros before it.

    They are not read, and count as one message; those too short for a message are left out.
    """
    del conditions
    for met in _rooms_not_named_as(ANY_ID, export):
        if export.layout.members[met.first[0]].size > _EMPTY_LIST:
            yield met


def _rooms_not_named_as(name: str, export: ExportView) -> Iterator[Met]:
    paths = [path for path in export.layout.members if path.endswith("/history.json")]
    for path in paths:
        match = re.fullmatch(r"rooms/([^/]+)/history\.json", path.removeprefix(export.layout.extra))
        if match and not re.fullmatch(name, match[1]):
            yield Met(1, (path, 0, ""))


def users_or_rooms_not_at_the_top(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield users.json and rooms.json if they are missing, or below another directory."""
    del conditions
    for name in REQUIRED:
        if export.layout.complete and name not in export.layout.members:
            yield Met(1, (export.layout.extra + name, 0, ""))


def same_attachment_in_rooms(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the attachments whose path below ``files/`` is that of an attachment of another size elsewhere."""
    del conditions
    sizes: dict[str, dict[str, int]] = defaultdict(dict)
    for path, row in export.layout.places.items():
        if row and row.kind in {Kind.ROOM_FILE, Kind.PRIVATE_FILE}:
            owner, _, name = path.partition("/files/")
            sizes[name][owner] = export.layout.members[path].size
    for name, places in sizes.items():
        if len(set(places.values())) > 1:
            yield Met(len(places) - 1, (f"{max(places)}/files/{name}", 0, ""))


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


def private_messages_in_foreign_histories(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private messages in the history of somebody else that are not among those in that of their sender."""
    for (sender, receiver), met in conditions.foreign.items():
        own = export.history(USERS, sender).sent[receiver]
        if met.count > own:
            yield Met(met.count - own, met.first)


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
    """Yield the messages with a file that is not where its path leads to, as where it leads out of the archive."""
    del conditions
    yield from messages_with_unsafe_paths(export)
    for path, messages in messages_with_files(export):
        if path not in export.layout.members:
            yield messages


def messages_with_file_of_50_mib(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the messages with a file of 50 MiB or more."""
    del conditions
    for path, messages in messages_with_files(export):
        if path in export.layout.members and export.layout.members[path].size >= _MIB_50:
            yield messages


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
        histories_without_an_id,
        messages_of_unknown_rooms,
        messages_whose_file_is_missing,
        messages_with_file_of_50_mib,
        private_messages_in_foreign_histories,
        private_messages_missing_from_their_sender,
        private_messages_of_senders_without_history,
        rooms_without_a_number,
        same_attachment_in_rooms,
        users_in_more_than_374_rooms,
        users_or_rooms_not_at_the_top,
        zulip_large_after_small_user_ids,
        zulip_large_before_small_user_ids,
        zulip_private_messages_of_large_ids,
        zulip_silenced_messages,
        *ARCHIVE_FACTS,
        *CONVERTER_FACTS,
        *ROCKETCHAT_FACTS,
    )
}
"""The facts by the name that a profile's ``fact`` gives them."""
