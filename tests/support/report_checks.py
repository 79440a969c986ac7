"""Assertions about reports: they conform to their schema, are harmless, and hold no command to a CI runner."""

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = [Path(__file__).parents[2] / "schemas" / name for name in ("report", "config")]


def conforms(schema: str, value: object) -> None:
    """Raise ValidationError for what the published schema refuses."""
    files = [path for directory in SCHEMAS for path in directory.glob("*.json")]
    contents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in files}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(content)) for name, content in contents.items()
    )
    Draft202012Validator({"$ref": schema}, registry=registry).validate(value)


def harmless(text: str) -> bool:
    """Return whether a text is printable but for its line ends; raise UnicodeEncodeError for a lone surrogate."""
    text.encode()  # no lone surrogate
    return all(character.isprintable() for character in text.replace("\n", ""))


COMMANDS = ("::error::x", "::stop-commands::x", "::", ":", "##vso[task.x]", "##[x]", "##teamcity[x]", "#", "[")
BREAKS = (
    "\n",
    "\r",
    "\r\n",
    "\v",
    "\f",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\x1b[1G",
    "\b",
    " ",
    "\t",
    "\xa0",
    "x" * 90,
)
COMMANDING = st.lists(st.sampled_from(COMMANDS + BREAKS), min_size=1, max_size=6).map("".join)
"""Texts that a CI runner would take for commands: alone, after any line break, and where wrapping breaks lines."""


_OWN = re.compile(r"^::(error|warning|notice) [^:\n]*::", re.MULTILINE)


def foreign_commands(name: str, output: str) -> list[str]:
    """Return the lines of a report that a CI runner takes for commands, besides those that its format has."""
    return commands(_OWN.sub("", output) if name == "github" else output)


def commands(text: str) -> list[str]:
    """Return the lines that a CI runner takes for commands; some runners find theirs anywhere in a line."""
    lines = re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", re.sub(r"\x1b\[[0-9;]*m", "", text))
    return [line for line in lines if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)]
