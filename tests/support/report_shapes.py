"""What a reader of each output format sees but for the texts: no text of an archive may change it."""

import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt

_COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>(?:[a-z]+=[^:,]*,?)+)::(?P<data>.*)")


def workflow_commands(output: str) -> list[tuple[str, Mapping[str, str], str]]:
    """Return kind, properties and data of each command, as GitHub's runner reads them; every line must be one."""
    found: list[tuple[str, Mapping[str, str], str]] = []
    for line in output.splitlines():
        match = _COMMAND.fullmatch(line)
        assert match, f"{line!r} is no command of hcfmt"
        properties = dict(pair.split("=", 1) for pair in match["properties"].split(","))
        found.append(
            (match["kind"], {name: _decoded(value) for name, value in properties.items()}, _decoded(match["data"]))
        )
    return found


def _decoded(text: str) -> str:
    return re.sub("%(25|0D|0A|3A|2C)", lambda match: chr(int(match[1], 16)), text)


def _of_json(value: object) -> object:
    match value:
        case dict():
            return [_of_json(item) for item in value.values()]
        case list():
            return [_of_json(item) for item in value]
    return type(value)


def _of_xml(element: ET.Element) -> object:
    return element.tag, list(element.attrib), [_of_xml(child) for child in element]


def _of_markdown(output: str) -> object:
    """Return the tokens of GitHub's Markdown, without the texts: HTML, links and pictures would be tokens too.

    GitHub makes links of addresses as well, and formulas of what is between dollars.
    """
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(output)
    prose = re.sub(r"(?<!\\)`[^`]*`", "", output)
    assert not re.search(r"\w://|www\.|(?<!\\)\$", prose)
    return [(token.type, [child.type for child in token.children or ()]) for token in tokens]


class _Elements(HTMLParser):
    """Collects the elements of a page with the names of their attributes, comments, and the ends of elements."""

    def __init__(self) -> None:
        super().__init__()
        self.shape: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "wbr":  # behind each slash of a place
            self.shape.append((tag, [name for name, _ in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(tag)

    def handle_comment(self, _: str) -> None:
        self.shape.append("comment")


def _of_html(output: str) -> object:
    page = _Elements()
    page.feed(output)
    page.close()
    return page.shape


SHAPES: Mapping[str, Callable[[str], object]] = {
    "json": lambda output: _of_json(json.loads(output)),
    "jsonl": lambda output: [_of_json(json.loads(line)) for line in output.splitlines()],
    "sarif": lambda output: _of_json(json.loads(output)),
    "github": lambda output: [(kind, list(properties)) for kind, properties, _ in workflow_commands(output)],
    "gitlab": lambda output: _of_json(json.loads(output)),
    "junit": lambda output: _of_xml(ET.fromstring(output)),  # noqa: S314 - our own report
    "markdown": _of_markdown,
    "html": _of_html,
}
"""Functions that return the shape of a report, by its format."""
