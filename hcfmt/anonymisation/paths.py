"""Replaces paths: of members, and of files that records name. Documented names, ids and usual extensions stay."""

import re

from hcfmt.anonymisation.words import WORD, WordReplacement
from hcfmt.check.collisions import folded
from hcfmt.export.file_signatures import EXTENSIONS
from hcfmt.export.layout import DATA_NAMES, SUFFIXES, system_of

_DIRECTORIES = frozenset({"avatars", "emoticons", "files", "img", "photos", "rooms", "users"})
_ABOVE_IDS = (["rooms"], ["users"])
_OLD_LIST = "list.json"  # of HipChat Cloud before mid-2018
_KNOWN = EXTENSIONS | SUFFIXES
_ID = re.compile(r"[0-9]{1,19}")
# What derives the path of one version of a picture from that of another: _thumb, _36 and _125, @2x to @4x.
_PART = re.compile(rf"(?<=_)(?:36|125|thumb)(?![^\W_])|(?<=@)[234]x(?![^\W_])|(?<=\.)[0-9A-Za-z]+$|{WORD.pattern}")
_STREAM = ":"  # begins the name of a stream of a file on Windows
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_NO_BYTE = "\udcff"  # the byte FF, which no UTF-8 has


class PathReplacement:
    """Replaces paths by a key.

    Equal names become equal, also in different letter case, so that a record still names its file; a directory that is
    a number stays, as an id.
    """

    def __init__(self, words: WordReplacement) -> None:
        """Take the replacement of words."""
        self._words = words

    def of_path(self, path: str) -> str:
        """Return a path, absolute or relative, with all that people chose replaced."""
        *directories, name = path.split("/")
        is_documented = directories[-1:] in _ABOVE_IDS and (name == _OLD_LIST or _ID.fullmatch(name))
        stays = is_documented or name in _DIRECTORIES
        return "/".join([*map(self._directory, directories), name if stays else self._name(name)])

    def _directory(self, name: str) -> str:
        if name in _DIRECTORIES or _ID.fullmatch(name) or system_of(f"{name}/."):
            return name
        return self._name(name)

    def _name(self, name: str) -> str:
        if folded(name) in DATA_NAMES:
            file, colon, stream = name.partition(_STREAM)
            return file + colon + self._words.of_text(stream)
        start = _system_part(name)
        replaced = start + _PART.sub(self._part, name[len(start) :])
        return _UNDECODABLE.sub(_NO_BYTE, replaced)

    def _part(self, match: re.Match[str]) -> str:
        part, before = match[0], match.string[match.start() - 1 : match.start()]
        if before in {"_", "@"} and re.fullmatch("36|125|thumb|[234]x", part):
            return part
        if before == "." and match.end() == len(match.string):
            return part if part.lower() in _KNOWN else self._words.outside(part, _KNOWN)
        return self._words.of_word(part)


def _system_part(name: str) -> str:
    """Return what an operating system writes before or in place of the name of a file, "" for nothing."""
    if not system_of(name):
        return ""
    return "._" if name.startswith("._") else name
