"""Renders the Markdown of rule pages as text for terminals, and plain text as Markdown."""

import re
import textwrap
from collections.abc import Iterator

from hcfmt.report.text_style import TextStyle

_WIDEST = 100  # characters of a line of prose; longer ones are hard to read
_NARROWEST = 40
_BLOCK = re.compile(r"```\w*\n(?P<code>.*?)\n```|#+ (?P<title>[^\n]+)|(?P<prose>(?:[^\n]+\n?)+)", re.DOTALL)
_ITEM = re.compile(r"^- ", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\((?:\.\./)*([^)]+)\)")
_CODE = re.compile(r"(``.+?``)")
# What Markdown would take for its own; an underscore inside a word it leaves alone.
_SPECIAL = re.compile(r"[\\*<>|\[\]]|(?<!\w)_|_(?!\w)")


def page_text(page: str, style: TextStyle) -> Iterator[str]:
    """Yield the lines of a Markdown page for a terminal: prose wrapped to its width, examples indented as they are.

    Of Markdown it knows titles, paragraphs, lists, fenced examples and links. The page's own title is left out.
    """
    width = min(max(style.width, _NARROWEST), _WIDEST)
    _, _, body = page.partition("\n\n")
    below_title = True  # no empty line there
    for block in _BLOCK.finditer(body):
        yield from () if below_title else ("",)
        below_title = block["title"] is not None
        if block["title"] is not None:
            yield style.strong(f"{block['title']}:")
        elif block["code"] is not None:
            yield from textwrap.indent(block["code"], "    ").split("\n")
        else:
            yield from _prose(block["prose"], width)


def page_markdown(page: str) -> str:
    """Return a page as Markdown for a place that its links do not lead from: their targets follow them as text."""
    return _LINK.sub(r"\1 (\2)", page)


def _prose(text: str, width: int) -> Iterator[str]:
    """Yield the wrapped lines of a paragraph or of the items of a list."""
    marker = "- " if _ITEM.match(text) else ""
    for item in filter(None, _ITEM.split(text)):
        text = _LINK.sub(r"\1 (\2)", " ".join(item.split()))
        yield from textwrap.wrap(f"{marker}{text}", width, subsequent_indent=" " * len(marker), break_on_hyphens=False)


def escaped(text: str) -> str:
    """Return plain text as Markdown that looks the same; text in double backticks is code in both."""
    parts = _CODE.split(text)
    return "".join(part if number % 2 else _SPECIAL.sub(r"\\\g<0>", part) for number, part in enumerate(parts))
