"""Which place a member's path has in the documented tree: the one table from paths to kinds."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a member is (seed 000, "Export contents and file system")."""

    USERS = "users"
    ROOMS = "rooms"
    EMOTICONS = "emoticons"
    AUTOJOINS = "autojoins"
    METADATA = "metadata"
    PREFERENCES = "preferences"
    ROOM_HISTORY = "room-history"
    USER_HISTORY = "user-history"
    ROOM_FILE = "room-file"
    PRIVATE_FILE = "private-file"
    AVATAR = "avatar"
    EMOTICON = "emoticon"


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the tree: a kind, the paths it has, and for data files the schema and the wrapper keys of its list."""

    kind: Kind
    paths: re.Pattern[str]
    schema: str | None = None
    wrappers: tuple[str, ...] = ()


_ID = "(?:0|[1-9][0-9]{0,18})"
_MESSAGES = ("UserMessage", "NotificationMessage", "TopicRoomMessage", "ArchiveRoomMessage", "GuestAccessMessage")

TREE = tuple(
    Place(kind, re.compile(paths, re.DOTALL), schema, wrappers)
    for kind, paths, schema, wrappers in (
        (Kind.USERS, r"users\.json", "export/users", ("User",)),
        (Kind.ROOMS, r"rooms\.json", "export/rooms", ("Room",)),
        (Kind.EMOTICONS, r"emoticons\.json", "export/emoticons", ()),
        (Kind.AUTOJOINS, r"autojoins\.json", "export/autojoins", ()),
        (Kind.METADATA, r"metadata\.json", "export/metadata", ()),
        (Kind.PREFERENCES, r"preferences\.json", "export/preferences", ()),
        (Kind.ROOM_HISTORY, rf"rooms/{_ID}/history\.json", "export/room-history", _MESSAGES),
        (Kind.USER_HISTORY, rf"users/{_ID}/history\.json", "export/user-history", ("PrivateUserMessage",)),
        (Kind.ROOM_FILE, rf"rooms/{_ID}/files/.+", None, ()),
        (Kind.PRIVATE_FILE, r"users/files/.+", None, ()),
        (Kind.AVATAR, rf"users/{_ID}/avatars/[^/]+", None, ()),
        (Kind.EMOTICON, r"files/img/emoticons/.+", None, ()),
    )
)
PLACES = {place.kind: place for place in TREE}

REQUIRED = ("users.json", "rooms.json")
OPTIONAL = ("emoticons.json", "autojoins.json", "preferences.json", "metadata.json")
DATA_NAMES = frozenset((*REQUIRED, *OPTIONAL, "history.json"))


def place_of(path: str) -> Place | None:
    """Return the row of the tree that a path without its prefix belongs to, or None when it has none."""
    return next((place for place in TREE if place.paths.fullmatch(path)), None)


def prefix_of(path: str) -> str:
    """Return the part before the documented tree: "", "./", or one extra directory with its slash.

    A path that has no place in the tree, with or without such a part, has the prefix "" (facts 4 and 5.1 A6).
    """
    dot = "./" if path.startswith("./") else ""
    rest = path.removeprefix(dot)
    if place_of(rest) is None:
        first, slash, below = rest.partition("/")
        if slash and place_of(below) is not None:
            return f"{dot}{first}/"
    return dot


_WORDS = frozenset({"", "users", "rooms", "files", "img", "emoticons", "avatars", *DATA_NAMES})
_MADE_UP = re.compile(rf"{_ID}|[A-Za-z0-9]{{15}}")  # directories that the exporter named
_SUFFIX = re.compile(r"(?:_thumb|_36|_125|@[234]x)?\.[A-Za-z0-9]{1,4}$")


def _hidden(segment: str) -> str:
    suffix = _SUFFIX.search(segment, 1)
    end = suffix.group() if suffix else ""
    size = len(segment) - len(end)
    return f"[{size} {'character' if size == 1 else 'characters'}]{end}"


def hidden_path(path: str) -> str:
    """Return a member's path with every part that people may have chosen replaced by its length in characters.

    Documented names stay, ids and the exporter's random names of directories, and the suffix of a file:
    ``rooms/1/files/BcudLU14VxUEeUK/[13 characters].pdf``.
    """
    dot = "./" if path.startswith("./") else ""
    *directories, last = path.removeprefix(dot).split("/")
    shown = [name if name in _WORDS or _MADE_UP.fullmatch(name) else _hidden(name) for name in directories]
    return dot + "/".join([*shown, last if last in _WORDS else _hidden(last)])
