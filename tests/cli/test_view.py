"""Tests of ``hcfmt view``: the page's address, what is behind it, the browser, and how it ends."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hcfmt.cli.view import _has_screen
from tests.support.breaking import broken
from tests.support.command import COMMAND, PASSWORD, SAMPLE, environment, launched, run
from tests.support.serving import Client, get
from tests.support.static_pages import data_of
from tests.support.terminals import started, terminal, until


@contextmanager
def viewed(*args: str | Path, errors: str = "", stdin: bytes | None = None) -> Iterator[httpx.Client]:
    """Run the command until the block ends, and give a client that has opened the page."""
    pipe = subprocess.PIPE
    command = [*COMMAND, "view", *map(str, args)]
    env = environment({"HCFMT_PASSWORD": PASSWORD})
    with subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(stdin or b"")
        process.stdin.close()
        process.stdin = None
        try:
            (url,) = json.loads(process.stdout.readline()).values()
            with Client(base_url=url.partition("?")[0], follow_redirects=True) as client:
                assert client.get(url).status_code == 200
                yield client
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.decode()) == (0, b"", errors)


@pytest.mark.slow
def test_the_page_shows_the_archive_and_what_a_validation_finds() -> None:
    with viewed(SAMPLE) as client:
        overview = client.get("/page/overview.json").json()
        assert overview["name"] == SAMPLE.name
        assert any(chat["count"] for chat in overview["chats"])
        findings = client.get("/page/findings.json").json()
        assert (findings["state"], findings["verdict"]) == ("checked", "valid")
        assert client.get("/v2/room").status_code == 404
        assert get(f"{client.base_url}page/overview.json").status_code == 401


@pytest.mark.slow
def test_findings_are_those_of_validate(tmp_path: Path) -> None:
    archive = tmp_path / "broken.tar"
    broken(SAMPLE, archive, "HC401")
    (report,) = json.loads(run("validate", "--format", "json", archive).out)["reports"]
    with viewed(archive) as client:
        findings = client.get("/page/findings.json").json()
    assert findings["verdict"] == "invalid"
    assert [(finding["code"], finding["sentence"]) for finding in findings["findings"]] == [
        (finding["code"], finding["message"]) for finding in report["findings"]
    ]


@pytest.mark.slow
def test_an_archive_from_standard_input_is_shown_without_findings() -> None:
    with viewed("-", stdin=SAMPLE.read_bytes()) as client:
        assert client.get("/page/overview.json").json()["name"] == ""
        assert client.get("/page/findings.json").json() == {
            "state": "not checked",
            "reason": "The archive was read from standard input, which cannot be read again.",
        }


@pytest.mark.slow
def test_a_kept_store_is_shown_again(tmp_path: Path) -> None:
    for _ in range(2):
        with viewed(SAMPLE, "--store", tmp_path / "store") as client:
            assert client.get("/page/overview.json").json()["people"]


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--no-browser",)])
def test_in_a_terminal_the_page_opens_in_the_browser(tmp_path: Path, options: tuple[str, ...]) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    os.mkfifo(seen)
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\ntouch {seen}.too\n')
    browser.chmod(0o700)
    command = started("view", SAMPLE, "--password", PASSWORD, *options)
    variables = {"BROWSER": f"{browser} %s"}
    with (
        terminal() as (screen, program),
        launched(command, variables, stdout=program, stderr=subprocess.PIPE) as process,
    ):
        line, *_ = until(screen, b"Ctrl-C ends it.\r\n").decode().splitlines()
        page = line.removeprefix("Page:").strip()
        assert get(page).status_code == 303
        if not options:
            assert seen.read_text() == f"{page}\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")
    assert not (options and Path(f"{seen}.too").exists())


def test_the_page_is_written_as_files_with_what_a_validation_finds(tmp_path: Path) -> None:
    archive, out = tmp_path / "broken.tar", tmp_path / "page"
    broken(SAMPLE, archive, "HC401")
    result = run("view", archive, "--export", out)
    assert (result.exit, result.out) == (0, "")
    assert result.err.startswith(f"{out} written: ")
    assert data_of(out, "overview")["name"] == "broken.tar"
    assert [finding["code"] for finding in data_of(out, "findings")["findings"]] == ["HC401"]
    assert (out / "index.html").is_file()


def test_a_page_of_standard_input_says_that_it_was_not_checked(tmp_path: Path) -> None:
    out = tmp_path / "page"
    assert run("view", "-", "--password", PASSWORD, "--export", out, stdin=SAMPLE.read_bytes()).exit == 0
    assert data_of(out, "overview")["name"] == ""
    assert data_of(out, "findings")["state"] == "not checked"


def test_an_earlier_page_is_replaced_only_with_force(tmp_path: Path) -> None:
    command = ("view", SAMPLE, "--password", PASSWORD, "--export", tmp_path / "page")
    assert run(*command).exit == 0
    refused = run("view", "/nowhere", *command[2:])
    assert (refused.exit, refused.err) == (2, f"hcfmt: {tmp_path / 'page'}: exists; --force overwrites it.\n")
    assert run(*command, "--force").exit == 0
    (tmp_path / "page" / "mine").touch()
    assert run(*command, "--force").exit == 2
    assert (tmp_path / "page" / "mine").exists()


@pytest.mark.parametrize("option", [("--port", "8080"), ("--no-browser",)])
def test_options_of_a_server_are_refused_where_none_runs(tmp_path: Path, option: tuple[str, ...]) -> None:
    result = run("view", SAMPLE, "--export", tmp_path / "page", *option)
    assert (result.exit, result.err) == (2, "hcfmt: --export serves nothing: leave out --port and --no-browser.\n")


def test_an_archive_that_cannot_be_read_leaves_no_page(tmp_path: Path) -> None:
    assert run("view", SAMPLE, "--password", "wrong", "--export", tmp_path / "page").exit == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "variables", "has_screen"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"BROWSER": "firefox"}, True),
        ("linux", {"DISPLAY": ""}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_no_browser_of_text_takes_the_terminal(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], *, has_screen: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert _has_screen() is has_screen


def test_what_cannot_be_shown_is_reported() -> None:
    assert run("view", SAMPLE, "--password", "wrong").exit == 3
    assert run("view", "/nowhere").exit == 2
    assert run("view", SAMPLE, "--port", "70000").exit == 2


def test_a_port_in_use_is_named_before_the_archive_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("view", "/nowhere", "--port", str(port))
    assert (result.exit, result.err) == (2, f"hcfmt: Cannot listen on 127.0.0.1:{port}: Address already in use.\n")
