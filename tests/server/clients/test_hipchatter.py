"""The tests of hipchatter 1.0.0, written by its author against HipChat, run against the server."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import hcfmt
from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from tests.support.counterparts import counterpart, missing
from tests.support.serving import get

MODULES = Path(__file__).parent / "node_modules"
PATIENCE = 240  # seconds

NO_HOST = "wants the word hipchat in the URL, which is the name of HipChat's own host"
CANNOT_PASS = {
    "Helpers url default should return a valid URL with the auth token": NO_HOST,
    "Helpers url default should return a valid URL with the alternate token": NO_HOST,
    "Helpers url with query should return a valid URL with query strings": NO_HOST,
    "Helpers url with empty query should return a valid URL": NO_HOST,
}
EMOTICON = {"ID": 105216, "shortcut": "allthethings"}  # one of HipChat's own, which the tests ask for


@pytest.fixture(scope="module")
def server(servers: HipchatServers, tmp_path_factory: pytest.TempPathFactory) -> HipchatServer:
    tree = tmp_path_factory.mktemp("hipchatter") / "export"
    hcfmt.generate(str(tree), hcfmt.Plan(messages=300, emoticons=20))
    file = tree / "emoticons.json"
    document = json.loads(file.read_bytes())
    document["Emoticons"][0].update(EMOTICON)
    file.write_text(json.dumps(document), encoding="utf-8")
    return servers(archive=tree)


def settings(server: HipchatServer) -> dict[str, Any]:
    """Return the settings of the tests: the server, an existing room and user, and new ones."""

    def list_items(collection: str) -> list[dict[str, Any]]:
        response = get(f"{server.api}/{collection}", params={"expand": "items"}, headers=server.headers)
        items: list[dict[str, Any]] = response.raise_for_status().json()["items"]
        return items

    room = next(item for item in list_items("room") if item["privacy"] == "private" and item["last_active"])
    user = list_items("user")[-1]
    return {
        "apikey": server.token,
        "room_token": server.token,
        "webhook_url": "http://127.0.0.1:9/hook",
        "endpoint": f"{server.api}/",
        "test_room": room["name"],
        "test_user": {"name": user["name"], "email": user["email"]},
        "disposable_room": "Disposable Room",
        "disposable_user": {
            "name": "Disposable User",
            "title": "To be deleted",
            "mention_name": "DisposableUser",
            "is_group_admin": False,
            "timezone": "UTC",
            "password": "",
            "email": "disposable@example.com",
        },
    }


def test_all_possible_tests_of_hipchatter_pass(server: HipchatServer, tmp_path: Path) -> None:
    node = counterpart("node")
    if not MODULES.is_dir():
        missing("hipchatter (npm install --no-package-lock in tests/server/clients)")
    package = tmp_path / "hipchatter"
    shutil.copytree(MODULES / "hipchatter", package)
    (package / "test/settings.json").write_text(json.dumps(settings(server)), encoding="utf-8")
    tests = sorted(str(path) for path in (package / "test").glob("*.js"))
    done = subprocess.run(
        [node, MODULES / "mocha/bin/_mocha", "-t", "20000", "-R", "json", *tests],
        cwd=package,
        env={**os.environ, "NODE_PATH": str(MODULES)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    results = json.loads(done.stdout[done.stdout.index("{") :])
    assert results["stats"]["tests"] == 77
    assert {item["fullTitle"] for item in results["failures"]} == set(CANNOT_PASS)
    assert results["stats"]["passes"] == 77 - len(CANNOT_PASS)
