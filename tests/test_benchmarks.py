"""The benchmarks run at small sizes and write their figures; no time is asserted."""

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import hcfmt
from benchmarks import figures, readme
from benchmarks.__main__ import describe, main
from benchmarks.contents import Shape, members
from benchmarks.figures import Figure
from benchmarks.model import CORES, least_time
from benchmarks.packing import PASSWORD, pack
from benchmarks.processes import memory_of_family, run, shell
from benchmarks.serve import served
from benchmarks.targets import GOALS, TARGETS, goals_of
from hcfmt.export.schemas import CONTRADICTIONS

SIZES = ("--messages", "400", "--pairs", "1", "--bytes", "2000000", "--archives", "2")
OPTIONS = hcfmt.Options(password=PASSWORD)
STEPS = {
    "read": 1000.0,
    "cut": 200.0,
    "check": 4000.0,
    "merge": 100.0,
    "pickle here": 300.0,
    "pickle there": 400.0,
    "unpack elapsed": 2000.0,
}


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_target_writes_its_figures_with_goal_and_sizes(target: str) -> None:
    lines: list[str] = []
    main([target, *SIZES], lines.append)
    machine, *found = lines
    assert re.match(r"[0-9-]{10}\n[0-9]+ cores, .*; load [0-9.]+\nhcfmt .*, Python .*openssl [0-9]", machine)
    assert [text.partition(":")[0] for text in found] == list(goals_of(target))
    for text in found:
        assert re.search(
            r"^  [0-9.,e+]+.* \(median of 1, .*\); goal at (most|least) [0-9,.]+.*: (met|missed)$", text, re.MULTILINE
        )
        assert re.search(r"^  input: .", text, re.MULTILINE)


@pytest.mark.slow
def test_the_steps_are_measured() -> None:
    lines: list[str] = []
    main(["steps", *SIZES], lines.append)
    assert lines[1].splitlines()[0] == "| nanoseconds a message | now |"
    assert all(f"| {title} |" in lines[1] for title in readme.STEPS.values())


def test_without_arguments_all_figures_are_listed_with_their_goals() -> None:
    lines: list[str] = []
    main([], lines.append)
    assert [line.split("  ")[0] for line in lines] == list(GOALS)


