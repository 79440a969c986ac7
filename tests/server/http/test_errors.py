"""Injected failures and internal errors."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import httpx
import pytest

from hcfmt.errors import UsageError
from hcfmt.pytest_plugin import HipchatArchives, HipchatServer
from hcfmt.server.http.log import Log
from hcfmt.server.operations import OPERATIONS
from hcfmt.server.operations.call import ApiResponse, Call
from hcfmt.server.running import serve
from hcfmt.server.settings import Settings
from hcfmt.server.store import open_store
from tests.support.http_client import error
from tests.support.serving import TOKEN, get


def test_injected_failures_are_reproducible(client: httpx.Client, server: HipchatServer) -> None:
    server.fail((503, 0.5), seed=3)
    first = [client.get("/room").status_code for _ in range(30)]
    server.fail((503, 0.5), seed=3)
    assert [client.get("/room").status_code for _ in range(30)] == first
    assert set(first) == {200, 503}
    failed = next(item for item in (client.get("/room") for _ in range(100)) if item.status_code == 503)
    assert error(failed) == (503, "Injected failure")


def test_a_failed_request_is_not_executed(client: httpx.Client, server: HipchatServer) -> None:
    server.fail((500, 1.0))
    assert client.post("/room", json={"name": "Never made"}).status_code == 500
    assert client.get("/room").status_code == 500
    assert client.get(f"{server.url}/files/x").status_code == 500
    server.fail()
    assert client.get("/room/Never%20made").status_code == 404


def test_internal_errors_show_no_traceback_and_log_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Call) -> ApiResponse:
        raise KeyError("words of an archive")

    def damaged(_: Call) -> ApiResponse:
        raise UsageError("/store: is damaged; delete it.")

    def cut(_: Call) -> ApiResponse:
        def chunks() -> Iterator[bytes]:
            yield b"some"
            raise OSError("words of an archive")

        return ApiResponse(chunks=chunks())

    put = cast("dict[str, Callable[[Call], ApiResponse]]", OPERATIONS)
    monkeypatch.setitem(put, "getCapabilities", broken)
    monkeypatch.setitem(put, "getAllRooms", cut)
    monkeypatch.setitem(put, "getAllUsers", damaged)
    lines: list[str] = []
    errors: list[str] = []
    archive = HipchatArchives(tmp_path)("tiny", form=".tar").path
    with (
        open_store(str(archive)) as store,
        serve(store, Settings(TOKEN), lambda: 1_500_000_000.0, log=Log(lines.append, errors.append)) as running,
    ):
        response = get(f"{running.api}/capabilities?auth_token={TOKEN}")
        assert error(response) == (500, "Internal error of this server")
        with pytest.raises(httpx.RemoteProtocolError):
            get(f"{running.api}/room?auth_token={TOKEN}&x=y")
        sentence = "The server cannot read or write its data; its log says why"
        assert error(get(f"{running.api}/user?auth_token={TOKEN}")) == (500, sentence)
    assert [line.split(" at ")[0] for line in errors] == [
        "GET getCapabilities: KeyError",
        "GET getAllRooms: OSError",
        "GET getAllUsers: /store: is damaged; delete it.",
    ]
    assert lines == [
        "127.0.0.1 GET /v2/capabilities?auth_token=%2A%2A%2A 500",
        "127.0.0.1 GET /v2/room?auth_token=%2A%2A%2A&x=y 200",
        "127.0.0.1 GET /v2/user?auth_token=%2A%2A%2A 500",
    ]
