"""A rule's page, which is plain text with indented examples, for terminals and as Markdown."""

import re
import textwrap
from collections.abc import Iterator

from hcfmt.report.text_style import TextStyle

_WIDEST = 100  # characters of a line of prose; longer ones are hard to read
_NARROWEST = 40
_TITLE = re.compile(r"[A-Z][a-z]+(?: [a-z]+){0,2}:")
_CODE = re.compile(r"(``.+?``)")
# What Markdown would take for its own; an underscore inside a word it leaves alone.
_SPECIAL = re.compile(r"[\\*<>|\[\]]|(?<!\w)_|_(?!\w)")


def page_text(page: str, style: TextStyle) -> Iterator[str]:
    """Yield the lines of a page for people at a terminal: prose wrapped to its width, examples as they stand."""
    width = min(max(style.width, _NARROWEST), _WIDEST)
    for number, paragraph in enumerate(page.split("\n\n")):
        yield from [""] if number else []
        if paragraph.startswith(" "):
            yield from paragraph.split("\n")
            continue
        first, *rest = textwrap.wrap(paragraph.replace("::", ":"), width, break_on_hyphens=False)
        title = _TITLE.match(first)
        yield f"{style.strong(title.group())}{first[title.end() :]}" if title else first
        yield from rest


def page_markdown(page: str) -> Iterator[str]:
    """Yield the lines of a page as Markdown: titles are bold, examples are fenced."""
    for number, paragraph in enumerate(page.split("\n\n")):
        yield from [""] if number else []
        if paragraph.startswith(" "):
            yield from ("```text", *textwrap.dedent(paragraph).split("\n"), "```")
            continue
        title = _TITLE.match(paragraph)
        rest = paragraph[title.end() :] if title else paragraph
        if rest == ":":
            yield f"**{paragraph.removesuffix('::')}**"
            continue
        prose = escaped(re.sub("::$", ":", rest))
        yield from f"{f'**{title.group()}**' if title else ''}{prose}".split("\n")


def escaped(text: str) -> str:
    """Return plain text as Markdown that shows just that; what stands in double backquotes is code in both."""
    parts = _CODE.split(text)
    return "".join(part if number % 2 else _SPECIAL.sub(r"\\\g<0>", part) for number, part in enumerate(parts))
