"""Makes names that every usual file system can hold, and tells apart, of the paths of an archive's members."""

import re
import unicodedata
from hashlib import sha256

from hcfmt.container.budget import Budget, name_memory
from hcfmt.container.member import path_parts

LONGEST_NAME = 255
"""The most bytes of one name, in UTF-8, on the file systems of Linux and macOS; Windows counts UTF-16 units."""

_LONGEST_PATH = 700  # bytes of a directory's path; macOS opens files by paths of up to 1,023
_DEEPEST = 32  # directories in each other
_NODE = 300  # bytes of memory for a name besides its own
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
    """

    def __init__(self, budget: Budget) -> None:
        """Take the limits, of which ``names`` is that of memory."""
        self._budget = budget
        self._memory = 0
        self._directories: dict[Parts, tuple[int, Parts]] = {(): (0, ())}  # by original path: number, safe path
        self._numbers: dict[tuple[int, str], int] = {}  # by directory and folded name: the last number used

    def file(self, path: str) -> Parts:
        """Return a new path for a file. Raises Fault (budget-exceeded)."""
        *above, name = path_parts(path) or [_UNNAMED]
        directory, parts = self._enter(tuple(above))
        return *parts, self._free_name(directory, name)

    def directory(self, path: str) -> Parts:
        """Return the path of a directory, the same one for the same path; () for the root. Raises Fault, as above."""
        return self._enter(tuple(path_parts(path)))[1]

    def _enter(self, original: Parts) -> tuple[int, Parts]:
        """Return the number and the safe path of a directory."""
        if original not in self._directories:
            if _is_too_deep(original):
                name, above = f"deep-{_digits('/'.join(original), 16)}", self._directories[()]
            else:
                name, above = original[-1], self._enter(original[:-1])
            parent, parts = above
            self._spend(original)
            self._directories[original] = len(self._directories), (*parts, self._free_name(parent, name))
        return self._directories[original]

    def _free_name(self, directory: int, original: str) -> str:
        """Return the safe form of a name that nothing else in its directory has, and take it."""
        name = free = safe_name(original)
        key = directory, folded_name(name)
        number = self._numbers.get(key, 0) + 1
        while number > 1 and (directory, folded_name(free := _numbered(name, number))) in self._numbers:
            number += 1
        self._numbers[key] = number
        self._numbers.setdefault((directory, folded_name(free)), 1)
        self._spend((original,))
        return free

    def _spend(self, names: Parts) -> None:
        self._memory += _NODE + 2 * sum(map(name_memory, names))
        if self._memory > self._budget.names:
            raise self._budget.names_exceeded()


def _is_too_deep(directory: Parts) -> bool:
    return len(directory) > _DEEPEST or sum(len(safe_name(name).encode()) + 1 for name in directory) > _LONGEST_PATH


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
