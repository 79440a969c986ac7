"""Paths of an archive that collide once it is unpacked: on Linux, on macOS or on Windows."""

import re
from collections.abc import Callable, Iterable, Iterator

from hcfmt.container.safe_names import folded_name
from hcfmt.export.layout import DATA_NAMES, LAYOUT, layout_of

# Short name that NTFS gives to a longer one: its first six letters, or two letters and four digits of a hash.
_SHORT_NAME = r"(?:([^~]{2})[0-9a-f]{4}|([^~]{1,6}))~[0-9]{1,6}\.jso"
_DATA_PLACES = frozenset(row for row in LAYOUT if row.schema)
_SPECIAL = re.compile(r"[ .](?:/|$)|[:~]")


def folded(path: str) -> str:
    """Return the key by which macOS and Windows compare a canonical path.

    Letter case and Unicode form make no difference. Windows drops spaces and dots at the end of a name, and takes the
    part behind a colon for a stream of the same file.
    """
    if path.isascii() and not _SPECIAL.search(path):
        return path.lower()
    return "/".join(_folded_name(name) for name in path.split("/"))


def _folded_name(name: str) -> str:
    name = folded_name(name)
    short = re.fullmatch(_SHORT_NAME, name)
    begins = (short[1] or short[2]) if short else ""
    return next((data for data in sorted(DATA_NAMES) if begins and data.startswith(begins)), name)


def is_lookalike(path: str, extra: str) -> bool:
    """Whether a canonical path is not the path of a data file below ``extra``, but is one once it is folded."""
    if folded(path.rpartition("/")[2]) not in DATA_NAMES or layout_of(path.removeprefix(extra)) in _DATA_PLACES:
        return False
    same, top = folded(path), folded(extra)
    return same.startswith(top) and layout_of(same.removeprefix(top)) in _DATA_PLACES


def overlaps(files: Iterable[str], directories: Iterable[str], key: Callable[[str], str]) -> Iterator[str]:
    """Yield the files whose key is also the key of another path, or of a directory above another path.

    ``files`` and ``directories`` are canonical paths, each path once. Of several files of one key the first in the
    order of paths is left out, unless a directory has that key too.
    """
    rows = sorted(
        [(f"{key(path)}/", path, True) for path in files] + [(f"{key(path)}/", path, False) for path in directories]
    )
    start = 0
    while start < len(rows):
        name, end = rows[start][0], start + 1
        while end < len(rows) and rows[end][0] == name:
            end += 1
        group = rows[start:end]
        blocked = any(not is_file for *_, is_file in group) or (end < len(rows) and rows[end][0].startswith(name))
        named = [path for _, path, is_file in group if is_file]
        yield from named if blocked else named[1:]
        start = end
