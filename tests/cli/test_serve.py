"""Tests of ``hcfmt serve``: its ready line, what it refuses, and how it ends."""

import importlib.util
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hcfmt.cli.serve import rate
from hcfmt.errors import UsageError
from hcfmt.server.store import open_store
from tests.support.command import COMMAND, PASSWORD, SAMPLE, environment, run
from tests.support.serving import get, post, request

SERVE = ("serve", str(SAMPLE))


@contextmanager
def served(*options: str | Path, errors: str = "", token: str | None = None) -> Iterator[dict[str, Any]]:
    """Run the command until the block ends, and give what it says; standard error matches a text at the end."""
    env = environment({"HCFMT_PASSWORD": PASSWORD, **({"HCFMT_TOKEN": token} if token else {})})
    with subprocess.Popen(
        [*COMMAND, *SERVE, *map(str, options)], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", errors)


@pytest.mark.slow
def test_the_server_prints_its_address_and_responds() -> None:
    with served() as ready:
        assert sorted(ready) == ["api", "token", "url"]
        assert ready["api"] == f"{ready['url']}/v2"
        assert ready["url"].startswith("http://127.0.0.1:")
        assert len(ready["token"]) == 40
        headers = {"Authorization": f"Bearer {ready['token']}"}
        assert get(f"{ready['api']}/room", headers=headers).json()["items"][0]["name"]
        assert get(f"{ready['api']}/room").status_code == 401


@pytest.mark.slow
def test_every_option_has_its_effect(tmp_path: Path) -> None:
    options = ("--tls", "--base-url", "https://chat.example.com", "--read-only", "--rate-limit", "2/1000", "--log")
    log = (
        "127.0.0.1 GET /v2/room?auth_token=%2A%2A%2A 200\n127.0.0.1 DELETE /v2/room/1 403\n127.0.0.1 GET /v2/room 429\n"
    )
    with served(*options, "--store", tmp_path / "store", errors=log, token="a-token-of-the-environment") as ready:
        assert ready["token"] == "a-token-of-the-environment"
        assert ready["tls_url"] == ready["url"].replace("http://", "https://")
        assert "BEGIN CERTIFICATE" in Path(ready["certificate"]).read_text(encoding="ascii")
        headers = {"Authorization": f"Bearer {ready['token']}"}
        rooms = get(f"{ready['api']}/room?auth_token={ready['token']}").json()
        assert rooms["links"]["self"] == "https://chat.example.com/v2/room"
        assert request("DELETE", f"{ready['api']}/room/1", headers=headers).status_code == 403
        assert get(f"{ready['api']}/room", headers=headers).status_code == 429
    assert not Path(ready["certificate"]).exists()
    assert (tmp_path / "store").is_file()


@pytest.mark.slow
def test_a_kept_store_opens_again_with_all_writes(tmp_path: Path) -> None:
    options = ("--store", str(tmp_path / "store"), "--token", "the-same-token-again")
    with served(*options) as ready:
        response = post(f"{ready['api']}/room?auth_token={ready['token']}", json={"name": "Kept"})
        assert response.status_code == 201
    with served(*options) as ready:
        assert get(f"{ready['api']}/room/Kept?auth_token={ready['token']}").status_code == 200


def stored_bytes(path: Path) -> bytes:
    """Return the bytes of a kept store of the sample."""
    open_store(str(SAMPLE), store_path=str(path), password=PASSWORD.encode).close()
    data = path.read_bytes()
    path.unlink()
    return data


PAGE = 8_192  # bytes; the first page is read before any other
UNUSABLE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "name another file"),
    "text": (lambda _: b"Dear diary\n", "name another file"),
    "another program's": (lambda data: data[:68] + b"mine" + data[72:], "name another file"),
    "another version's": (lambda data: data[:60] + b"\0\0\xff\xff" + data[64:], "delete it"),
    "cut": (lambda data: data[:PAGE], "delete it"),
    "overwritten": (lambda data: data[:PAGE] + b"\xff" * (len(data) - PAGE), "delete it"),
}


