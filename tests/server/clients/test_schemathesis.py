"""schemathesis asks every operation of the served document, with values that fit it and values that do not."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import hcfmt
from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from tests.server.serving import post, request

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
EXAMPLES = "4"  # for each operation and phase
LEAST = 30  # operations, of 55, that must have succeeded at least once: else nothing but refusals was looked at

# What is not there any more cannot be asked for; these have random values alone.
DELETING = ("--exclude-operation-id", "deleteRoom", "--exclude-operation-id", "deleteUser")


@pytest.fixture
def server(servers: HipchatServers) -> HipchatServer:
    return servers("tiny", seed=5)


def things(server: HipchatServer) -> dict[str, Any]:
    """Return, by parameter of the contract, something that is there."""

    def ask(method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON value
        url = f"{server.api}/{path}"
        return request(method, url, headers=server.headers, json=body).raise_for_status().json()

    room, user, emoticon = (ask("GET", kind)["items"][-1]["id"] for kind in ("room", "user", "emoticon"))
    hook = {"url": "http://127.0.0.1:9/", "event": "room_message"}
    return {
        "path.id_or_name": room,
        "path.id_or_email": user,
        "path.emoticon_id_or_shortcut": emoticon,
        "path.message_id": ask("GET", f"room/{room}/history")["items"][0]["id"],
        "path.webhook_id": ask("POST", f"room/{room}/webhook", hook)["id"],
        "path.group_id": 1,
        "path.file_id": 1,
        "query.auth_test": "false",
    }


def tried(server: HipchatServer, directory: Path, *options: str) -> None:
    """Let it ask; what it found is shown."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.api}/openapi.json", "--no-color"),
            *("-H", f"Authorization: Bearer {server.token}", "--checks", ",".join(CHECKS)),
            *("--max-examples", EXAMPLES, "--seed", "1", "--generation-deterministic", *options),
        ],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:]


def test_asked_for_what_is_there_no_answer_breaks_the_contract(server: HipchatServer, tmp_path: Path) -> None:
    parameters = "".join(f'"{name}" = "{value}"\n' for name, value in things(server).items())
    (tmp_path / "schemathesis.toml").write_text(f"[parameters]\n{parameters}", encoding="utf-8")
    tried(server, tmp_path, "--phases", "coverage,fuzzing", *DELETING)
    done = {request["operation"] for request in server.requests() if request["status"] < 300}
    assert len(done) >= LEAST, sorted(done)
    # Whatever was written is what an export can hold.
    archive = post(f"{server.url}/_hcfmt/export", headers=server.headers).raise_for_status()
    path = tmp_path / "export.tar.gz"
    path.write_bytes(archive.content)
    report = hcfmt.validate(str(path))
    assert report.verdict is hcfmt.Verdict.VALID, report.findings[:20]


def test_asked_for_anything_no_answer_breaks_the_contract(server: HipchatServer, tmp_path: Path) -> None:
    tried(server, tmp_path, "--phases", "examples,fuzzing")
    assert len({request["operation"] for request in server.requests()} - {None}) == 55
