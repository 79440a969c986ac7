"""schemathesis calls every operation of the served document, with valid and invalid values."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import hcfmt
from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from hcfmt.server.openapi.contract import operations
from tests.support.serving import post, request

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
EXAMPLES = "4"  # for each operation and phase
LEAST = 30  # operations that must succeed at least once, so that not only errors are checked

# Not called with existing rooms and users, which would be gone afterwards.
DELETING = ("--exclude-operation-id", "deleteRoom", "--exclude-operation-id", "deleteUser")


@pytest.fixture
def server(servers: HipchatServers) -> HipchatServer:
    return servers("tiny", seed=5)


def existing_values(server: HipchatServer) -> dict[str, Any]:
    """Return existing values by parameter of the contract."""

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


def run_schemathesis(server: HipchatServer, directory: Path, *options: str) -> None:
    """Run schemathesis, and show what it found."""
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


@pytest.mark.slow
def test_responses_for_existing_objects_conform_to_the_contract(server: HipchatServer, tmp_path: Path) -> None:
    parameters = "".join(f'"{name}" = "{value}"\n' for name, value in existing_values(server).items())
    (tmp_path / "schemathesis.toml").write_text(f"[parameters]\n{parameters}", encoding="utf-8")
    run_schemathesis(server, tmp_path, "--phases", "coverage,fuzzing", *DELETING)
    done = {request["operation"] for request in server.requests() if request["status"] < 300}
    assert len(done) >= LEAST, sorted(done)
    # An export is still valid after all writes.
    archive = post(f"{server.url}/_hcfmt/export", headers=server.headers).raise_for_status()
    path = tmp_path / "export.tar.gz"
    path.write_bytes(archive.content)
    report = hcfmt.validate(str(path))
    assert report.verdict is hcfmt.Verdict.VALID, report.findings[:20]


@pytest.mark.slow
def test_responses_for_any_values_conform_to_the_contract(server: HipchatServer, tmp_path: Path) -> None:
    run_schemathesis(server, tmp_path, "--phases", "examples,fuzzing")
    assert len({request["operation"] for request in server.requests()} - {None}) == len(operations())
