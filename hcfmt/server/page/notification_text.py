"""The HTML of notifications as parts of text: a page shows the parts, and never gives the HTML to a browser.

A part is a text, or an object: ``{"text": "...", "bold": True, "link": "https://..."}``, ``{"break": True}``, or
``{"image": "files/...", "text": "..."}`` for a picture of the archive. Tags that are not in the tables below are left
out, and their contents stay.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

from hcfmt.server.page.bounded_values import NAME, link_of

Part = str | dict[str, Any]
FindImage = Callable[[str], str | None]

_MARKS = {
    "b": "bold",
    "strong": "bold",
    "th": "bold",
    **{f"h{level}": "bold" for level in range(1, 7)},
    "i": "italic",
    "em": "italic",
    "code": "code",
    "pre": "pre",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "u": "underline",
}
# Tags on lines of their own.
_LINES = frozenset({"blockquote", "div", "dd", "dl", "dt", "li", "ol", "p", "pre", "table", "tr", "ul"})
_LINES |= {f"h{level}" for level in range(1, 7)}
_BEFORE = {"li": "\u2022 ", "td": " ", "th": " "}  # texts that stand for a tag
# No part of a tag can hold "<" or ">", so that the time is linear in the length, whatever the text.
_TAG = re.compile(r"<(?:(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>[^<>]*)|[!?][^<>]*)>")
_ATTRIBUTE = re.compile(r"""([A-Za-z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_SPACE = re.compile(r"[ \t\n\r\f]+")


def parts_of_html(html: str, find_image: FindImage) -> list[Part]:
    """Return the parts of a notification's HTML; ``find_image`` returns the URL of a picture that the archive holds."""
    return _Reader(find_image).read(html)


class _Reader:
    """Reads one text: marks and links that are open, and the parts so far."""

    def __init__(self, find_image: FindImage) -> None:
        self._find_image = find_image
        self._open: dict[str, int] = {}  # marks by the number of their open tags
        self._links: list[str | None] = []
        self._parts: list[Part] = []

    def read(self, html: str) -> list[Part]:
        at = 0
        for tag in _TAG.finditer(html):
            self._add_text(html[at : tag.start()])
            at = tag.end()
            if tag["name"]:
                self._read_tag(tag["name"].lower(), tag["attributes"], is_end=bool(tag["end"]))
        self._add_text(html[at:])
        return list(_without_outer_breaks(self._parts))

    def _read_tag(self, name: str, attributes: str, *, is_end: bool) -> None:
        if name == "br":
            self._parts.append({"break": True})
        elif name == "img":
            self._add_image(_attributes(attributes))
        elif name == "a" and is_end:
            del self._links[-1:]
        elif name == "a":
            self._links.append(link_of(_attributes(attributes).get("href", "")))
        if name in _LINES:
            self._begin_line()
        if mark := _MARKS.get(name):
            self._open[mark] = max(0, self._open.get(mark, 0) + (-1 if is_end else 1))
        if not is_end and name in _BEFORE:
            self._add(_BEFORE[name])

    def _begin_line(self) -> None:
        if self._parts and self._parts[-1] != {"break": True}:
            self._parts.append({"break": True})

    def _add_image(self, attributes: dict[str, str]) -> None:
        source, text = attributes.get("src", ""), attributes.get("alt", "")[:NAME]
        if url := self._find_image(source):
            self._parts.append({"image": url, "text": text})
        elif link := link_of(source):
            self._parts.append({"text": text or link.rpartition("/")[2] or link, "link": link})
        elif text:
            self._add(text)

    def _add_text(self, html: str) -> None:
        text = _unescaped(html)
        self._add(text if self._open.get("pre") else _SPACE.sub(" ", text))

    def _add(self, text: str) -> None:
        """Add a text with the marks that are open; one without any joins the text before it."""
        if self._is_after_space() and not self._open.get("pre"):
            text = text.removeprefix(" ")
        if not text:
            return
        marks: dict[str, Any] = {mark: True for mark, count in self._open.items() if count}
        if self._links and self._links[-1]:
            marks["link"] = self._links[-1]
        if marks:
            self._parts.append({"text": text, **marks})
        elif self._parts and isinstance(self._parts[-1], str):
            self._parts[-1] += text
        else:
            self._parts.append(text)

    def _is_after_space(self) -> bool:
        """Whether a blank is not visible here: at the beginning of a line, and after another blank."""
        last = self._parts[-1] if self._parts else {"break": True}
        text = last if isinstance(last, str) else last.get("text", " ")
        return str(text).endswith(" ")


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case."""
    return {
        match[1].lower(): _unescaped(match[2] or match[3] or match[4] or "").strip()
        for match in _ATTRIBUTE.finditer(text)
    }


def _unescaped(html: str) -> str:
    """Return a text with its character references replaced; as it is, if one has more digits than Python reads."""
    try:
        return unescape(html)
    except ValueError:
        return html


def _without_outer_breaks(parts: list[Part]) -> Iterator[Part]:
    """Yield parts without the line breaks at both ends."""
    shown = [at for at, part in enumerate(parts) if part != {"break": True}]
    yield from parts[shown[0] : shown[-1] + 1] if shown else ()
