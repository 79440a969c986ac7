"""What is made up so that the saved archive is sound: users, rooms, empty histories and files that records refer to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from hcfmt.check.export_view import ROOMS, USERS, ExportView
from hcfmt.check.file_references import FileReferences
from hcfmt.export.annotations import REFERS
from hcfmt.export.dialect_records import dialect_json
from hcfmt.export.dialects import HC_MIGRATE
from hcfmt.export.go_json import go_json
from hcfmt.export.placeholders import placeholder_room, placeholder_user
from hcfmt.export.references import targets
from hcfmt.findings import MemberPath

_MISSING_FILES = frozenset({"HC501", "HC503", "HC505"})  # an attachment, an avatar, an emoticon
_SOME_USER = 1


class Additions(Struct, frozen=True):
    """What is added to the members that were saved; all paths are canonical.

    ``users`` and ``rooms`` are the ids of placeholder records, ``histories`` the paths of empty histories, and
    ``files`` the paths of empty files.
    """

    users: Sequence[int] = ()
    rooms: Sequence[int] = ()
    histories: Sequence[str] = ()
    files: Sequence[str] = ()


def additions(export: ExportView, partial: Iterable[str]) -> Additions:
    """Return what an export lacks to be sound, of which the files at the paths ``partial`` are not whole.

    Nothing is added to a users.json or rooms.json that is whole.
    """
    damaged = set(partial)
    extra = export.layout.extra
    lost = {name: _is_lost(export, f"{extra}{name}.json", damaged) for name in (ROOMS, USERS)}
    unknown = _unknown(export)
    users = sorted(unknown["user"]) if lost[USERS] else []
    rooms = sorted(unknown["room"]) if lost[ROOMS] else []
    if lost[USERS] and not users and not export.names["user"]:
        users = [_SOME_USER]
    all_rooms = sorted({*rooms, *(number for number in export.names["room"] if isinstance(number, int))})
    paths = (export.history_of(ROOMS, number) for number in all_rooms)
    histories = [path for path in paths if path not in export.layout.members]
    if not all_rooms and not export.index.histories and not _has_history(export):
        known = [*users, *(number for number in export.names["user"] if isinstance(number, int))]
        histories = [export.history_of(USERS, min(known, default=_SOME_USER))]
    return Additions(users, rooms, histories, sorted(set(_missing_files(export))))


def user_records(ids: Iterable[int], names: Mapping[int, str], dialect: str) -> Iterator[bytes]:
    """Return the texts of placeholder records of users: deleted accounts without an address.

    ``names`` are those that are known, by the user's id.
    """
    encode = go_json if dialect == HC_MIGRATE else dialect_json
    return (encode(placeholder_user(number, dialect, names.get(number))) for number in ids)


def room_records(ids: Iterable[int], dialect: str) -> Iterator[bytes]:
    """Return the texts of placeholder records of rooms: private and without members, so that nobody sees more."""
    encode = go_json if dialect == HC_MIGRATE else dialect_json
    return (encode(placeholder_room(number, dialect)) for number in ids)


def _is_lost(export: ExportView, path: str, damaged: set[str]) -> bool:
    return path in damaged or path not in export.layout.members


def _has_history(export: ExportView) -> bool:
    return any(path.endswith("/history.json") and row for path, row in export.layout.places.items())


def _unknown(export: ExportView) -> dict[str, set[int]]:
    """Return the ids of users and of rooms that records or directories refer to and no record has."""
    unknown: dict[str, set[int]] = {"user": set(), "room": set()}
    for annotation, values in export.occurrences_of(REFERS):
        for value in values:
            possible = list(targets(value, annotation.arguments["to"]))
            if any(name in export.names[thing] for thing, name in possible):
                continue
            for thing, name in possible:
                if thing in unknown and isinstance(name, int):
                    unknown[thing].add(name)
    for tree, thing in ((USERS, "user"), (ROOMS, "room")):
        unknown[thing].update(number for number in export.directories(tree) if number not in export.names[thing])
    return unknown


def _missing_files(export: ExportView) -> Iterator[str]:
    for code, flaw in FileReferences(export).flaws():
        member = flaw.values.get("member")
        if code in _MISSING_FILES and isinstance(member, MemberPath):
            yield member.path
