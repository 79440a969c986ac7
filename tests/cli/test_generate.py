"""``hcfmt generate``: what it writes, what it says, and what it refuses."""

import importlib.util
import json
from pathlib import Path

import pytest

from tests.cli import run

TINY = ("--profile", "tiny")


def test_what_was_made_is_valid_and_told_in_the_manifest(tmp_path: Path) -> None:
    made, told = tmp_path / "demo.tar.gz.aes", tmp_path / "demo.json"
    result = run("generate", "-o", made, *TINY, "--manifest", told, "--password", "secret")
    assert (result.exit, result.out) == (0, "")
    assert "60 messages of 4 people" in result.err
    stats = run("stats", made, "--format", "json", "--password", "secret")
    inventory = json.loads(stats.out)["inventory"]
    assert json.loads(told.read_text())["expected"] == {k: v for k, v in inventory.items() if k != "layers"}


FORMS = [("demo.tar", b"autojoins.json"), ("demo.tar.gz", b"\x1f\x8b"), ("demo.tar.gz.aes", b"Salted__")]


@pytest.mark.parametrize(("name", "opening"), FORMS)
def test_the_suffix_decides_the_form(name: str, opening: bytes, tmp_path: Path) -> None:
    assert run("generate", "-o", tmp_path / name, *TINY, "--password", "secret").exit == 0
    assert (tmp_path / name).read_bytes().startswith(opening)


def test_any_other_name_is_a_directory(tmp_path: Path) -> None:
    assert run("generate", "-o", tmp_path / "export", *TINY).exit == 0
    assert (tmp_path / "export" / "users.json").is_file()


def test_a_random_salt_seals_otherwise_each_time(tmp_path: Path) -> None:
    for name in "ab":
        path = tmp_path / f"{name}.tar.gz.aes"
        assert run("generate", "-o", path, *TINY, "--password", "secret", "--random-salt").exit == 0
    assert (tmp_path / "a.tar.gz.aes").read_bytes() != (tmp_path / "b.tar.gz.aes").read_bytes()


def test_a_dry_run_says_what_would_be_made_and_writes_nothing(tmp_path: Path) -> None:
    result = run("generate", "-o", tmp_path / "big.tar.gz", "--profile", "large", "--dry-run")
    assert result.exit == 0
    assert "750,000 messages in rooms" in result.out
    assert list(tmp_path.iterdir()) == []


REFUSED = [
    (("--users", "1", "--guests", "1"), "at least one must be neither"),
    (("--since", "2018-01-01", "--until", "2018-01-02"), "at least 7 days"),
    (("--attachments", "5", "--attachment-bytes", "1K"), "bytes each"),
    (("--profile", "enormous"), "enormous"),
    (("--locale", "xx_XX"), "xx_XX"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    options: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    result = run("generate", "-o", tmp_path / "demo.tar", *options)
    assert result.exit == 2
    assert reason in " ".join(result.err.split())
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_only_overwritten_when_told_to(tmp_path: Path) -> None:
    path = tmp_path / "demo.tar"
    path.write_text("precious")
    assert run("generate", "-o", path, *TINY).exit == 2
    assert path.read_text() == "precious"
    assert run("generate", "-o", path, *TINY, "--force").exit == 0
    assert path.stat().st_size > 10_000


def test_without_what_it_needs_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    result = run("generate", "-o", tmp_path / "demo.tar", *TINY)
    assert result.exit == 2
    assert "hcfmt[generate]" in result.err
