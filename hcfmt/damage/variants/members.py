"""Variants of damage to members: their names, their number, and which exist."""

from random import Random

from hcfmt.damage.damage import Damage, DamageFunction
from hcfmt.damage.selection import shuffled, take
from hcfmt.damage.selectors import ROOMS, USERS, history_path, random_word, unknown_ids
from hcfmt.damage.stored_files import PATH, PRIVATE_FILES, uploads
from hcfmt.export.editing import EditableExport
from hcfmt.export.layout import REQUIRED, Kind

_NOTE = b"Exported on Friday.\n"
_HISTORIES = (Kind.ROOM_HISTORY, Kind.USER_HISTORY)


def _added(path: str, content: bytes = _NOTE) -> DamageFunction:
    """Return a damage that adds a file; a star in the path stands for a random name."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for _ in range(count):
            export.add(path.replace("*", random_word(random)), content)

    return apply


def _linked(target: str) -> DamageFunction:
    """Return a damage that adds symbolic links to a target."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for _ in range(count):
            export.add(f"{PRIVATE_FILES}{random_word(random)}/link", b"", target=target)

    return apply


def _doubled(path: str, content: bytes | None = None) -> DamageFunction:
    """Return a damage that adds a member a second time, with other content if any is given."""

    def apply(export: EditableExport, _: Random, __: int) -> None:
        for item in take(filter(None, [export.find(path)]), 1, "required data files"):
            export.add(path, item.read() if content is None else content)

    return apply


def _doubled_history(export: EditableExport, random: Random, count: int) -> None:
    """Add the history of a room or a user a second time, with the same content."""
    for path in take(shuffled(random, export.paths(*_HISTORIES)), count, "histories"):
        export.add(path, export.content(path))


def _removed(path: str) -> DamageFunction:
    """Return a damage that removes a data file."""
    noun = f"{'required' if path in REQUIRED else 'optional'} data files"

    def apply(export: EditableExport, _: Random, __: int) -> None:
        take(filter(None, [export.find(path)]), 1, noun)
        export.remove(path)

    return apply


def _prefixed(directory: str) -> DamageFunction:
    return lambda export, _, __: export.prefix(directory)


def _renamed(name: str) -> DamageFunction:
    """Return a damage that renames uploaded files to the name of a data file."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        found = (upload for upload in uploads(export, random, PATH) if "/" in upload.value)
        by_directory = {upload.member.rpartition("/")[0]: upload for upload in found}
        for upload in take(by_directory.values(), count, "uploaded files in a directory of their own"):
            upload.replace_content(b"[]")
            upload.move(f"{upload.value.rpartition('/')[0]}/{name}")

    return apply


def _history_of_nobody(tree: str) -> DamageFunction:
    """Return a damage that adds empty histories of rooms ("rooms") or users ("users") that do not exist."""

    def apply(export: EditableExport, random: Random, count: int) -> None:
        for number in unknown_ids(export, random, count):
            export.add(history_path(tree, number), b"[]")

    return apply


def _row(code: str, variant: str, about: str, apply: DamageFunction, *, once: bool = False) -> Damage:
    return Damage(code, apply, once=once, variant=variant, about=about)


ROWS = (
    _row("HC101", "absolute", "Add a member whose name begins with a slash.", _added("/srv/*")),
    _row("HC101", "climbing", "Add a member whose name climbs out of the archive.", _added("../../*")),
    _row("HC101", "drive", "Add a member whose name begins with a drive of Windows.", _added("C:*"), once=True),
    _row("HC101", "backslash", "Add a member with a backslash in its name.", _added(f"{PRIVATE_FILES}*\\a")),
    _row("HC101", "control-character", "Add a member with a control character in its name.", _added("*\x07")),
    _row("HC102", "absolute", "Add a symbolic link to a file of the machine.", _linked("/etc/passwd")),
    _row("HC102", "climbing", "Add a symbolic link to a file outside of the archive.",
         _linked("../../../../users.json")),
    _row("HC103", "users", "Add users.json a second time, with the same content.", _doubled(USERS), once=True),
    _row("HC103", "users-emptied", "Add users.json a second time, with an empty list.", _doubled(USERS, b"[]"),
         once=True),
    _row("HC103", "rooms", "Add rooms.json a second time, with the same content.", _doubled(ROOMS), once=True),
    _row("HC103", "history", "", _doubled_history),
    _row("HC104", "users", "Remove users.json.", _removed(USERS), once=True),
    _row("HC104", "rooms", "Remove rooms.json.", _removed(ROOMS), once=True),
    _row("HC105", "emoticons", "Remove emoticons.json.", _removed("emoticons.json"), once=True),
    _row("HC105", "autojoins", "Remove autojoins.json.", _removed("autojoins.json"), once=True),
    _row("HC105", "preferences", "Remove preferences.json.", _removed("preferences.json"), once=True),
    _row("HC105", "metadata", "Remove metadata.json.", _removed("metadata.json"), once=True),
    _row("HC106", "json", "Add a JSON file that has no place in the documented tree.", _added("*.json", b"[]")),
    _row("HC107", "export", "Move all members to a directory of another name.", _prefixed("export/"), once=True),
    _row("HC107", "two-directories", "Move all members two directories down.", _prefixed("hipchat/export/"), once=True),
    _row("HC108", "users", "Rename an uploaded file to users.json.", _renamed(USERS)),
    _row("HC108", "rooms", "Rename an uploaded file to rooms.json.", _renamed(ROOMS)),
    _row("HC108", "history", "Rename an uploaded file to history.json.", _renamed("history.json")),
    _row("HC118", "room", "Add an empty history of a room that does not exist.", _history_of_nobody("rooms")),
    _row("HC118", "user", "Add an empty history of a user who does not exist.", _history_of_nobody("users")),
)  # fmt: skip
"""The rows of this subject: code, variant, what it does, and the function."""
