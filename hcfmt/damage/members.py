"""Damage to members: their names, and which of them are there."""

from collections.abc import Callable, Sequence
from random import Random
from unicodedata import normalize

from hcfmt.damage.kind import damage, enough, shuffled
from hcfmt.damage.parts import ROOMS, USERS, history_of, slug, strangers
from hcfmt.damage.uploads import PATH, PRIVATE_FILES, THUMBNAIL, Upload, uploads
from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport, EditableRecord
from hcfmt.export.layout import OPTIONAL, REQUIRED, Kind, layout_of
from hcfmt.export.writer import ArchiveForm

_HISTORIES = (Kind.ROOM_HISTORY, Kind.USER_HISTORY)
_UPLOADED = (Kind.ROOM_FILE, Kind.PRIVATE_FILE)
_NOTE = b"Exported on Friday.\n"
_STRAYS = ("notes.txt", "Thumbs.db", ".DS_Store", "export.log")
_TARGETS = ("/etc/passwd", "../../../users.json", "/")
_RESERVED = ("users.json", "rooms.json", "emoticons.json", "history.json", "metadata.json")


@damage("HC012", once=True)
def not_an_export(export: EditableExport, _: Random, __: int) -> None:
    """Take all data files away."""
    data = [item.path for item in export.items if (place := layout_of(item.path)) and place.schema]
    export.remove(*data)


@damage("HC101")
def unsafe_path(export: EditableExport, random: Random, count: int) -> None:
    """Add a member whose name is absolute, climbs, or holds a backslash or a control character."""
    for _ in range(count):
        name = slug(random)
        odd = (
            f"/srv/{name}",
            f"{PRIVATE_FILES}../../{name}",
            f"C:{name}",
            f"{PRIVATE_FILES}{name}\\a",
            f"{name}\x07",
        )
        export.add(random.choice(odd), _NOTE)


@damage("HC102")
def special_member(export: EditableExport, random: Random, count: int) -> None:
    """Add a symbolic link."""
    for _ in range(count):
        export.add(f"{PRIVATE_FILES}{slug(random)}/link", b"", target=random.choice(_TARGETS))


@damage("HC103")
def duplicate_member(export: EditableExport, random: Random, count: int) -> None:
    """Add a member a second time, with the same content."""
    files = [item for item in export.items if not item.path.endswith("/")]
    for item in enough(shuffled(random, files), count, "files"):
        export.add(item.path, item.read())


@damage("HC104")
def missing_file(export: EditableExport, random: Random, count: int) -> None:
    """Take users.json or rooms.json away."""
    there = [path for path in REQUIRED if export.find(path)]
    export.remove(*enough(shuffled(random, there), count, "files without which there is no export"))


@damage("HC105")
def absent_optional_file(export: EditableExport, random: Random, count: int) -> None:
    """Take a data file away that hc-migrate always writes."""
    there = [path for path in OPTIONAL if export.find(path)]
    export.remove(*enough(shuffled(random, there), count, "data files beside users.json and rooms.json"))


@damage("HC106")
def unexpected_file(export: EditableExport, random: Random, count: int) -> None:
    """Add a file that has no place in the documented tree."""
    for number in range(count):
        export.add(f"{slug(random, 6)}-{random.choice(_STRAYS)}" if number else random.choice(_STRAYS), _NOTE)


@damage("HC107", once=True)
def prefixed_members(export: EditableExport, random: Random, _: int) -> None:
    """Put all members below ./ or below one more directory."""
    export.prefix("data/" if export.form is ArchiveForm.DIRECTORY else random.choice(["./", "data/"]))


@damage("HC108")
def reserved_file_name(export: EditableExport, random: Random, count: int) -> None:
    """Make of an uploaded file one that is named like a data file."""
    fitting = (one for one in uploads(export, random, PATH, THUMBNAIL) if "/" in one.value)
    for upload in enough(fitting, count, "uploaded files in a directory of their own"):
        upload.replace_content(b"[]")
        directory = upload.value.rpartition("/")[0]
        free = [one for one in _RESERVED if not export.find(f"{upload.below}{directory}/{one}")]
        upload.move(f"{directory}/{random.choice(free)}")


@damage("HC109")
def case_collision(export: EditableExport, random: Random, count: int) -> None:
    """Give a file a preview of its own name but for letter case, with the same content."""
    fitting = (one for one in uploads(export, random, PATH) if _other_case(one) != one.value)
    for upload in enough(fitting, count, "uploaded files with a letter in their path"):
        twin, thumbnail = _other_case(upload), upload.records[0].value["attachment"].get(THUMBNAIL)
        item = export.find(upload.member)
        if thumbnail and export.find(upload.below + thumbnail):
            export.remove(upload.below + thumbnail)
        export.add(upload.below + twin, item.read() if item else b"")
        for record in upload.records:
            record.set("attachment", THUMBNAIL, twin)


