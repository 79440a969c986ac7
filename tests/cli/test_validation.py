"""``hcfmt validate`` does the same with inputs alone as with options that have their default."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from hcfmt.check.engine import Options
from hcfmt.cli import jobs, validation
from hcfmt.cli.deadline import Deadline
from hcfmt.verdict import Report
from tests.support.command import PASSWORD, SAMPLE, Result, archive, run

SOME_OPTION = ("--max-findings", "100")
ENV = {"HCFMT_PASSWORD": PASSWORD}


@pytest.mark.parametrize("inputs", [(SAMPLE,), (SAMPLE, SAMPLE)], ids=["one", "two"])
def test_the_options_are_the_same(inputs: Sequence[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Options] = []

    def checked(_: Sequence[str], options: Options, **__: object) -> Iterator[Report]:
        used.append(options)
        return iter(())

    monkeypatch.setattr(validation, "validate_all", checked)
    monkeypatch.setattr(jobs, "_usable_cores", lambda: 4)
    run("validate", *inputs)
    run("validate", *inputs, *SOME_OPTION)
    ends = [options.budget.expired for options in used]
    assert all(isinstance(end, Deadline) for end in ends)
    plain, parsed = (
        replace(options, password=None, executor=None, budget=replace(options.budget, expired=bool)) for options in used
    )
    assert plain == parsed


@pytest.mark.parametrize("recipe", ["metadata.json = nothing", "digest sha256", "gzip cut 9000"])
def test_the_output_and_the_exit_status_are_the_same(recipe: str, tmp_path: Path) -> None:
    path = archive(tmp_path, recipe)
    results = [run("validate", path, *options, env=ENV) for options in ((), SOME_OPTION)]
    assert results[0] == results[1]


@pytest.mark.parametrize("inputs", [("missing.tar",), ("missing*.tar",), (SAMPLE,), (SAMPLE, "missing.tar")])
def test_errors_are_the_same(inputs: Sequence[str | Path]) -> None:
    results: list[Result] = [run("validate", *inputs, *options) for options in ((), SOME_OPTION)]
    assert results[0] == results[1]
    assert results[0].exit == 2


def test_a_shell_that_asks_for_completions_gets_them() -> None:
    asked = run(
        "validate",
        SAMPLE,
        env={**ENV, "_HCFMT_COMPLETE": "complete_bash", "COMP_WORDS": "hcfmt val", "COMP_CWORD": "1"},
    )
    assert "validate" in asked.out
    assert "valid (no finding)" not in asked.err


def test_an_empty_address_of_a_scheduler_is_an_error() -> None:
    result = run("validate", SAMPLE, "--scheduler", "", env=ENV)
    assert (result.exit, result.out) == (2, "")
    assert "tcp://HOST:PORT" in result.err
