"""Facts of members, layers, rooms and memberships that profiles of importers test by name."""

from collections.abc import Callable, Iterator

from hcfmt.check.export_view import ExportView
from hcfmt.profiles.conditions_met import ConditionsMet, Met

_DATA_FILES = frozenset({"users.json", "rooms.json", "history.json"})
_TREES = frozenset({"rooms", "users"})
_DEPTH = 3  # parts of the path of a history


def files_named_like_data_files(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the files called users.json, rooms.json or history.json that are no data files of the export."""
    del conditions
    if not export.layout.complete:  # as where there are several exports
        return
    extra = export.layout.extra
    for path, row in export.layout.places.items():
        if path.rpartition("/")[2] not in _DATA_FILES or (row and row.schema):
            continue
        parts = path.removeprefix(extra).split("/")
        is_history = len(parts) == _DEPTH and parts[0] in _TREES and parts[2] == "history.json"
        if not is_history:  # one of a directory without an id is read as a history
            yield Met(1, (path, 0, ""))


def names_with_two_dots(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the members whose name has ``..`` as one of its parts."""
    del conditions
    yield from (Met(1, (path, 0, "")) for path in export.layout.members if ".." in path.split("/"))


def tar_without_gzip(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the archive if it is a tar that is not packed with gzip; a directory and what could not be read is none."""
    del conditions
    if "tar" in export.layout.layers and "gzip" not in export.layout.layers:
        yield Met(1, ("", 0, ""))


def private_rooms_without_a_user(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private rooms whose owner and members are all no users."""
    users = export.names["user"]
    for room in conditions.private_rooms:
        if users.isdisjoint(room.members) and room.owner not in users and export.layout.complete:
            yield Met(1, room.place)


def members_of_private_rooms_who_are_no_users(export: ExportView, conditions: ConditionsMet) -> Iterator[Met]:
    """Yield the private rooms with members who are no users, and their number."""
    users = export.names["user"]
    for room in conditions.private_rooms:
        unknown = sum(member not in users for member in room.members)
        if unknown and export.layout.complete:
            yield Met(unknown, room.place)


ARCHIVE_FACTS: tuple[Callable[[ExportView, ConditionsMet], Iterator[Met]], ...] = (
    files_named_like_data_files,
    members_of_private_rooms_who_are_no_users,
    names_with_two_dots,
    private_rooms_without_a_user,
    tar_without_gzip,
)
