"""The modules that a run of the command may import: each takes time in every run."""

import subprocess
import sys

import pytest

from hcfmt.report.formats import FORMATS
from tests.support.command import PASSWORD, SAMPLE, environment

# Modules of the standard library that take long to import, or bring many others.
HEAVY = {
    *("asyncio", "concurrent", "csv", "email", "hmac", "html", "http", "logging", "multiprocessing", "pickle", "pydoc"),
    *(
        "getpass",
        "pkgutil",
        "random",
        "secrets",
        "socket",
        "sqlite3",
        "ssl",
        "statistics",
        "tarfile",
        "tempfile",
        "unittest",
        "xml",
    ),
    *("zipfile", "zoneinfo", "dataclasses", "decimal", "hashlib", "inspect", "ipaddress", "json", "pathlib", "shutil"),
    *("platform", "subprocess", "textwrap", "urllib", "uuid", "importlib.metadata", "importlib.resources"),
}
BASE = {"cli", "errors", "exits", "report", "version"}  # of hcfmt
VERSION_CLI = {"early_interrupt", "failures", "garbage", "interrupts", "output", "version"}
INPUTS_CLI = {
    *VERSION_CLI,
    "configuration",
    "deadline",
    "input_paths",
    "jobs",
    "password",
    "progress",
    "terminal",
    "validation",
}
OPTIONS_CLI = {
    *INPUTS_CLI,
    "app",
    "choices",
    "choosing",
    "commands",
    "importer_profiles",
    "limits",
    "options",
    "scheduler",
    "second_sources",
    "validate",
}
VALIDATE = {*BASE, "check", "container", "export", "findings", "json_values", "profiles", "suggestions", "verdict"}
TYPER = {"annotated_doc", "shellingham", "typer"}
LIBRARIES = {"cryptography", "msgspec", "typing_extensions", "tzdata", "zlib_ng"}
TYPER_HEAVY = {"shutil", "subprocess"}
LIBRARIES_HEAVY = {
    *("decimal", "hashlib", "inspect", "ipaddress", "pathlib", "platform", "textwrap", "urllib", "uuid"),
}

SCRIPT = """
import sys
before = set(sys.modules)
from hcfmt.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
print(*(set(sys.modules) - before))
"""


def imported(*args: str) -> set[str]:
    """Run the command in a process of its own; return the modules that it imported."""
    command, env = [sys.executable, "-c", SCRIPT, *args], environment({"HCFMT_PASSWORD": PASSWORD})
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def below(package: str, modules: set[str]) -> set[str]:
    """Return the names directly below a package."""
    return {module.split(".")[package.count(".") + 1] for module in modules if module.startswith(f"{package}.")}


@pytest.mark.parametrize(
    ("args", "packages", "cli", "libraries", "heavy"),
    [
        (("--version",), BASE, VERSION_CLI, set(), set()),
        (("validate", str(SAMPLE)), VALIDATE, INPUTS_CLI, LIBRARIES, LIBRARIES_HEAVY),
        (
            ("validate", str(SAMPLE), "--password", PASSWORD),
            VALIDATE,
            OPTIONS_CLI,
            TYPER | LIBRARIES,
            TYPER_HEAVY | LIBRARIES_HEAVY,
        ),
    ],
    ids=["version", "inputs", "options"],
)
def test_a_run_imports_what_it_needs_and_nothing_else(
    args: tuple[str, ...], packages: set[str], cli: set[str], libraries: set[str], heavy: set[str]
) -> None:
    modules = imported(*args)
    top = {module.partition(".")[0] for module in modules if not module.startswith("_")}
    unexpected = {
        *(top - sys.stdlib_module_names - libraries - {"hcfmt"}),
        *(modules & HEAVY - heavy),
        *(f"hcfmt.{name}" for name in below("hcfmt", modules) - packages),
        *(f"hcfmt.cli.{name}" for name in below("hcfmt.cli", modules) - cli),
    }
    assert not unexpected, (
        f"'hcfmt {args[0]}' imports {', '.join(sorted(unexpected))}: import it only where it is needed"
        " (python -X importtime shows who does), or, if every run needs it, add it to the lists of this test."
    )


def test_a_sound_archive_needs_no_module_that_explains_or_writes() -> None:
    modules = imported("validate", str(SAMPLE))
    explaining = {
        *("hcfmt.check.slice_diagnosis", "hcfmt.check.salvage", "hcfmt.export.json_decoding"),
        *("hcfmt.export.jsonscan", "hcfmt.workers"),
    }
    writing = {"hcfmt.export.writer", "hcfmt.export.editing", "hcfmt.report.stats", "hcfmt.report.tables"}
    writing |= {*FORMATS.values()} - {FORMATS["text"]}
    assert modules & (explaining | writing) == set()
