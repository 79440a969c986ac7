"""Copies the stored files of an archive below ``files/``, under names that are safe to write and to open."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from hcfmt.container import Budget
from hcfmt.container.new_tree import NewTree
from hcfmt.container.safe_names import SafeNames, safe_name

if TYPE_CHECKING:
    from hcfmt.server.store import Store, StoredFile

DIRECTORY = "files"

NEUTRAL_SUFFIX = ".bin"
"""The end of the name of a file that a browser might open as a page, so that it offers to save it instead.

A page from file: could read all of the archive, and send it away; there "download" of a link has no effect.
"""

# Extensions of what browsers show as something else than a page, or save.
_HARMLESS_LIST = """
7z aac ai apk avi avif bak bin bmp bz2 c cfg conf cpp cs css csv dat db deb diff dmg doc docx dotx eml eps exe flac gif
go gz h heic heif ico ics ini iso jar java jpeg jpg js json key log m4a m4v md mkv mov mp3 mp4 mpeg mpg msg msi numbers
odp ods odt oga ogg ogv opus otf pages patch pcap pdf pem pfx php pl plist png pot pps ppsx ppt pptx ps psd py rar rb
rpm rtf sh sketch sql sqlite srt swift tar tgz tif tiff toml ts tsv ttf txt vcf vsd vsdx wav webm webp wma wmv woff
woff2 xls xlsb xlsm xlsx xz yaml yml zip zst
"""
_HARMLESS = frozenset(_HARMLESS_LIST.split())


class FileCopies:
    """Writes files, and knows the address of each."""

    def __init__(self, tree: NewTree, budget: Budget) -> None:
        """Take the directory of the page, and the limits."""
        self._tree = tree
        self._names = SafeNames(budget)
        self._renamed: dict[int, str] = {}  # the paths, by id, that are not those of the archive

    def write(self, store: "Store", file: "StoredFile") -> None:
        """Write a stored file. Raises Fault (budget-exceeded)."""
        parts = self._names.file(_harmless_path(file.path))
        self._tree.write_file((DIRECTORY, *parts), store.read_file(file))
        if "/".join(parts) != file.path:
            self._renamed[file.id] = "/".join(parts)

    def address(self, file: "StoredFile") -> str:
        """Return the address of a file that was written, relative to the page."""
        return f"{DIRECTORY}/{quote(self._renamed.get(file.id, file.path))}"


def _harmless_path(path: str) -> str:
    """Return a path that ends in the extension of a type that no browser opens as a page."""
    _, dot, extension = safe_name(path.rpartition("/")[2]).rpartition(".")
    return path if dot and extension.lower() in _HARMLESS else path + NEUTRAL_SUFFIX
