"""Inputs below the current directory are named from there."""

import io
from pathlib import Path

import pytest

from hcfmt.cli.input_paths import name_from_here
from tests.support.command import PASSWORD, SAMPLE, run


def test_an_absolute_path_below_the_current_directory_is_relative_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert name_from_here(str(tmp_path / "a" / "b.tar")) == "a/b.tar"
    assert name_from_here(f"{tmp_path}-beside/b.tar") == f"{tmp_path}-beside/b.tar"
    assert [name_from_here(name) for name in ("b.tar", "-", str(tmp_path))] == ["b.tar", "-", str(tmp_path)]
    assert name_from_here(io.BytesIO()) == "<BytesIO>"


def test_a_deleted_current_directory_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()
    assert name_from_here("/a/b.tar") == "/a/b.tar"
    assert run("validate", SAMPLE, "--password", PASSWORD).exit == 0
