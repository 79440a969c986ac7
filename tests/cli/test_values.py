"""Tests with canaries in every text of an archive: none reaches an output unless requested."""

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import hcfmt.cli.progress
from hcfmt.container import open_archive
from hcfmt.report import FORMATS
from tests.cli import PASSWORD, SAMPLE, archive, run
from tests.recipes import cook
from tests.report.test_formats import commands

CANARY = "Zaphod-Beeblebrox"
SHOWN = ("--show-values",)

Steps = tuple[str | int, ...]


@cache
def documents() -> dict[str, Any]:
    """Return the sample's JSON files, decoded."""
    with open_archive(str(SAMPLE), password=PASSWORD.encode) as opened:
        contents = {member.path: b"".join(member.chunks) for member in opened.members()}
    return {path: json.loads(text) for path, text in contents.items() if path.endswith(".json")}


def leaves(value: Any, steps: Steps = ()) -> Iterator[Steps]:  # noqa: ANN401 - any JSON value
    """Yield the path of every text in a JSON value, also of those in JSON that stands in a text."""
    if isinstance(value, str):
        yield steps
        if value[:1] in {"{", "["}:
            yield from leaves(json.loads(value), (*steps, "(decoded)"))
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from leaves(inner, (*steps, key))
    for index, inner in enumerate(value) if isinstance(value, list) else ():
        yield from leaves(inner, (*steps, index))


def planted(value: Any, steps: Steps, text: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with another one at a path."""
    if not steps:
        return text
    first, *rest = steps
    if first == "(decoded)":
        return json.dumps(planted(json.loads(value), tuple(rest), text))
    made = copy.copy(value)
    made[first] = planted(value[first], tuple(rest), text)
    return made


FIELDS = [(path, steps) for path, document in documents().items() for steps in leaves(document)]


def full() -> str:
    """Return the recipe of the sample with the canary in every text of every file."""
    made = dict(documents())
    for path, steps in FIELDS:
        if "(decoded)" not in steps:
            made[path] = planted(made[path], steps, CANARY)
    return "\n".join(f"{path} = {json.dumps(document)}" for path, document in made.items())


DEFECTS = {
    "every text": full(),
    "a text in place of an array": f"users.json#/0/User/roles = {json.dumps(CANARY)}",
    "an array in place of a text": f"users.json#/0/User/name = {json.dumps([CANARY])}",
    "an object in place of a text": f"rooms.json#/0/Room/topic = {json.dumps({CANARY: CANARY})}",
    "a property": f"rooms.json#/0/Room/{CANARY} = {json.dumps(CANARY)}",
    "a record kind": f'rooms/1/history.json#/0 = {{"{CANARY}": {{"{CANARY}": "{CANARY}"}}}}',
    "two record kinds": f'users.json#/0/{CANARY} = {{"{CANARY}": "{CANARY}"}}',
    "a member": f'rooms.json#/0/Room/members = [{{"name": "{CANARY}"}}]',
    "no JSON": f'users.json = [{{"{CANARY}": {CANARY}}}]',
    "text after the end": f"users.json = [] {CANARY}",
    "cut short": f'users.json = [{{"User": {{"name": "{CANARY}',
    "a key twice": f'users.json = [{{"{CANARY}": 1, "{CANARY}": 2}}]',
    "no UTF-8": rf'rooms.json = ["{CANARY}\xff{CANARY}", {{"{CANARY}\xff": 1}}]',
    "unstorable text": rf'users.json#/0/User/name = "{CANARY}\u0000\ud800"',
    "an unstorable name": rf'users.json = [{{"{CANARY}\u0000": "\ud800{CANARY}"}}]',
    "a byte order mark": rf'users.json = \xef\xbb\xbf["{CANARY}"]',
    "no number": f'users.json = [{{"{CANARY}": NaN, "{CANARY}2": 123456789012345678901234567890}}]',
    "an unexpected file": f"{CANARY}/{CANARY}.{CANARY} = x",
    "a sound file": f"rooms/1/files/{CANARY}/{CANARY}.pdf = {CANARY}",
    "a path that leads out": f"../{CANARY} = x",
    "an absolute path": f"/{CANARY}/{CANARY} = x",
    "a link": f"{CANARY} -> /{CANARY}",
    "a member twice": f"{CANARY} = x\n{CANARY} += y",
    "two names in one case": f"{CANARY}.txt = x\n{CANARY.upper()}.txt = y",
    "a reserved name": f"{CANARY}/aux.txt = x\n{CANARY}: = y",
    "a name that is no UTF-8": rf"{CANARY}\xff = x",
    "a name with controls": rf"{CANARY}\x1b[2J\x0a = x",
    "a directory before all": f"prefix {CANARY}/",
    "an incomplete directory before all": f"users.json -\nprefix {CANARY}/",
    "a limit": f"{CANARY} = x\noption --max-names 300",
    "a gzip stream that is cut": f"rename emoticons.json {CANARY}.json\ngzip cut 20000",
    "a tar that is cut": f"rename emoticons.json {CANARY}.json\ntar cut 30000",
    "a tar that is damaged": f"rename autojoins.json {CANARY}.json\ntar flip 2048",
}


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
    shown = run("validate", path, "--password", PASSWORD, *SHOWN, terminals=terminal)
    assert "\x1b[2J" not in shown.err


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
    assert result.err
    assert commands(result.out + result.err) == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("hostile", HEARD)
def test_no_member_and_no_input_becomes_a_command_to_a_ci_runner(
    tmp_path: Path, hostile: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    archive(tmp_path, f"layers tar\n{hostile.encode('unicode_escape').decode()} = x").rename(hostile)
    result = run("validate", hostile, hostile, "--format", name, *SHOWN)
    assert result.exit in {0, 1}
    assert re.search(r"error|task|teamcity", result.out)  # it is shown
    assert commands(result.out + result.err) == []
