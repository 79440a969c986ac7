"""Pages of rules as HTML, and what they say is to be done."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from urllib.parse import urljoin

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from msgspec import Struct

_PAGES = "https://github.com/hcfmt/hcfmt/blob/main/hcfmt/check/pages/"
_PAGE = re.compile(r"(\w+)\.md")
_BEFORE, _AFTER = "While the old server is running:", "Afterwards:"
_LEVEL = 2  # by which the headings of a page are lower in a report
_TO_DO = "What to do"
_SAME = "the same"
_NOTHING = ("nothing.", "nothing;", "nothing has to")


class Advice(Struct, frozen=True):
    """What a rule's page says is to be done: while the old server is running, and afterwards; "" for nothing."""

    before: Markup
    after: Markup


@cache
def page_html(page: str, here: AbstractSet[str] = frozenset()) -> Markup:
    """Return a page without its title; its links lead to the documentation on the web.

    ``here`` are the codes of the rules whose pages are in the report; links to them stay in it.
    """
    tokens = _parsed(page, here)
    body = next((at + 1 for at, token in enumerate(tokens) if token.type == "heading_close"), 0)
    return _html(tokens[body:])


@cache
def advice(page: str) -> Advice:
    """Return what a page says is to be done, from the list below "What to do"; nothing for a page without one."""
    _, _, section = page.partition(f"## {_TO_DO}\n")
    items = {_BEFORE: "", _AFTER: ""}
    for token in _parsed(section):
        for begin in items:
            if token.type == "inline" and token.content.startswith(begin):
                items[begin] = token.content.removeprefix(begin).strip()
    before, after = items.values()
    if after.startswith(_SAME):  # as the item before it, which is elsewhere on the page
        after = f"{before} {after.removeprefix(f'{_SAME}.').strip()}"
    return Advice(_inline(before), _inline(after))


def _parsed(markdown: str, here: AbstractSet[str] = frozenset()) -> Sequence[Token]:
    tokens = _reader().parse(markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{int(token.tag[1:]) + _LEVEL}"
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("href", _target(str(inner.attrGet("href")), here))
    return tokens


def _target(link: str, here: AbstractSet[str]) -> str:
    match = _PAGE.fullmatch(link)
    return f"#rule-{match[1]}" if match and match[1] in here else urljoin(_PAGES, link)


def _inline(markdown: str) -> Markup:
    """Return one paragraph, its first letter large; "" for one that says that there is nothing to do."""
    if markdown.startswith(_NOTHING):
        return Markup()
    return Markup(_reader().renderInline(markdown[:1].upper() + markdown[1:]))  # noqa: S704 - it escapes texts


def _html(tokens: Sequence[Token]) -> Markup:
    reader = _reader()
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - it escapes texts


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