@pytest.mark.parametrize("how", UNUSABLE)
def test_an_unusable_store_is_refused_with_a_remedy(tmp_path: Path, how: str) -> None:
    path = tmp_path / "store"
    change, advice = UNUSABLE[how]
    unusable = change(stored_bytes(path))
    path.write_bytes(unusable)
    result = run(*SERVE, "--store", str(path), "--password", PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert result.err.startswith(f"hcfmt: {path}: ")
    assert advice in result.err
    assert result.err.count("\n") == 1
    assert path.read_bytes() == unusable


def test_a_store_found_damaged_on_its_first_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise UsageError("store: is damaged; delete it.")

    monkeypatch.setattr("hcfmt.server.api.tokens.put_main_token", damaged)
    result = run(*SERVE, "--store", str(tmp_path / "store"), "--password", PASSWORD)
    assert (result.exit, result.out, result.err) == (2, "", "hcfmt: store: is damaged; delete it.\n")


@pytest.mark.slow
def test_a_store_open_in_another_server_is_refused(tmp_path: Path) -> None:
    options = ("--store", str(tmp_path / "store"))
    with served(*options) as ready:
        result = run(*SERVE, *options, "--password", PASSWORD)
        assert (result.exit, result.out) == (2, "")
        assert result.err.startswith(f"hcfmt: {tmp_path / 'store'}: is in use")
        assert get(f"{ready['api']}/room?auth_token={ready['token']}").status_code == 200


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.slow
def test_a_signal_stops_the_server_cleanly(signal_: signal.Signals) -> None:
    env = environment({"HCFMT_PASSWORD": PASSWORD})
    with subprocess.Popen([*COMMAND, *SERVE], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal_)
        assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 0


@pytest.mark.parametrize("options", [(), ("--store", "store"), ("--tls",)], ids=str)
@pytest.mark.slow
def test_the_next_start_deletes_what_a_killed_server_left(tmp_path: Path, options: tuple[str, ...]) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    env = environment({"HCFMT_PASSWORD": PASSWORD, "TMPDIR": str(temporary)})
    left: set[Path] = set()
    for more in ((), options):
        command = [*COMMAND, *SERVE, *more]
        with subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
        ) as process:
            assert process.stdout
            assert process.stdout.readline()
            assert not left & set(temporary.iterdir())
            left = set(temporary.iterdir())
            process.kill()
    assert bool(left) is ("--store" not in options)


@pytest.mark.slow
def test_the_server_stops_quietly_if_its_address_cannot_be_printed() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    env = environment({"HCFMT_PASSWORD": PASSWORD})
    with subprocess.Popen([*COMMAND, *SERVE], env=env, stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize(("text", "limit"), [("100", (100, 300)), ("100/1.5", (100, 1.5)), ("hipchat", (None, 300))])
def test_a_rate_is_parsed(text: str, limit: tuple[int | None, float]) -> None:
    assert rate(text) == rate(rate(text)) == limit


REFUSED = [
    (("--host", "0.0.0.0"), "--token must have at least 16 characters"),  # noqa: S104 - refused
    (("--host", "0.0.0.0", "--token", "short"), "--token must have at least 16 characters"),  # noqa: S104 - refused
    (("--host", "nowhere.invalid"), "Unknown host 'nowhere.invalid'"),
    (("--token", "two words"), "printable ASCII without spaces"),
    (("--base-url", "chat.example.com"), "base_url must be http"),
    (("--rate-limit", "many"), "is not a rate"),
    (("--rate-limit", "hipchat/60"), "is not a rate"),
    (("--rate-limit", "0"), "at least one request"),
    (("--latency", "-1"), "is not a number of seconds"),
    (("--latency", "601"), "latency must be 0 to 600 seconds"),
    (("--fail", "503"), "is not a failure"),
    (("--fail", "200:0.5"), "A failure needs a known HTTP status"),
    (("--fail", "503:0.6", "--fail", "500:0.6"), "must be at most 1"),
    (("--port", "70000"), "65535"),
    (("--max-body", "much"), "is not a size"),
]


@pytest.mark.parametrize(("options", "why"), REFUSED)
def test_an_impossible_option_is_refused_with_the_reason(options: tuple[str, ...], why: str) -> None:
    result = run(*SERVE, *options, "--password", PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert why in " ".join(result.err.replace("│", " ").split())


def test_an_unreadable_archive_is_reported() -> None:
    assert run(*SERVE, "--password", "wrong").exit == 3
    assert run("serve", "/nowhere").exit == 2


def test_without_its_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else find(name))
    result = run(*SERVE, "--password", PASSWORD)
    assert (result.exit, result.err) == (
        2,
        "hcfmt: The extra 'serve' is not installed: pip install 'hcfmt[serve]'.\n",
    )
