"""Renders the files of ``generated/``: the index of rules, the catalogue, the references, the sample's page."""

import hashlib
import inspect
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer.main

from hcfmt.check.catalogue import RULES
from hcfmt.cli.app import app
from hcfmt.cli.catalogue import catalogue
from hcfmt.cli.commands import load_commands
from hcfmt.profiles.loading import builtin_names, profile, profile_sources
from hcfmt.profiles.pages import profile_page
from hcfmt.report.pages import escaped
from tests.support import recipes
from tests.support.json_reference import json_reference
from tests.support.python_reference import python_reference
from tests.support.scenario_table import scenario_page

GENERATED = Path(__file__).parents[2] / "generated"
SAMPLE = GENERATED / "samples" / "documented.tar.gz.aes"
IMPORTER_TABLE = GENERATED / "importers" / "README.md"  # of test_importer_table.py
PAGES = "../../hcfmt/check/pages"
CORPUS = GENERATED / "samples" / "corpus"
CASES = (
    "valid/no-attachments.tar.gz.aes",
    "valid/only-notifications.tar.gz.aes",
    "warning/hc303-undocumented-property.tar.gz.aes",
    "warning/hc432-archived-state-disagrees.tar.gz.aes",
    "warning/hc710-odd-canonical-name.tar.gz.aes",
    "invalid/hc005-not-an-archive.tar.gz.aes",
    "invalid/hc006-gzip-corrupt.tar.gz.aes",
    "invalid/hc104-missing-file.tar.gz.aes",
    "invalid/hc401-unknown-sender.tar.gz.aes",
    "hostile/climbing-name.tar.gz.aes",
    "hostile/empty-file.tar.gz.aes",
    "hostile/tar-cut-in-a-header.tar.gz.aes",
)
"""The committed part of the suite for importers: small cases of every folder."""
SUITE_FILES = ("README.md", "cases.tsv", "manifest.json", "run.sh")

_NOT_EDITED = "<!-- Generated; `pytest tests/generated --rewrite` writes it again. -->"


def rendered() -> dict[str, str]:
    """Return the text of every generated file by its path below ``generated/``."""
    return {
        "rules/README.md": rule_index(),
        "rules.json": f"{json.dumps(catalogue(), indent=2)}\n",
        "cli.md": command_reference(),
        "python.md": python_page(),
        "json-report.md": json_page(),
        **{f"importers/{name}.md": importer_page(name) for name in builtin_names()},
        "samples/README.md": sample_page(),
        "scenarios.md": scenario_page(),
    }


def importer_page(name: str) -> str:
    (source,) = profile_sources([name])
    return f"{_NOT_EDITED}\n\n{profile_page(profile(source))}"


