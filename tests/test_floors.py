"""The floors of the house: imports go down, never up and never sideways between packages of one floor."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hcfmt"

FLOORS = {
    "errors": 0,
    "extras": 0,
    "findings": 0,
    "rng": 0,
    "suggestions": 0,
    "verdict": 0,
    "version": 0,
    "workers": 0,
    "container": 1,
    "report": 1,
    "export": 2,
    "check": 3,
    "damage": 3,
    "generation": 3,
    "corpus": 4,
    "server": 4,
    "strategies": 5,
    "": 5,  # hcfmt/__init__.py, the public face
    "cli": 6,
    "pytest_plugin": 6,
}

# Libraries that only one room may know, or two.
ONLY_IN = {
    "PIL": {"generation"},
    "cryptography": {"container", "server"},  # in the server for its certificate
    "faker": {"generation"},
    "h11": {"server"},
    "httpx": {"server"},
    "hypothesis": {"strategies"},
    "jsonschema": {"export"},
    "jsonschema_rs": {"export", "server"},  # in the server for patterns that clients give
    "puremagic": {"export"},
    "pytest": {"pytest_plugin"},
    "rich": {"cli"},
    "starlette": {"server"},
    "typer": {"cli"},
    "uvicorn": {"server"},
    "zlib_ng": {"container"},
}

# What nothing below the command line may use: it reads the clock or the environment, prints, or exits.
ONLY_ABOVE = {"getpass", "logging", "sys", "time", "typer"}
CALLS_ONLY_ABOVE = {"print", "exit", "input", "quit"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            names.add(node.module or "")
    return names


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path in MODULES} == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_only_go_down(path: Path) -> None:
    here = room(path)
    for name in imported(path):
        if name.split(".")[0] != "hcfmt":
            continue
        there = [*name.split("."), ""][1]
        same_floor_zero = FLOORS[here] == FLOORS[there] == 0
        assert there == here or FLOORS[there] < FLOORS[here] or same_floor_zero, f"{here} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_library_stays_in_its_room(path: Path) -> None:
    here = room(path)
    tops = {name.split(".")[0] for name in imported(path)}
    assert {name for name in tops if here not in ONLY_IN.get(name, {here})} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_below_the_command_line_prints_exits_or_reads_the_clock(path: Path) -> None:
    if room(path) == "cli":
        return
    assert not imported(path) & ONLY_ABOVE
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not calls & CALLS_ONLY_ABOVE
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not attributes & {"environ", "environb", "getcwd", "getenv"}
