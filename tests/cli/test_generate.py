"""Tests of ``hcfmt generate``: what it writes, prints and refuses."""

import importlib.util
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hcfmt.cli.jobs import processes
from tests.support.checking import in_manifest
from tests.support.command import COMMAND, closed_reader, environment, run

TINY = ("--profile", "tiny")


def test_a_generated_archive_is_valid_and_described_by_the_manifest(tmp_path: Path) -> None:
    archive, manifest = tmp_path / "demo.tar.gz.aes", tmp_path / "demo.json"
    result = run("generate", "-o", archive, *TINY, "--manifest", manifest, "--password", "secret")
    assert (result.exit, result.out) == (0, "")
    assert "60 messages of 4 users" in result.err
    stats = run("stats", archive, "--format", "json", "--password", "secret")
    assert json.loads(manifest.read_text())["expected"] == in_manifest(json.loads(stats.out)["inventory"])


FORMS = [("demo.tar", b"autojoins.json"), ("demo.tar.gz", b"\x1f\x8b"), ("demo.tar.gz.aes", b"Salted__")]


@pytest.mark.parametrize(("name", "opening"), FORMS)
def test_the_suffix_decides_the_form(name: str, opening: bytes, tmp_path: Path) -> None:
    assert run("generate", "-o", tmp_path / name, *TINY, env={"HCFMT_PASSWORD": "secret"}).exit == 0
    assert (tmp_path / name).read_bytes().startswith(opening)


def test_any_other_suffix_means_a_directory(tmp_path: Path) -> None:
    assert run("generate", "-o", tmp_path / "export", *TINY).exit == 0
    assert (tmp_path / "export" / "users.json").is_file()


def test_standard_output_gets_the_encrypted_archive(tmp_path: Path) -> None:
    options = (*TINY, "--password", "secret")
    assert run("generate", "-o", tmp_path / "demo.tar.gz.aes", *options).exit == 0
    result = run("generate", "-o", "-", *options, "--manifest", tmp_path / "manifest.json")
    assert (result.exit, result.err) == (0, "")
    assert result.raw == (tmp_path / "demo.tar.gz.aes").read_bytes()
    assert json.loads((tmp_path / "manifest.json").read_text())["expected"]


def test_the_manifest_has_a_seed_of_any_size(tmp_path: Path) -> None:
    seed = 2**64 + 7
    result = run("generate", "-o", tmp_path / "x.tar", *TINY, "--seed", str(seed), "--manifest", tmp_path / "m.json")
    assert result.exit == 0
    assert json.loads((tmp_path / "m.json").read_text())["plan"]["seed"] == seed


def test_a_closed_standard_output_leaves_no_manifest(tmp_path: Path) -> None:
    command = [*COMMAND, "generate", "-o", "-", *TINY, "--password", "secret", "--manifest", str(tmp_path / "m.json")]
    writer = closed_reader()
    result = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, env=environment(), check=False, text=True)
    os.close(writer)
    assert result.returncode == 2
    assert "Standard output was closed" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_random_salt_encrypts_differently_each_time(tmp_path: Path) -> None:
    for name in "ab":
        path = tmp_path / f"{name}.tar.gz.aes"
        assert run("generate", "-o", path, *TINY, "--password", "secret", "--random-salt").exit == 0
    assert (tmp_path / "a.tar.gz.aes").read_bytes() != (tmp_path / "b.tar.gz.aes").read_bytes()


def test_a_dry_run_prints_the_plan_and_writes_nothing(tmp_path: Path) -> None:
    result = run("generate", "-o", tmp_path / "big.tar.gz", "--profile", "large", "--dry-run")
    assert result.exit == 0
    assert "750,000 messages in rooms" in result.out
    assert list(tmp_path.iterdir()) == []


def test_a_dialect_is_written_and_named(tmp_path: Path) -> None:
    for option, expected in (((), "hc-migrate"), (("--dialect", "cloud"), "HipChat Cloud from mid-2018 on")):
        result = run("generate", "-o", tmp_path / "export.tar", *option, "--dry-run")
        assert f"the files of {expected}" in result.out
    assert run("generate", "-o", tmp_path / "export.tar", *TINY, "--dialect", "cloud").exit == 0
    assert run("validate", tmp_path / "export.tar", "--dialect", "cloud").exit == 0


