"""Tests of ``hcfmt corpus``: the written suite, and its options."""

import json
from pathlib import Path

from tests.support.command import run

TINY = ("--only", "valid/tiny.*")


def test_a_suite_is_written_and_reported(tmp_path: Path) -> None:
    directory = tmp_path / "suite"
    result = run("corpus", directory, *TINY)
    assert (result.exit, result.out, result.err) == (0, "", f"{directory} written: 1 case.\n")
    names = sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())
    assert names == ["README.md", "cases.tsv", "manifest.json", "run.sh", "valid/tiny.tar.gz.aes"]
    assert run("validate", directory / "valid" / "tiny.tar.gz.aes", "--password", "hipchat").exit == 0


def test_the_seed_is_recorded_and_used(tmp_path: Path) -> None:
    manifests = []
    for seed in ("1", "7"):
        assert run("corpus", tmp_path / seed, "--seed", seed, *TINY).exit == 0
        manifests.append(json.loads((tmp_path / seed / "manifest.json").read_bytes()))
    assert [item["seed"] for item in manifests] == [1, 7]
    assert manifests[0]["cases"][0]["sha256"] != manifests[1]["cases"][0]["sha256"]


def test_a_nonempty_directory_is_written_to_only_with_force(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"precious")
    refused = run("corpus", tmp_path, *TINY)
    assert refused.exit == 2
    assert refused.err == f"hcfmt: {tmp_path}: is not empty; --force writes to it.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert run("corpus", tmp_path, *TINY, "--force").exit == 0
    assert (tmp_path / "mine").read_bytes() == b"precious"


def test_a_case_that_matches_any_pattern_is_made(tmp_path: Path) -> None:
    assert run("corpus", tmp_path / "suite", *TINY, "--only", "*/empty-f*").exit == 0
    cases = json.loads((tmp_path / "suite" / "manifest.json").read_bytes())["cases"]
    assert [item["id"] for item in cases] == ["tiny", "empty-file"]


def test_several_processes_write_the_same_suite(tmp_path: Path) -> None:
    patterns = ("--only", "valid/not-*", "--only", "*/hc40[1-3]*", "--only", "hostile/empty-*")
    for jobs in ("1", "2"):
        assert run("corpus", tmp_path / jobs, *patterns, "--jobs", jobs).exit == 0
    first, other = (
        {
            path.relative_to(tmp_path / jobs): path.read_bytes()
            for path in (tmp_path / jobs).rglob("*")
            if path.is_file()
        }
        for jobs in ("1", "2")
    )
    assert len(first) > len(patterns) // 2 + 4
    assert other == first


def test_a_pattern_that_matches_nothing_is_wrong_usage(tmp_path: Path) -> None:
    result = run("corpus", tmp_path / "suite", "--only", "nothing")
    assert (result.exit, result.err) == (2, "hcfmt: No case has a path that matches 'nothing'.\n")


def test_a_terminal_shows_progress(tmp_path: Path) -> None:
    result = run("corpus", tmp_path / "suite", *TINY, terminals=frozenset({"stderr"}))
    assert result.exit == 0
    assert "valid/tiny.tar.gz.aes" in result.err
    assert result.err.endswith(f"{tmp_path / 'suite'} written: 1 case.\n")
