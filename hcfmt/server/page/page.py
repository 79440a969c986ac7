"""The page of a server: what it shows besides the store, and the files of its front end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

from hcfmt.server.page.findings import Findings, not_checked

INDEX = "index.html"
"""The file of the front end that is the page; the others are below page/."""

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def _unknown_archive() -> Findings:
    return not_checked("The server was started with a store alone.")


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows besides the store: the name of the archive, and the findings of its validation.

    ``findings`` is called once for each request of them, in any thread. A page that ``is_alone`` is all that the server
    serves: neither the API nor its documentation.
    """

    name: str = ""
    findings: Callable[[], Findings] = _unknown_archive
    is_alone: bool = False


@cache
def front_end() -> Mapping[str, tuple[bytes, str]]:
    """Return the files of the front end by name: bytes and media type."""
    directory = files("hcfmt.server.page").joinpath("front_end")
    return {
        file.name: (file.read_bytes(), f"{_TYPES[suffix]}; charset=utf-8")
        for file in directory.iterdir()
        if (suffix := PurePosixPath(file.name).suffix) in _TYPES
    }
