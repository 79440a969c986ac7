"""The benchmarks run at a small size and write their figures; no time is asserted."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import Cost, Measure, cost, measures, summary

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", measures(0, 1))
def test_a_measure_names_its_target_and_both_sides(name: str) -> None:
    target, _, sides = measures(0, 1)[name].title.partition(": ")
    assert target[0] in "GV"
    assert " / " in sides


def test_the_summary_of_a_measure_has_its_ratio_and_both_sides() -> None:
    measure = Measure("G9: one / another", (), (), ())
    pairs = [(Cost(3.0, 5 << 20), Cost(1.0, 1 << 20)), (Cost(4.0, 7 << 20), Cost(2.0, 1 << 20))]
    assert summary(measure, pairs) == "G9: one / another: 2.50 (3.50 s, 7 MiB; 1.50 s, 1 MiB; 2 pairs)"


def test_a_failing_command_is_shown_and_not_measured(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        cost((sys.executable, "-c", "raise SystemExit('no such thing')"), tmp_path)


@pytest.mark.slow
def test_the_start_is_measured() -> None:
    command = [sys.executable, "-m", "benchmarks", "start", "--pairs", "1", "--jobs", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "V5: hcfmt validate of a tiny archive / python -c pass: " in done.stdout


@pytest.mark.slow
def test_a_served_archive_is_measured() -> None:
    sample = "generated/samples/documented.tar.gz.aes"
    command = [sys.executable, "-m", "benchmarks.serve", sample, "--seconds", "0", "--messages", "10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    titles = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert titles[:5] == ["ready", "room", "page of 75 messages", "page of 1,000", "file"]
    assert titles[-1] == "memory"


@pytest.mark.slow
def test_an_archive_that_cannot_be_served_is_not_measured(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.serve", str(tmp_path / "none")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "hcfmt serve failed" in done.stderr
