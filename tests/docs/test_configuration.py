"""The page on choices: its settings, examples and lists are those of the code."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from hcfmt.check.catalogue import RULES
from hcfmt.check.configuration import KEYS, parse_settings
from tests.support.command import ROOT, run

PAGE = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


def test_the_table_has_every_setting() -> None:
    assert sorted(re.findall(r"^\| `--[a-z-]+` \| `([a-z-]+)` \|", PAGE, re.MULTILINE)) == sorted(KEYS)


@pytest.mark.parametrize("text", blocks("toml"))
def test_the_examples_of_configuration_are_accepted(text: str) -> None:
    document = tomllib.loads(text)
    parse_settings(document["tool"]["hcfmt"] if "tool" in document else document)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_are_understood(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    program, *args = shlex.split(command)
    assert program == "hcfmt"
    assert run(*args, "--show-settings").exit == 0


def test_the_rules_that_always_count_are_listed() -> None:
    listed = re.search(r"always count: (.*?)\.", PAGE, re.DOTALL)
    assert listed
    codes = set()
    for part in " ".join(listed[1].split()).split(", "):
        first, _, last = part.partition(" to ")
        codes |= {code for code in RULES if first <= code <= (last or first)}
    assert codes == {code for code in RULES if RULES[code].always_counts}
