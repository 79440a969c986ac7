"""Wildcards in quotes are expanded as a shell does it, and a name that exists is none."""

from pathlib import Path

import pytest

from hcfmt.container import expand_inputs
from hcfmt.errors import UsageError


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("b.aes", "a.aes", "c.tar", "deep/d.aes", "x[1].tar", "x1.tar"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("inputs", "expanded"),
    [
        (["*.aes"], ["a.aes", "b.aes"]),
        (["c.tar", "*.aes", "a.aes"], ["c.tar", "a.aes", "b.aes", "a.aes"]),
        (["**/*.aes"], ["a.aes", "b.aes", "deep/d.aes"]),
        (["?.tar", "-"], ["c.tar", "-"]),
        (["x[1].tar"], ["x[1].tar"]),
        (["x[0-9].tar"], ["x1.tar"]),
        (["deep"], ["deep"]),
        (["*.zip", "missing.tar", "c.tar/*"], ["*.zip", "missing.tar", "c.tar/*"]),
        (["https://host/*.aes?secret"], ["https://host/*.aes?secret"]),
        (["s3://bucket/a.aes"], ["s3://bucket/a.aes"]),
    ],
)
@pytest.mark.usefixtures("exports")
def test_inputs_are_expanded_in_their_order_and_sorted_within_each(inputs: list[str], expanded: list[str]) -> None:
    assert expand_inputs(inputs) == expanded


def test_a_file_url_is_expanded_as_its_path(exports: Path) -> None:
    assert expand_inputs([f"file://{exports}/*.aes"]) == [f"{exports}/a.aes", f"{exports}/b.aes"]


def test_standard_input_is_given_once() -> None:
    with pytest.raises(UsageError, match="give - only once"):
        expand_inputs(["-", "-"])
