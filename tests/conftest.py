"""What all tests share: files that the code renders are compared, or with ``--rewrite`` written anew."""

from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="Write golden and generated files anew instead of comparing with them."
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares a file with what it should hold."""
    rewrite = bool(request.config.getoption("--rewrite"))

    def compare(path: Path, text: str) -> None:
        if rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{path.name} is missing; --rewrite writes it"
        with path.open(encoding="utf-8", newline="") as file:
            assert file.read() == text, f"{path.name} differs; --rewrite writes it anew, review the difference"

    return compare
