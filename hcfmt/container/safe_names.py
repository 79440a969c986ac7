"""Makes names that every usual file system can hold, and tells apart, of the paths of an archive's members."""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b, sha256

from hcfmt.container.budget import Budget
from hcfmt.container.member import path_parts

LONGEST_NAME = 255
"""The most bytes of one name, in UTF-8, on the file systems of Linux and macOS; Windows counts UTF-16 units."""

_LONGEST_PATH = 700  # bytes of a directory's path; macOS opens files by paths of up to 1,023
_DEEPEST = 32  # directories in each other
_ENTRY = 256  # bytes of memory for a name that is remembered, of a directory as a directory too
_MEMBER = 3 * _ENTRY  # that a member may take: a file in two new directories
_UNNAMED = "unnamed"
_ESCAPED = 0xDC00  # surrogateescape adds it to a byte
_UNDECODABLE = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, as surrogateescape decodes them
# What Windows does not allow, control characters, and characters that reorder a line.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
_ENDING = re.compile(r"[ .]+\Z")  # which Windows drops
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|\Z)", re.IGNORECASE
)
_SHORT = re.compile(r"[^.~]{1,8}~[0-9]{1,6}(?:\.[^.]{0,3})?")  # as NTFS calls a longer name besides
_SUFFIX = re.compile(r"(?<=[^.])\.[A-Za-z0-9]{1,16}\Z")
_IGNORED_BY_MACOS = "[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]"  # HFS+ compares names without them
_LONGEST_RUN = 30  # combining marks behind one letter; more than any script needs (UAX #15, Stream-Safe Text Format)

Parts = tuple[str, ...]


def folded_name(name: str) -> str:
    """Return the key by which macOS and Windows compare one name.

    Letter case and Unicode form make no difference. Windows drops spaces and dots at the end of a name, and takes the
    part behind a colon for a stream of the same file.
    """
    name = re.sub(_IGNORED_BY_MACOS, "", name)
    name = name.partition(":")[0].rstrip(" .") or name
    return _normalized(_normalized(name).casefold())


def is_device_name(name: str) -> bool:
    """Whether Windows takes a name for that of a device, whatever its letter case and extension: ``con``, ``nul.txt``.

    See Microsoft, "Naming Files, Paths, and Namespaces".
    """
    return _DEVICE.match(name) is not None


@lru_cache(maxsize=1024)  # most members are in a directory of others
def safe_name(name: str) -> str:
    """Return one part of a member's path as a name that every usual file system can hold.

    Bytes that are not UTF-8 become ``%FF``. Characters that Windows does not allow, control characters and those that
    reorder a line become ``_``, and so do dots and spaces at the end, those of ``..`` included. The name of a device
    gets a ``_`` in front. A name that is too long loses its middle to 8 digits of its SHA-256.
    """
    safe = _UNDECODABLE.sub(lambda match: f"%{ord(match[0]) - _ESCAPED:02X}", name) or _UNNAMED
    safe = _ENDING.sub(lambda match: "_" * len(match[0]), _UNSAFE.sub("_", safe))
    if is_device_name(safe):
        safe = f"_{safe}"
    if _SHORT.fullmatch(safe):
        safe = safe.replace("~", "_")
    return safe if len(safe.encode()) <= LONGEST_NAME else _shortened(safe, name)


class SafeNames:
    """Gives the members of one archive relative paths of safe names, each another one, whatever the archive holds.

    Paths differ on systems that ignore letter case or the Unicode form, too. Of members with the same name the first
    keeps it, a later one gets a number: ``users-2.json``. A directory that is too deep is replaced by one below the
    root, whose name has digits of the hash of its path. The same members in the same order get the same names.

    Names are remembered by their hashes. The memory that a member may take is fixed; what directories take beyond that
    counts as that of names.
    """

    def __init__(self, budget: Budget) -> None:
        """Take the limits."""
        self._budget = budget
        self._spare = budget.names
        self._directories: dict[int, int] = {}  # number of a directory, by that of its parent and its original name
        self._numbers: dict[int, int] = {}  # the last number of a name, by directory and folded name
        self._renamed: dict[int, str] = {}  # safe names of directories that are not safe_name's

    def file(self, path: str) -> Parts:
        """Return a new path for a file. Raises Fault (budget-exceeded)."""
        self._spare += _MEMBER
        *above, name = path_parts(path) or [_UNNAMED]
        directory, parts = self._enter(above)
        return *parts, self._free_name(directory, name)

    def directory(self, path: str) -> Parts:
        """Return the path of a directory, the same one for the same path; () for the root. Raises Fault, as above."""
        self._spare += _MEMBER
        return self._enter(path_parts(path))[1]

    def _enter(self, names: list[str]) -> tuple[int, Parts]:
        """Return the number and the safe path of a directory."""
        directory, parts = 0, []
        for name in [f"deep-{_digits('/'.join(names), 16)}"] if _is_too_deep(names) else names:
            key = _key(directory, name)
            if key not in self._directories:
                self._directories[key] = number = len(self._directories) + 1
                free = self._free_name(directory, name)
                if free != safe_name(name):
                    self._renamed[number] = free
            directory = self._directories[key]
            parts.append(self._renamed.get(directory) or safe_name(name))
        return directory, tuple(parts)

    def _free_name(self, directory: int, original: str) -> str:
        """Return the safe form of a name that nothing else in its directory has, and take it."""
        name = free = safe_name(original)
        key = _key(directory, folded_name(name))
        number = self._numbers.get(key, 0) + 1
        while number > 1 and _key(directory, folded_name(free := _numbered(name, number))) in self._numbers:
            number += 1
        self._numbers[key] = number
        self._numbers.setdefault(_key(directory, folded_name(free)), 1)
        self._spare -= _ENTRY
        if self._spare < 0:
            raise self._budget.names_exceeded()
        return free


def _key(directory: int, name: str) -> int:
    """Return a hash of a name in a directory. Names of one hash, which nobody meets by chance, would get numbers."""
    return int.from_bytes(blake2b(f"{directory}/{name}".encode("utf-8", "surrogatepass"), digest_size=12).digest())


def _is_too_deep(names: list[str]) -> bool:
    return len(names) > _DEEPEST or sum(len(safe_name(name).encode()) + 1 for name in names) > _LONGEST_PATH


def _numbered(name: str, number: int) -> str:
    """Return a name with a number before its extension."""
    stem, suffix = _split(name)
    numbered = f"{stem}-{number}{suffix}"
    if len(numbered.encode()) <= LONGEST_NAME:
        return numbered
    stem, suffix = _split(_shortened(name, name, len(f"-{number}")))
    return f"{stem}-{number}{suffix}"


def _shortened(safe: str, original: str, room: int = 0) -> str:
    """Return a long name with digits of its hash in place of the end of its stem, and ``room`` bytes to spare."""
    stem, suffix = _split(safe)
    end = f"-{_digits(original, 8)}{suffix}"
    return stem.encode()[: LONGEST_NAME - room - len(end)].decode("utf-8", "ignore") + end


def _split(name: str) -> tuple[str, str]:
    """Return the stem and the extension of a name; a long extension is part of the stem."""
    match = _SUFFIX.search(name)
    return (name[: match.start()], match[0]) if match else (name, "")


def _digits(text: str, count: int) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:count]


def _normalized(name: str) -> str:
    """Return a name decomposed (NFD), unless it has a long run of marks, which takes quadratic time."""
    if name.isascii():
        return name
    run = longest = 0
    for character in name:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return name if longest > _LONGEST_RUN else unicodedata.normalize("NFD", name)
