"""Damage to members: their names, and which members exist."""

from collections.abc import Callable, Sequence
from random import Random
from unicodedata import normalize

from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import ROOMS, USERS, history_path, in_dialect, random_word, unknown_ids
from hcfmt.damage.stored_files import PATH, PRIVATE_FILES, THUMBNAIL, Upload, uploads
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.go_json import go_json
from hcfmt.export.layout import OPTIONAL, REQUIRED, Kind, layout_of
from hcfmt.export.writer import ArchiveForm
from hcfmt.rng import random_uuid

_HISTORIES = (Kind.ROOM_HISTORY, Kind.USER_HISTORY)
_NOTE = b"Exported on Friday.\n"
_STRAYS = ("notes.txt", "Thumbs.db", ".DS_Store", "export.log")
_OLD_EXPORTS = ("backup", "old")
_TARGETS = ("/etc/passwd", "../../../users.json", "/")
_RESERVED = ("users.json", "rooms.json", "emoticons.json", "history.json", "metadata.json")


def not_an_export(export: EditableExport, _: Random, __: int) -> None:
    """Remove all data files."""
    data = [item.path for item in export.items if (row := layout_of(item.path)) and row.schema]
    export.remove(*data)


def unsafe_path(export: EditableExport, random: Random, count: int) -> None:
    """Add a member whose name is absolute, climbs, or holds a backslash or a control character."""
    for _ in range(count):
        name = random_word(random)
        odd = (
            f"/srv/{name}",
            f"{PRIVATE_FILES}../../{name}",
            f"C:{name}",
            f"{PRIVATE_FILES}{name}\\a",
            f"{name}\x07",
        )
        export.add(random.choice(odd), _NOTE)


def special_member(export: EditableExport, random: Random, count: int) -> None:
    """Add a symbolic link."""
    for _ in range(count):
        export.add(f"{PRIVATE_FILES}{random_word(random)}/link", b"", target=random.choice(_TARGETS))


def duplicate_member(export: EditableExport, random: Random, count: int) -> None:
    """Add a member a second time, with the same content."""
    files = [item for item in export.items if not item.path.endswith("/")]
    for item in take(shuffled(random, files), count, "files"):
        export.add(item.path, item.read())


def missing_file(export: EditableExport, random: Random, count: int) -> None:
    """Remove users.json or rooms.json."""
    paths = [path for path in REQUIRED if export.find(path)]
    export.remove(*take(shuffled(random, paths), count, "required data files"))


def absent_optional_file(export: EditableExport, random: Random, count: int) -> None:
    """Remove a data file that hc-migrate always writes."""
    paths = [path for path in OPTIONAL if export.find(path)]
    export.remove(*take(shuffled(random, paths), count, "optional data files"))


def unexpected_file(export: EditableExport, random: Random, count: int) -> None:
    """Add a file that has no place in the documented tree."""
    for number in range(count):
        export.add(f"{random_word(random, 6)}-{random.choice(_STRAYS)}" if number else random.choice(_STRAYS), _NOTE)


def prefixed_members(export: EditableExport, _: Random, __: int) -> None:
    """Move all members to a directory."""
    export.prefix("data/")


def dotted_members(export: EditableExport, _: Random, __: int) -> None:
    """Put ./ before the names of all members."""
    if export.form is ArchiveForm.DIRECTORY:
        raise UsageError("The files of a directory have no ./ in their names: write a .tar, .tar.gz or .tar.gz.aes.")
    export.prefix("./")


def several_exports(export: EditableExport, random: Random, _: int) -> None:
    """Move all members to a directory, and add users.json and rooms.json of another export in a second one."""
    paths = [path for path in REQUIRED if export.find(path)]
    take(paths, len(REQUIRED), "required data files")
    export.prefix("data/")
    directory = random.choice(_OLD_EXPORTS)
    for path in REQUIRED:
        export.add(f"{directory}/{path}", b"[]")


def reserved_file_name(export: EditableExport, random: Random, count: int) -> None:
    """Rename an uploaded file to the name of a data file."""
    candidates = (upload for upload in uploads(export, random, PATH, THUMBNAIL) if "/" in upload.value)
    for upload in take(candidates, count, "uploaded files in a directory of their own"):
        upload.replace_content(b"[]")
        directory = upload.value.rpartition("/")[0]
        free = [name for name in _RESERVED if not export.find(f"{upload.below}{directory}/{name}")]
        upload.move(f"{directory}/{random.choice(free)}")


def case_collision(export: EditableExport, random: Random, count: int) -> None:
    """Give a file a preview whose name differs in letter case only, with the same content."""
    candidates = (upload for upload in uploads(export, random, PATH) if _other_case(upload) != upload.value)
    for upload in take(candidates, count, "uploaded files with a letter in their path"):
        twin, thumbnail = _other_case(upload), upload.records[0].value["attachment"].get(THUMBNAIL)
        item = export.find(upload.member)
        if thumbnail and export.find(upload.below + thumbnail):
            export.remove(upload.below + thumbnail)
        export.add(upload.below + twin, item.read() if item else b"")
        for record in upload.records:
            record.set("attachment", THUMBNAIL, twin)