@damage("HC116")
def lookalike_data_file(export: EditableExport, random: Random, count: int) -> None:
    """Add a file with a path that is a data file's on macOS or Windows, with the same content."""
    data = [item for item in export.items if (place := layout_of(item.path)) and place.schema]
    odd = [(item, edit) for item in data for edit in _LOOKALIKES]
    for item, edit in enough(shuffled(random, odd), count, "data files"):
        directory, slash, name = item.path.rpartition("/")
        export.add(directory + slash + edit(name), item.read())


_LOOKALIKES: Sequence[Callable[[str], str]] = (
    str.upper,
    lambda name: f"{name}.",
    lambda name: f"{name} ",
    lambda name: f"{name}::$DATA",
    lambda name: f"{name}\ufeff",
)


@damage("HC117")
def name_too_long(export: EditableExport, random: Random, count: int) -> None:
    """Add an empty directory with a name of more than 255 bytes."""
    if export.form is ArchiveForm.DIRECTORY:
        raise UsageError("No file system holds such a name: write a .tar, .tar.gz or .tar.gz.aes.")
    for _ in range(count):
        export.add(f"{PRIVATE_FILES}{slug(random)}{'n' * random.randrange(256, 300)}/", b"")


def _other_case(upload: Upload) -> str:
    """Return the path with its name, or if need be all of it, in other letters; as it is where it has none."""
    directory, slash, name = upload.value.rpartition("/")
    tried = (directory + slash + name.swapcase(), directory + slash + name.upper(), upload.value.swapcase())
    return next((one for one in tried if one != upload.value and _folded(one) == _folded(upload.value)), upload.value)


def _folded(path: str) -> str:
    return normalize("NFC", path).casefold()


@damage("HC110")
def undecodable_name(export: EditableExport, random: Random, count: int) -> None:
    """Add a member with a name in Latin-1."""
    for _ in range(count):
        export.add(f"{PRIVATE_FILES}{slug(random)}/caf\udce9.png", b"\x89PNG\r\n\x1a\n")


@damage("HC111")
def history_of_unknown_room(export: EditableExport, random: Random, count: int) -> None:
    """Add an empty history of a room that rooms.json does not have."""
    for number in strangers(export, random, count):
        export.add(history_of("rooms", number), b"[]")


@damage("HC112")
def history_of_unknown_user(export: EditableExport, random: Random, count: int) -> None:
    """Add an empty history of a user that users.json does not have."""
    for number in strangers(export, random, count):
        export.add(history_of("users", number), b"[]")


@damage("HC113")
def room_without_history(export: EditableExport, random: Random, count: int) -> None:
    """Take a room's history away, and the files of its messages; messages are left elsewhere."""
    known = {history_of("rooms", room.value["id"]) for room in export.records(ROOMS)}
    there = _to_spare(export, shuffled(random, [path for path in export.paths(Kind.ROOM_HISTORY) if path in known]))
    for history in enough(there, count, "rooms with a history, and messages elsewhere"):
        files = history.removesuffix("history.json") + "files/"
        export.remove(history, *(path for path in export.paths(Kind.ROOM_FILE) if path.startswith(files)))


def _to_spare(export: EditableExport, histories: list[str]) -> list[str]:
    """Return all histories but one with messages, if they have all that there are: for none there is another damage."""
    if any(export.records(path) for path in export.paths(*_HISTORIES) if path not in histories):
        return histories
    kept = next((path for path in histories if export.records(path)), None)
    return [path for path in histories if path != kept]


@damage("HC114")
def user_without_history(export: EditableExport, random: Random, count: int) -> None:
    """Take a user's history away, and mark the user as deleted; what others have of the conversations stays."""
    users = [one for one in export.records(USERS) if export.find(history_of("users", one.value["id"]))]
    chosen: list[EditableRecord] = []
    for user in shuffled(random, users):
        partners = _partners(export, user)
        if partners is not None and not partners & {one.value["id"] for one in chosen}:
            chosen.append(user)
        if len(chosen) == count:
            break
    what = "users with a history whose every message is in another's too, and who do not talk to each other"
    for user in enough(chosen, count, what):
        if not user.value["is_deleted"]:
            user.set("is_deleted", not user.value["is_deleted"])
        export.remove(history_of("users", user.value["id"]))


def _partners(export: EditableExport, user: EditableRecord) -> set[int] | None:
    """Return with whom a user talks in private; None where a message is in no other history."""
    number = user.value["id"]
    talks = export.records(history_of("users", number))
    pairs = [(one.value["sender"]["id"], one.value["receiver"]["id"]) for one in talks]
    partners = {receiver if sender == number else sender for sender, receiver in pairs}
    there = all(one != number and export.find(history_of("users", one)) for one in partners)
    return partners if there else None


@damage("HC801", once=True)
def no_messages(export: EditableExport, _: Random, __: int) -> None:
    """Empty all histories, and take the files of their messages away."""
    if not (export.records(USERS) and export.records(ROOMS)):
        raise UsageError("An export without users or without rooms is not expected to have messages.")
    for history in export.paths(*_HISTORIES):
        export.replace_content(history, b"[]")
    export.remove(*export.paths(*_UPLOADED))
