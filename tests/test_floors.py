"""Nothing below the command line prints or reads the environment; import contracts (pyproject.toml) say the rest."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hcfmt"
ROOMS_BELOW = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] != "cli"]

MODULES = {"logging"}
CALLS = {"print", "exit", "input", "quit"}
ATTRIBUTES = {"environ", "environb", "getcwd", "getenv"}


@pytest.mark.parametrize("path", ROOMS_BELOW, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_below_the_command_line_prints_exits_logs_or_reads_the_environment(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    calls = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    assert not imported & MODULES
    assert not calls & CALLS
    assert not attributes & ATTRIBUTES
