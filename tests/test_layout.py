"""The tests stand apart: what several modules need is in tests/support/, and no test module imports another."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = sorted(path for path in TESTS.rglob("*.py") if "node_modules" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports, a relative one with its dots."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (module, *(f"{module}.{alias.name}" for alias in node.names))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(TESTS).as_posix())
@pytest.mark.slow
def test_no_module_of_the_tests_imports_a_test_module_or_a_conftest(path: Path) -> None:
    names = {name.rpartition(".")[2] for name in imported(path) if name.startswith(("tests", "."))}
    assert [name for name in names if name.startswith("test_") or name == "conftest"] == []


def test_only_support_holds_modules_without_tests() -> None:
    names = {path.name for path in MODULES if TESTS / "support" not in path.parents}
    assert {name for name in names if not name.startswith("test_")} == {"__init__.py", "conftest.py"}