REFUSED = [
    (("--users", "1", "--guests", "1"), "guests is 1 and deleted_users is 0 but users is 1: one user must be neither"),
    (("--since", "2018-01-01", "--until", "2018-01-02"), "at least 7 days"),
    (("--attachments", "5", "--attachment-bytes", "1K"), "attachment_bytes is 1,024 but attachments is 5"),
    (("--profile", "smal"), "There is no profile 'smal'"),
    (("--dialect", "serve"), "There is no dialect 'serve'"),
    (("--rooms", "1", "--messages", "0"), "rooms is 1 but messages is 0"),
    (("--rooms", "0", "--private-share", "0.5"), "rooms is 0 but private_share is 0.5"),
    (("--private-share", "nan"), "private_share must be between 0 and 1, not nan"),
    (("--since", "1960-01-01"), "since must be 1970-01-01 or later"),
    (("--locale", "de_DR", "--dry-run"), "There is no locale 'de_DR'; did you mean 'de_DE'?"),
    (("--locale", "xx_XX"), "xx_XX"),
    (("--locale", "fi_FI"), "fi_FI:en_US has its names alone"),
]


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_an_impossible_plan_is_refused_and_nothing_is_written(
    options: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    result = run("generate", "-o", tmp_path / "demo.tar", *options)
    assert result.exit == 2
    assert reason in " ".join(result.err.split())
    assert list(tmp_path.iterdir()) == []


def test_options_not_given_follow_from_those_given(tmp_path: Path) -> None:
    result = run(
        "generate", "-o", tmp_path / "demo.tar", "--users", "1", "--rooms", "1", "--messages", "1", "--dry-run"
    )
    assert result.exit == 0
    assert "1 user, of them 0 guests and 0 deleted" in result.out
    assert "1 attachment of 100,000 bytes" in result.out
    result = run("generate", "-o", tmp_path / "demo.tar", "--users", "1", "--messages", "1")
    assert result.err.endswith("written: 1 message of 1 user.\n")


def test_existing_files_are_overwritten_only_with_force(tmp_path: Path) -> None:
    path = tmp_path / "demo.tar"
    path.write_text("precious")
    assert run("generate", "-o", path, *TINY).exit == 2
    assert path.read_text() == "precious"
    assert run("generate", "-o", path, *TINY, "--force").exit == 0
    assert path.stat().st_size > 10_000


def test_without_its_extra_the_command_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    result = run("generate", "-o", tmp_path / "demo.tar", *TINY)
    assert result.exit == 2
    assert "hcfmt[generate]" in result.err


@pytest.mark.parametrize("name", [".", "", "/", "..", "demo.zip", "demo.tar.gz.ase", "demo.ENC"])
def test_an_impossible_output_name_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("generate", "-o", name, *TINY)
    assert result.exit == 2
    assert any(words in result.err for words in ("not the name", "is empty", "./-", "is not written as"))
    assert list(tmp_path.iterdir()) == []


def test_a_trailing_slash_means_a_directory(tmp_path: Path) -> None:
    assert run("generate", "-o", f"{tmp_path / 'demo.tar'}/", *TINY).exit == 0
    assert (tmp_path / "demo.tar" / "users.json").is_file()


@pytest.mark.parametrize(
    "option", [("--password", "x"), ("--password-file", "x"), ("--digest", "md5"), ("--random-salt",)]
)
def test_an_unencrypted_archive_takes_no_options_of_encryption(option: tuple[str, ...], tmp_path: Path) -> None:
    result = run("generate", "-o", tmp_path / "demo.tar.gz", *TINY, *option)
    assert result.exit == 2
    assert f"{option[0]} is for encrypted archives" in result.err
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_does_not_overwrite_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for manifest in ("demo.tar", "./demo.tar", str(tmp_path / "demo.tar")):
        result = run("generate", "-o", "demo.tar", *TINY, "--manifest", manifest, "--force")
        assert result.exit == 2
        assert "is named twice as a file to write" in result.err
        assert list(tmp_path.iterdir()) == []
    assert "./-" in run("generate", "-o", "demo.tar", *TINY, "--manifest", "-").err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are UTF-8 in any locale")
@pytest.mark.slow
def test_a_locale_without_names_is_refused(tmp_path: Path) -> None:
    env = environment({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    args = (*COMMAND, "generate", *TINY, "--text", "nasty", "--attachments", "20", "-o", "export")
    done = subprocess.run(args, cwd=tmp_path, env=env, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"set a UTF-8 locale" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no such signal")
@pytest.mark.parametrize(("before", "ends"), [("SIG_DFL", True), ("SIG_IGN", False)])
def test_a_closed_terminal_stops_the_command_cleanly_unless_ignored(before: str, *, ends: bool) -> None:
    code = (
        "import os, signal, hcfmt.cli as cli\n"
        f"signal.signal(signal.SIGHUP, signal.{before})\n"
        "cli.command_of = lambda _: lambda: os.kill(os.getpid(), signal.SIGHUP)\n"
        "cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=False)
    assert done.returncode == (130 if ends else 4)  # 4: a command that returns is none


def test_after_an_interrupt_further_ones_are_ignored() -> None:
    def interrupted() -> None:
        with processes(2):
            raise KeyboardInterrupt

    handler = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert multiprocessing.active_children() == []
    finally:
        signal.signal(signal.SIGINT, handler)