def test_an_unknown_target_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["V9"])
    assert "no such target: V9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("shape", "verdict"),
    [
        (Shape(300, rooms=3, attachments=2, attachment_bytes=1000), "valid"),
        (Shape(300, rooms=5, private=4), "valid"),
        (Shape(3, rooms=2), "valid"),
        (Shape(300, rooms=3, broken_every=10), "invalid"),
    ],
    ids=["rooms", "private histories", "almost no messages", "broken records"],
)
def test_an_archive_that_hcfmt_did_not_make_has_the_expected_verdict(
    shape: Shape, verdict: str, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.tar.gz.aes"
    pack(shape, archive)
    report = hcfmt.validate(str(archive), OPTIONS)
    assert report.verdict.value == verdict
    # Of rooms alone, after years, it is suspected that private messages are missing.
    assert report.totals.keys() <= {"HC802"} or verdict == "invalid"


def test_a_tenth_of_the_records_contradicts_its_schema_where_that_is_asked_for(tmp_path: Path) -> None:
    archive = tmp_path / "archive.tar.gz.aes"
    pack(Shape(1_000, rooms=10, broken_every=10), archive)
    totals = hcfmt.validate(str(archive), OPTIONS).totals
    assert sum(totals.get(code, 0) for code in CONTRADICTIONS) == 100


def test_the_same_shape_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        pack(Shape(100, rooms=3), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_messages_are_as_long_as_those_of_real_exports() -> None:
    shape = Shape(2_000, rooms=2, attachments=0)
    size = sum(len(content) for path, content in members(shape) if path.startswith("rooms/"))
    assert 300 < size / shape.messages < 360


def test_openssl_and_tar_unpack_what_was_packed(tmp_path: Path) -> None:
    shape = Shape(10, rooms=1, attachments=0)
    pack(shape, tmp_path / "packed")
    run(shell(f"openssl enc -d -aes-256-cbc -md md5 -pass pass:{PASSWORD} -in packed | gzip -d >tar"), tmp_path)
    with tarfile.open(tmp_path / "tar") as tar:
        assert tar.getnames() == [path for path, _ in members(shape)]


def test_a_failing_command_is_shown_and_not_measured(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        run((sys.executable, "-c", "raise SystemExit('no such thing')"), tmp_path)


def test_the_memory_of_a_process_includes_that_of_its_descendants() -> None:
    child = "block = bytearray(b'x') * 20_000_000; print(flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert memory_of_family(process.pid) > 20_000_000
        process.communicate(b"\n")
    assert memory_of_family(process.pid) == 0


@pytest.mark.slow
def test_an_archive_that_cannot_be_served_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="hcfmt serve failed"), served(tmp_path / "none"):
        raise AssertionError


def test_a_figure_is_compared_with_the_one_recorded_last() -> None:
    figure = Figure("V1", (0.5, 0.4, 0.6), "some messages", ("hcfmt: 1 s",))
    last = {"V1": {"date": "2020-01-01", "median": 0.7, "size": "more messages"}}
    assert describe(figure, last).splitlines()[1:] == [
        "  0.5 (median of 3, 0.4 to 0.6); goal at most 0.5: met",
        "  hcfmt: 1 s",
        "  input: some messages",
        "  recorded on 2020-01-01: 0.7, with more messages",
    ]
    assert describe(figure, {}).endswith("never recorded")


def test_recorded_figures_are_read_back_and_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "figures.toml"
    table = Figure("V1", (0.25, 1 / 3), 'text with "quotes", ÷ and \\', ("one", "two")).table()
    figures.record({"V1": table, "V5 sample": table}, path)
    figures.record({"V1": {**table, "median": 1.0}, "steps now": STEPS}, path)
    assert figures.last(path) == {"V1": {**table, "median": 1.0}, "V5 sample": table, "steps now": STEPS}


def test_the_tables_of_the_readme_are_those_of_the_recorded_figures() -> None:
    text = readme.README.read_text("utf-8")
    assert readme.rewritten(text, figures.last()) == text


def test_the_tables_of_the_readme_hold_what_is_recorded() -> None:
    table = {**Figure("V1", (0.25,), "200 rooms").table(), "date": "2020-01-01", "machine": "m", "versions": "v"}
    text = readme.rewritten(readme.README.read_text("utf-8"), {"V1": table, "steps now": STEPS})
    assert "| at most 0.5 | **0.25** | 0.25 to 0.25 (1) | 200 rooms |" in text
    assert "- V1: 2020-01-01, m, v\n" in text
    assert "| merge the facts | 100 |" in text
    assert "| 64 | 1,000, 0.50 |" in text
    assert readme.rewritten(text, figures.last()) == readme.README.read_text("utf-8")


def test_every_recorded_figure_that_misses_its_goal_is_explained() -> None:
    tables = figures.last()
    assert set(readme.missed(tables)) <= set(tables.get("limits", {}))


def test_a_figure_that_misses_its_goal_is_listed_with_its_explanation() -> None:
    tables: dict[str, dict[str, object]] = {"V1": {"median": 0.6}, "V2": {"median": 0.2}, "V4": {"median": 1.0}}
    assert readme.limits_list(tables) == "- V1: not explained yet\n- V4: not explained yet\n"
    assert "- V1: disks\n" in readme.limits_list({**tables, "limits": {"V1": "disks"}})
    assert readme.limits_list({}) == "Nowhere.\n"


def test_a_readme_without_the_marks_of_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="marks of steps"):
        figures.replace_between("nothing", "steps", "")


def test_more_cores_take_no_longer_until_reading_is_the_limit() -> None:
    times = [least_time(STEPS, cores) for cores in CORES]
    assert times == [5300.0, 3000.0, 1500.0, 1000.0, 1000.0]
