"""Copies of inputs that people met: each has the findings of its original, or cannot be read at all."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Fault, Options, anonymise, validate

DIRECTORY = Path(__file__).parents[1] / "check" / "wild"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((DIRECTORY / "expected.toml").read_text("utf-8"))
UNREADABLE = {"HC002", "HC005"}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_copy_of_an_input_that_people_met_has_its_findings(tmp_path: Path, name: str) -> None:
    password = EXPECTED[name].get("password", "pw").encode()
    original = validate(str(DIRECTORY / name), Options(password=password))
    if UNREADABLE & set(original.totals):
        with pytest.raises(Fault):
            anonymise(DIRECTORY / name, tmp_path / "copy.tar", seed="a seed", password=password)
        assert list(tmp_path.iterdir()) == []
        return
    copied = anonymise(DIRECTORY / name, tmp_path / Path(name).name, seed="a seed", password=password)
    assert (copied.report.verdict, copied.report.totals) == (original.verdict, original.totals)