def _text(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _first_paragraph(page: str) -> str:
    """Return the first paragraph below a page's title as one line of Markdown."""
    return " ".join(page.split("\n\n")[1].split())


def rule_index() -> str:
    rows = (
        (
            f"[{rule.code}]({PAGES}/{rule.code}.md)",
            rule.name,
            rule.severity,
            rule.remedy.safety,
            _first_paragraph(rule.page),
        )
        for rule in RULES.values()
    )
    return _text(
        _NOT_EDITED,
        "",
        "# Rules",
        "",
        "`hcfmt rule CODE` shows the same pages.",
        "",
        *_table(("code", "name", "severity", "fix", "means"), rows),
        "",
        "## The evidence",
        "",
        "Each page ends with links to the facts that the rule stands on. [docs/format.md](../../docs/format.md) holds",
        "them with their public sources.",
        "",
        "## The examples",
        "",
        "The documented sample is the export that the format's documentation describes, as small as it can be: two",
        "users, one room, every kind of message. A recipe says how to change it;",
        "[docs/recipes.md](../../docs/recipes.md) describes the language.",
    )


def python_page() -> str:
    return _text(
        _NOT_EDITED,
        "",
        "# Python",
        "",
        "These are the public names of `hcfmt`, with their signatures and docstrings. The README begins with",
        "[an example](../README.md#use-it-from-python). The pytest plugin is explained in",
        "[Test an importer](../docs/importer-tests.md).",
        "",
        *list(python_reference())[:-1],
    )


def json_page() -> str:
    return _text(
        _NOT_EDITED,
        "",
        "# The JSON report",
        "",
        "`hcfmt validate --format json` prints one document; in Python `Report.to_dict()` returns it for one input.",
        "This page is made from its [JSON Schema](../schemas/report/report.json), which holds for every report of the",
        "tests.",
        "A change that breaks readers raises `format_version`. `--format jsonl` has the same objects,",
        "[one a line](../schemas/report/line.json).",
        "",
        *list(json_reference())[:-1],
    )


def command_reference() -> str:
    load_commands()
    group: Any = typer.main.get_command(app)
    lines = [line for name, command in _commands("hcfmt", group) for line in _command(name, command)]
    return _text(_NOT_EDITED, "", "# Commands", "", *lines[:-1])


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - as below
    """Yield a command and the commands below it, each with its whole name."""
    yield name, command
    for below in command.list_commands(None) if hasattr(command, "commands") else ():
        yield from _commands(f"{name} {below}", command.commands[below])


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - click's classes, which typer keeps to itself
    parameters = [parameter for parameter in command.params if not parameter.hidden]
    arguments = [parameter for parameter in parameters if parameter.param_type_name == "argument"]
    options = [parameter for parameter in parameters if parameter.param_type_name == "option"]
    metavars = [argument.metavar if argument.required else f"[{argument.metavar}]" for argument in arguments]
    metavars += ["COMMAND"] if hasattr(command, "commands") else []
    yield from (f"## {name}", "", "```text", " ".join([name, "[OPTIONS]", *metavars]), "```", "")
    for paragraph in inspect.cleandoc(command.help).split("\n\n"):
        title, *lines = paragraph.split("\n")
        examples = lines if title.endswith(":") else []
        yield escaped(title if examples else " ".join([title, *lines]))
        yield from ("", "```sh", *(example.strip() for example in examples), "```") if examples else ()
        yield ""
    rows = ((f"`{argument.metavar}`", escaped(argument.help)) for argument in arguments)
    yield from [*_table(("argument", "meaning"), rows), ""] if arguments else []
    panels = dict.fromkeys(option.rich_help_panel or "Options" for option in options)
    for panel in panels:
        entries = (_option(option) for option in options if (option.rich_help_panel or "Options") == panel)
        yield from (f"{escaped(panel)}:", "", *_table(("option", "meaning", "default"), entries), "")
    yield from [escaped(command.epilog), ""] if command.epilog else []


def _option(option: Any) -> Sequence[str]:  # noqa: ANN401 - one of click's classes, which typer keeps to itself
    names = ", ".join(f"`{name} {option.metavar}`" if option.metavar else f"`{name}`" for name in option.opts)
    default = option.show_default if isinstance(option.show_default, str) else option.default
    return names, escaped(option.help), "" if default in {None, False} else escaped(str(default))


def sample_page() -> str:
    data = SAMPLE.read_bytes()
    return _text(
        _NOT_EDITED,
        "",
        "# The documented sample",
        "",
        f"`{SAMPLE.name}` is the export that the format's documentation describes, completed: two users, one room,",
        "every kind of message, images of the documented sizes. hcfmt finds nothing wrong with it.",
        f"The password is `{recipes.PASSWORD}`.",
        "",
        "It was packed without hcfmt, from a directory of the documented tree:",
        "",
        "```sh",
        "tar -C documented --sort=name --mtime=2018-12-10T00:00:00Z --owner=0 --group=0 --numeric-owner \\",
        "    -cf - $(cd documented && ls) | gzip -n9 > documented.tar.gz",
        f"openssl enc -aes-256-cbc -md md5 -k {recipes.PASSWORD} -in documented.tar.gz -out {SAMPLE.name}",
        "```",
        "",
        f"{len(data):,} bytes, SHA-256 `{hashlib.sha256(data).hexdigest()}`.",
        "",
        "## A part of the suite",
        "",
        "`corpus/` is a small part of the suite that `hcfmt corpus` writes: archives to test any importer of HipChat's",
        "exports with, and the expected result of each. [Its README](corpus/README.md) says how. The command was",
        "",
        "```sh",
        "hcfmt corpus corpus \\",
        *(f"    --only '{case}' \\" for case in CASES[:-1]),
        f"    --only '{CASES[-1]}'",
        "```",
    )
