"""atlassian-connect-express-hipchat 0.3.9, a library of Atlassian, unmodified: an add-on is installed and called."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from tests.support.counterparts import counterpart, missing
from tests.support.serving import Client

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
ROOM = 100_001  # the first room that the generator makes


@pytest.fixture
def addon() -> Iterator["subprocess.Popen[str]"]:
    node = counterpart("node")
    if not (MODULES / "atlassian-connect-express-hipchat").is_dir():
        missing("atlassian-connect-express-hipchat (npm install --no-package-lock in tests/server/clients)")
    with subprocess.Popen(
        [node, HERE / "addon.js"],
        env={**os.environ, "NODE_PATH": str(MODULES), "NODE_NO_WARNINGS": "1", "no_proxy": "127.0.0.1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_an_addon_made_with_atlassian_s_library_runs_without_help(
    servers: HipchatServers, addon: "subprocess.Popen[str]"
) -> None:
    server: HipchatServer = servers("tiny", seed=5)
    url = f"{line_of(addon)}/atlassian-connect.json"
    with Client(base_url=server.api, headers=server.headers) as client:
        installed = client.post("/addon", json={"url": url})
        assert installed.status_code == 201, installed.text
        client.post(f"/room/{ROOM}/message", json={"message": "hello"}).raise_for_status()
        listed = httpx.get(f"{server.url}/_hcfmt/deliveries?wait=10", headers=server.headers).json()["items"]
        assert [(item["status"], item["error"]) for item in listed] == [(200, None)]
        hello, answer = client.get(f"/room/{ROOM}/history/latest?max-results=2").json()["items"]
        assert answer["notification_sender"]["client_id"] == installed.json()["oauthId"]
        assert json.loads(answer["message"]) == {
            "groupId": 1,
            "roomId": ROOM,  # of the signed context
            "userId": hello["from"]["id"],  # of the signed subject
            "scope": "send_notification view_room",
        }
        identity = installed.json()["oauthId"]
        assert client.delete(f"/addon/an-addon/installable/{identity}").status_code == 204
        assert line_of(addon) == f"uninstalled {identity}"