def lookalike_data_file(export: EditableExport, random: Random, count: int) -> None:
    """Add a file whose path is a data file's on macOS or Windows, with the same content."""
    data = [item for item in export.items if (row := layout_of(item.path)) and row.schema]
    odd = [(item, edit) for item in data for edit in _LOOKALIKES]
    for item, edit in take(shuffled(random, odd), count, "data files"):
        directory, slash, name = item.path.rpartition("/")
        export.add(directory + slash + edit(name), item.read())


_LOOKALIKES: Sequence[Callable[[str], str]] = (
    str.upper,
    lambda name: f"{name}.",
    lambda name: f"{name} ",
    lambda name: f"{name}::$DATA",
    lambda name: f"{name}\ufeff",
)


def name_too_long(export: EditableExport, random: Random, count: int) -> None:
    """Add an empty directory with a name of more than 255 bytes."""
    if export.form is ArchiveForm.DIRECTORY:
        raise UsageError("No file system holds such a name: write a .tar, .tar.gz or .tar.gz.aes.")
    for _ in range(count):
        export.add(f"{PRIVATE_FILES}{random_word(random)}{'n' * random.randrange(256, 300)}/", b"")


def _other_case(upload: Upload) -> str:
    """Return the path with its name, or all of it, in other letter case; as it is if it has no letters."""
    directory, slash, name = upload.value.rpartition("/")
    paths = (directory + slash + name.swapcase(), directory + slash + name.upper(), upload.value.swapcase())
    value = upload.value
    return next((path for path in paths if path != value and _folded(path) == _folded(value)), value)


def _folded(path: str) -> str:
    return normalize("NFC", path).casefold()


def undecodable_name(export: EditableExport, random: Random, count: int) -> None:
    """Add a member with a name in Latin-1."""
    for _ in range(count):
        export.add(f"{PRIVATE_FILES}{random_word(random)}/caf\udce9.png", b"\x89PNG\r\n\x1a\n")


def history_of_unknown_room(export: EditableExport, random: Random, count: int) -> None:
    """Add a history with a notification of a room that rooms.json does not have."""
    messages = (record for history in export.paths(*_HISTORIES) for record in export.records(history))
    timestamp = next((record.value["timestamp"] for record in messages), "2017-03-09T08:30:00Z 000000")
    for number in unknown_ids(export, random, count):
        message = {
            "id": random_uuid(random),
            "type": "notification",
            "format": "html",
            "color": "gray",
            "sender": {"id": 0, "mention_name": "", "name": "Deployments", "version": ""},
            "message": "Done.",
            "timestamp": timestamp,
        }
        record = in_dialect(export, "NotificationMessage", message)
        export.add(history_path("rooms", number), go_json([{"NotificationMessage": record}]))


def history_of_unknown_user(export: EditableExport, random: Random, count: int) -> None:
    """Add an empty history and a picture of a user that users.json does not have."""
    for number in unknown_ids(export, random, count):
        export.add(history_path("users", number), b"[]")
        export.add(f"users/{number}/avatars/{random_word(random)}.png", b"\x89PNG\r\n\x1a\n")


def empty_history_of_unknown(export: EditableExport, random: Random, count: int) -> None:
    """Add an empty history of a room or a user that does not exist."""
    for number in unknown_ids(export, random, count):
        export.add(history_path(random.choice(["rooms", "users"]), number), b"[]")


def room_without_history(export: EditableExport, random: Random, count: int) -> None:
    """Remove a room's history and the files of its messages; other histories still have messages."""
    of_rooms = {history_path("rooms", room.value["id"]) for room in export.records(ROOMS)}
    paths = shuffled(random, [path for path in export.paths(Kind.ROOM_HISTORY) if path in of_rooms])
    for history in take(_removable(export, paths), count, "rooms with a history, and messages elsewhere"):
        files = history.removesuffix("history.json") + "files/"
        export.remove(history, *(path for path in export.paths(Kind.ROOM_FILE) if path.startswith(files)))


def _removable(export: EditableExport, histories: list[str]) -> list[str]:
    """Return the histories without one that has messages, if they hold all messages: HC801 removes all of them."""
    if any(export.records(path) for path in export.paths(*_HISTORIES) if path not in histories):
        return histories
    remaining = next((path for path in histories if export.records(path)), None)
    return [path for path in histories if path != remaining]


def user_without_history(export: EditableExport, random: Random, count: int) -> None:
    """Remove a user's history and mark the user as deleted; the copies in other histories stay."""
    users = [user for user in export.records(USERS) if export.find(history_path("users", user.value["id"]))]
    chosen: list[EditableRecord] = []
    for user in shuffled(random, users):
        partners = _partners(export, user)
        if partners is not None and not partners & {other.value["id"] for other in chosen}:
            chosen.append(user)
        if len(chosen) == count:
            break
    noun = "users with a history whose every message is in another's too, and who do not talk to each other"
    for user in take(chosen, count, noun):
        if not user.value["is_deleted"]:
            user.set("is_deleted", not user.value["is_deleted"])
        export.remove(history_path("users", user.value["id"]))


def _partners(export: EditableExport, user: EditableRecord) -> set[int] | None:
    """Return the ids of the users in a user's private messages; None if a message is in no other history."""
    number = user.value["id"]
    messages = export.records(history_path("users", number))
    pairs = [(message.value["sender"]["id"], message.value["receiver"]["id"]) for message in messages]
    partners = {receiver if sender == number else sender for sender, receiver in pairs}
    have_copies = all(other != number and export.find(history_path("users", other)) for other in partners)
    return partners if have_copies else None
