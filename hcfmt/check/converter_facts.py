"""Facts of a whole archive that profiles of smaller converters test by name (``importer_facts.py`` has the others)."""

from collections.abc import Callable, Iterator

from hcfmt.check.export_view import ROOMS, USERS, ExportView
from hcfmt.export.annotations import DEFINES, FILE
from hcfmt.export.layout import Kind
from hcfmt.export.references import Identifier
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, Met

UNSAFE = "HC514"  # the rule of paths that are absolute or climb


def active_users_without_history(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the users who are not deleted and have no ``history.json``."""
    del conditions
    for user, deleted in export.index.users.items():
        path = export.history_of(USERS, user)
        if not deleted and path not in export.layout.members:
            yield Met(1, (path, 0, ""))


def emoticon_files(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the stored files of emoticons."""
    del conditions
    for path, row in export.layout.places.items():
        if row and row.kind is Kind.EMOTICON:
            yield Met(1, (path, 0, ""))


def json_files_among_those_of_users(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the members below ``users/`` that end in ``.json`` and are no history."""
    del conditions
    below = f"{export.layout.extra}{USERS}/"
    for path, row in export.layout.places.items():
        if path.startswith(below) and path.endswith(".json") and not (row and row.kind is Kind.USER_HISTORY):
            yield Met(1, (path, 0, ""))


def messages_whose_file_is_not_below_users(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the messages, in rooms and private, whose file is not below ``users/files``."""
    del conditions
    yield from messages_with_unsafe_paths(export)
    for path, messages in messages_with_files(export):
        _, _, tail = path.partition("/files/")
        if f"{export.layout.extra}{USERS}/files/{tail}" not in export.layout.members:
            yield messages


def messages_with_files(export: ExportView) -> Iterator[tuple[str, Met]]:
    """Yield the path of each file that messages have, and the messages; a private message counts once."""
    for code, path, messages in _attachments(export):
        if not code:
            yield f"{export.layout.extra}{path}", messages


def messages_with_unsafe_paths(export: ExportView) -> Iterator[Met]:
    """Yield the messages with a path that is absolute or climbs with ``..``, and so names no file of the archive."""
    yield from (messages for code, _, messages in _attachments(export) if code == UNSAFE)


def _attachments(export: ExportView) -> Iterator[tuple[str, str, Met]]:
    """Yield the code of the rule that a path breaks, or "", the path, and the messages that have it."""
    for kind in ("UserMessage", PRIVATE):
        for (code, path, _), (count, places) in export.occurrences.get(f"{FILE} {kind} attachment path", {}).items():
            member, index, _ = places[0]
            once = count if kind != PRIVATE else (count + 1) // 2
            yield code, path, Met(once, (member, index, kind))


def rooms_with_the_oldest_message_first(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the rooms whose history begins with its oldest message and has others."""
    del conditions
    for room in export.index.rooms:
        history = export.history(ROOMS, room)
        if history.messages > 1 and history.first and history.first[1] == 0:
            yield Met(1, (export.history_of(ROOMS, room), 0, ""))


def private_messages_of_the_first_by_name(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield, of each two people, the messages of the one whose mention name comes first; and those to oneself."""
    names = _mention_names(export)
    for user, name in names.items():
        private = export.history(USERS, user).private
        path = export.history_of(USERS, user)
        received = conditions.received.get(path, {})
        for other, (both, _) in private.items():
            sent = both - received.get(other, (0, 0))[0] if isinstance(other, int) else both
            if sent > 0 and (other == user or (other in names and name < names[other])):
                yield Met(sent, (path, 0, ""))


def private_messages_to_guests_first_by_name(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield what others, whose mention name comes later, wrote to guests."""
    names = _mention_names(export)
    for guest in export.index.guests & names.keys():
        path = export.history_of(USERS, guest)
        for sender, (count, first) in conditions.received.get(path, {}).items():
            if sender in names and names[guest] < names[sender]:
                yield Met(count, (path, first, PRIVATE))


def _mention_names(export: ExportView) -> dict[Identifier, str]:
    return {user: str(name) for user, name, _ in export.occurrences.get(f"{DEFINES} User mention_name", {})}


CONVERTER_FACTS: tuple[Callable[[ExportView, ConditionsMet], Iterator[Met]], ...] = (
    active_users_without_history,
    emoticon_files,
    json_files_among_those_of_users,
    messages_whose_file_is_not_below_users,
    private_messages_of_the_first_by_name,
    private_messages_to_guests_first_by_name,
    rooms_with_the_oldest_message_first,
)
