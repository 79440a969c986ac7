"""Tests of the public function that counts what an archive holds."""

import json

import pytest

import hcfmt
from tests.support.command import run
from tests.support.recipes import PASSWORD, SAMPLE


@pytest.mark.parametrize("flags", [["--show-values"], []])
def test_stats_returns_what_the_command_prints_as_json(flags: list[str]) -> None:
    options = hcfmt.Options(password=PASSWORD.encode, show_values=bool(flags))
    printed = run("stats", "--format", "json", *flags, str(SAMPLE), env={"HCFMT_PASSWORD": PASSWORD})
    assert hcfmt.stats(str(SAMPLE), options) == json.loads(printed.out)
