"""Fixtures and settings of all tests: golden files, the option --rewrite, and the schema of every report.

Hypothesis has no deadline: the time of an example depends on the machine.
"""

import json
import signal
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import jsonschema_rs
import pytest

from hcfmt.check import engine
from hcfmt.report.text_style import json_text
from hcfmt.verdict import Report, document

hypothesis.settings.register_profile("hcfmt", deadline=None)
hypothesis.settings.load_profile("hcfmt")

# A background job ignores SIGINT, nohup SIGHUP; the tests of interrupts need the usual handlers.
for _number, _handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, _handler)

SCHEMAS = Path(__file__).parents[1] / "schemas" / "report"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="Write golden and generated files anew instead of comparing with them."
    )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Accept that none of the chosen tests is slow, or all are: tox runs both parts of what it is given."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.option.markexpr in {"slow", "not slow"}:
        session.exitstatus = pytest.ExitCode.OK


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


@cache
def _conforms() -> Callable[[Any], None]:
    """Return what raises for a document that is not as the published schema of reports has it."""
    return jsonschema_rs.Draft202012Validator(json.loads((SCHEMAS / "report.json").read_bytes())).validate


@pytest.fixture(autouse=True)
def _every_report_conforms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every report that any test of the suite makes to its published schema."""
    original = engine._report  # noqa: SLF001 - the one place where reports are made

    def conforming(*args: Any) -> Report:  # noqa: ANN401 - handed on
        report = original(*args)
        _conforms()(json.loads(json_text(document([report]))))  # as the format "json" has it, but for the indentation
        return report

    monkeypatch.setattr(engine, "_report", conforming)
