"""Tests with canaries in every text of an archive: none reaches an output unless requested."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

import hcfmt.cli.progress
from hcfmt.report.formats import FORMATS
from tests.support.canary import CANARY, DEFECTS, FIELDS, Steps, documents, full, planted
from tests.support.command import PASSWORD, archive, run
from tests.support.recipes import cook
from tests.support.report_checks import commands, foreign_commands
from tests.support.report_shapes import SHAPES

SHOWN = ("--show-values",)
SYNTAX_OF = {"junit": ("<script", "]]>"), "markdown": ("<script",), "html": ("<script>alert",)}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("defect", DEFECTS)
def test_the_canary_is_in_no_output(tmp_path: Path, defect: str, name: str) -> None:
    limits = [f"--max-{limit}={value}" for limit, value in cook(DEFECTS[defect]).limits.items()]
    path = archive(tmp_path, DEFECTS[defect])
    result = run("validate", path, "--password", PASSWORD, "--format", name, "--fail-on", "info", *limits)
    assert result.exit in {1, 3} or defect == "a sound file"
    assert CANARY.lower() not in (result.out + result.err).lower()


@pytest.mark.parametrize(("path", "steps"), FIELDS, ids=str)
def test_the_canary_in_any_field_is_in_no_output(tmp_path: Path, path: str, steps: Steps) -> None:
    recipe = f"layers tar\n{path} = {json.dumps(planted(documents()[path], steps, CANARY))}"
    result = run("validate", archive(tmp_path, recipe), "--format", "jsonl", "--fail-on", "info")
    assert result.exit in {0, 1}
    assert CANARY not in result.out + result.err


@pytest.mark.parametrize("defect", DEFECTS)
def test_shown_values_hold_no_control_characters(tmp_path: Path, defect: str) -> None:
    path = archive(tmp_path, DEFECTS[defect])
    for name in FORMATS:
        result = run("validate", path, "--password", PASSWORD, "--format", name, *SHOWN)
        assert (result.out + result.err).replace("\n", "").isprintable()


@pytest.mark.parametrize("defect", ["every text", "an unexpected file", "a property"])
def test_the_canary_is_shown_on_request(tmp_path: Path, defect: str) -> None:
    path = archive(tmp_path, DEFECTS[defect])
    for name in FORMATS:
        assert CANARY in run("validate", path, "--password", PASSWORD, "--format", name, *SHOWN).out


def test_the_progress_bar_hides_names_and_escapes_shown_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hcfmt.cli.progress, "DELAY", 0)
    path = archive(tmp_path, rf"prefix {CANARY}\x1b[2J/")
    terminal = frozenset({"stderr"})
    hidden = run("validate", path, "--password", PASSWORD, terminals=terminal)
    assert CANARY not in hidden.err
    result = run("validate", path, "--password", PASSWORD, *SHOWN, terminals=terminal)
    assert "\x1b[2J" not in result.err


SYNTAX = f"{CANARY}\x1b[31m\r\n::error::x\n##[error]x<script>alert(1)</script>]]>`a`|b|\u202e\0[a](http://b.c)$d$ %0A"
"""A text that is syntax in some format."""


def hostile_recipe() -> str:
    """Return the recipe of an archive with the hostile text in every text, and as the name of a member."""
    name = "".join(rf"\x{byte:02x}" for byte in SYNTAX.replace("\0", "").encode())
    return f"{full(SYNTAX)}\n{name} = x".replace("#", r"\u0023")


@pytest.mark.parametrize("shown", [(), SHOWN], ids=["hidden", "shown"])
@pytest.mark.parametrize("name", FORMATS)
def test_no_syntax_in_any_text_of_an_archive_gets_through(tmp_path: Path, name: str, shown: Sequence[str]) -> None:
    options = ("--password", PASSWORD, "--format", name, "--fail-on", "info", *shown)
    result = run("validate", archive(tmp_path, hostile_recipe()), *options)
    assert result.exit == 1
    assert (CANARY in result.out) == bool(shown)
    assert CANARY not in result.err or shown
    assert (result.out + result.err).replace("\n", "").isprintable()
    assert foreign_commands(name, result.out) == commands(result.err) == []
    if name in SHAPES:
        assert SHAPES[name](result.out)
    unescaped = result.out.replace(r"\<", "")  # as Markdown escapes it
    assert not any(syntax in unescaped for syntax in SYNTAX_OF.get(name, ()))


HEARD = (
    "::error::x",
    "##vso[task.x]",
    "##[error]x",
    "##teamcity[x]",
    "\n::error::x",
    "\r::error::x",
    "\u2028::error::x",
)


@pytest.mark.parametrize("hostile", HEARD)
@pytest.mark.parametrize(
    "args",
    [
        ("validate", "{}"),
        ("stats", "{}"),
        ("decrypt", "{}.aes"),
        ("break", "{}", "--rule", "HC401", "-o", "x.tar"),
        ("break", "x", "--rule", "{}", "-o", "x.tar"),
        ("generate", "-o", "x/{}.tar"),
        ("generate", "-o", "x", "--locale", "{}"),
        ("corpus", "missing/{}"),
        ("rule", "{}"),
        ("schema", "{}"),
        ("serve", "{}"),
        ("serve", "x", "--host", "{}"),
        ("serve", "x", "--rate-limit", "{}"),
        ("validate", "--{}"),
        ("validate", "x", "--jobs", "{}"),
        ("validate", "x", "--format", "{}"),
        ("rules", "{}"),
        ("{}",),
        ("--{}",),
    ],
    ids=" ".join,
)
def test_no_argument_becomes_a_command_to_a_ci_runner(args: tuple[str, ...], hostile: str) -> None:
    result = run(*(arg.replace("{}", hostile) for arg in args))
    assert result.exit == 2
    assert result.out + result.err
    assert commands(result.out + result.err) == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("hostile", HEARD)
def test_no_member_and_no_input_becomes_a_command_to_a_ci_runner(
    tmp_path: Path, hostile: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    escaped = hostile.encode("unicode_escape").decode().replace("#", "\\x23")  # a comment begins with a number sign
    archive(tmp_path, f"layers tar\n{escaped} = x").rename(hostile)
    result = run("validate", hostile, hostile, "--format", name, *SHOWN)
    assert result.exit in {0, 1}
    assert re.search(r"error|task|teamcity", result.out)  # it is shown
    assert foreign_commands(name, result.out) == commands(result.err) == []
