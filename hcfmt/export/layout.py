"""The documented layout of an export: a table from the paths of members to their kinds and schemas."""

import re
from enum import StrEnum
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from hcfmt.container.member import path_parts
from hcfmt.export import schemas
from hcfmt.export.message_kinds import ROOM_MESSAGES, USER_MESSAGES


class Kind(StrEnum):
    """The kind of a member (docs/format.md#layout)."""

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


class MemberLayout(Struct, frozen=True):
    """One row of the layout: a kind, and for data files the schema and the wrapper keys of its list.

    ``paths`` is a regular expression without groups that matches the paths of its members.
    """

    kind: Kind
    paths: str
    schema: str | None = None
    wrappers: tuple[str, ...] = ()


EMOTICON_FILES = "files/img/emoticons/"
"""The directory that the ``path`` of an emoticon is relative to, in hc-migrate's exports."""

ANY_ID = "(?:0|[1-9][0-9]{0,18})"

LAYOUT = (
    MemberLayout(Kind.USERS, r"users\.json", "export/users", ("User",)),
    MemberLayout(Kind.ROOMS, r"rooms\.json", "export/rooms", ("Room",)),
    MemberLayout(Kind.EMOTICONS, r"emoticons\.json", "export/emoticons"),
    MemberLayout(Kind.AUTOJOINS, r"autojoins\.json", "export/autojoins"),
    MemberLayout(Kind.METADATA, r"metadata\.json", "export/metadata"),
    MemberLayout(Kind.PREFERENCES, r"preferences\.json", "export/preferences"),
    MemberLayout(Kind.ROOM_HISTORY, rf"rooms/{ANY_ID}/history\.json", "export/room-history", ROOM_MESSAGES),
    MemberLayout(Kind.USER_HISTORY, rf"users/{ANY_ID}/history\.json", "export/user-history", USER_MESSAGES),
    MemberLayout(Kind.ROOM_FILE, rf"rooms/{ANY_ID}/files/.+"),
    MemberLayout(Kind.PRIVATE_FILE, r"users/files/.+"),
    MemberLayout(Kind.AVATAR, rf"users/{ANY_ID}/avatars/[^/]+"),
    MemberLayout(Kind.EMOTICON, r"files/img/emoticons/.+|emoticons/[^/]+"),  # the latter is Server's and Cloud's place
)
_PATHS = re.compile("|".join(f"({row.paths})" for row in LAYOUT), re.DOTALL)  # a group for each row
LAYOUT_BY_KIND = {row.kind: row for row in LAYOUT}

_OTHER_WRAPPERS = {Kind.EMOTICONS: ("Emoticon",)}  # of data files that are no list in hc-migrate's exports alone


@cache
def row_in_dialect(row: MemberLayout, dialect: str | None) -> MemberLayout:
    """Return the row of a data file as a dialect has it; None stands for hc-migrate's own."""
    if dialect is None or row.schema is None:
        return row
    wrappers = _OTHER_WRAPPERS.get(row.kind, row.wrappers)
    return replace(row, schema=schemas.in_dialect(row.schema, dialect), wrappers=wrappers)


DATA_FILES = tuple(
    row_in_dialect(row, dialect) for dialect in (None, *schemas.DIALECTS) for row in LAYOUT if row.schema
)
"""The rows of all data files in all dialects, hc-migrate's first."""

REQUIRED = ("users.json", "rooms.json")
OPTIONAL = ("emoticons.json", "autojoins.json", "preferences.json", "metadata.json")
DATA_NAMES = frozenset((*REQUIRED, *OPTIONAL, "history.json"))


def layout_of(path: str) -> MemberLayout | None:
    """Return the row of a path without its extra directory, None for a path outside the layout."""
    match = _PATHS.fullmatch(path)
    return LAYOUT[match.lastindex - 1] if match and match.lastindex else None


MOST_LEVELS = 8  # of extra directories above the layout
_EXTRA = re.compile(
    rf"((?:rooms|users)/|(?:(?!(?:rooms|users)/)[^/]+/){{1,{MOST_LEVELS}}}?)(?:{_PATHS.pattern})", re.DOTALL
)


def extra_directory(path: str) -> str:
    """Return the extra directories, with their slashes, above the layout in a canonical path, "" for none.

    They are as few as bring the path into the layout, ``MOST_LEVELS`` at most (docs/format.md#tar-prefix). One called
    ``rooms`` or ``users`` is the only one: what lies deeper there without a place has none elsewhere.
    """
    match = None if _PATHS.fullmatch(path) else _EXTRA.fullmatch(path)
    return match[1] if match else ""


def canonical(path: str) -> str:
    """Return a path as it is after unpacking: without "./", empty parts and a slash at the end."""
    return "/".join(path_parts(path))


_LEFTOVERS = {
    "macOS": r"(?s)(?:.*/)?(?:\._[^/]*|\.DS_Store|__MACOSX/.*)",
    "Windows": r"(?is)(?:.*/)?(?:thumbs\.db|desktop\.ini)",
}


def system_of(path: str) -> str | None:
    """Return the operating system that leaves files of such a name beside others, None for a name that none does."""
    return next((system for system, pattern in _LEFTOVERS.items() if re.fullmatch(pattern, path)), None)


# Directories with documented or random names; the rest of a path may have been chosen by users.
_DIRECTORIES = (
    rf"rooms/{ANY_ID}/files/[A-Za-z0-9]{{15}}/|rooms/{ANY_ID}/files/|rooms/{ANY_ID}/|rooms/"
    rf"|users/files/[A-Za-z0-9]{{15}}/|users/files/|users/{ANY_ID}/avatars/|users/{ANY_ID}/|users/"
    rf"|files/img/emoticons/{ANY_ID}/|files/img/emoticons/|files/img/|files/|"
)
_USUAL = (
    "bmp csv doc docx gif gz htm html jpeg jpg json log mov mp3 mp4 pdf png ppt pptx svg tar txt webp xls xlsx xml zip"
)
SUFFIXES = frozenset(_USUAL.split())
"""Extensions of files that are so frequent that they reveal nothing about users."""

_SUFFIX = rf"(?i)(?:_thumb|_36|_125|@[234]x)?\.(?:{'|'.join(sorted(SUFFIXES))})$"


def _hidden(segment: str) -> str:
    suffix = re.compile(_SUFFIX).search(segment, 1)
    end = suffix.group() if suffix else ""
    size = len(segment) - len(end)
    return f"[{size} {'character' if size == 1 else 'characters'}]{end}"


@lru_cache(maxsize=256)  # the findings of a member follow each other
def hidden_path(path: str) -> str:
    """Return a member's path with every part that users may have chosen replaced by its length in characters.

    Documented names, ids, the exporter's random names of directories and frequent extensions stay:
    ``rooms/1/files/BcudLU14VxUEeUK/[13 characters].pdf``.
    """
    documented = re.match(_DIRECTORIES, path)
    end = documented.end() if documented else 0
    *directories, last = path[end:].split("/")
    hidden = [_hidden(name) if name else "" for name in directories]
    return path[:end] + "/".join([*hidden, last if last in {"", *DATA_NAMES} else _hidden(last)])
