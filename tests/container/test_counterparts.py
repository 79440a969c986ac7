"""A missing counterpart is skipped or fails, and never passes."""

import sys

import pytest

from tests.support.counterparts import counterpart

NOWHERE = "no-program-has-this-name"


def test_an_installed_program_is_found() -> None:
    assert counterpart(sys.executable, version="Python") == sys.executable


@pytest.mark.parametrize(("names", "version"), [((NOWHERE,), ""), ((NOWHERE, sys.executable), "GNU tar")])
def test_a_missing_program_skips_and_says_what_was_not_compared(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], version: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"NOT COMPARED: {NOWHERE}"):
        counterpart(*names, version=version)


def test_a_missing_program_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="NOT COMPARED"):
        counterpart(NOWHERE)
