"""Add-ons that are installed, called and uninstalled, as atlassian-connect-express-hipchat does its part."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from tests.support.addon import Addon, as_addon, install, running

ROOM = 100_001  # the first room that the generator makes


@pytest.fixture
def addon() -> Iterator[Addon]:
    with running() as server:
        yield server


def test_an_addon_is_told_of_its_installation_and_gets_a_token_meanwhile(
    client: httpx.Client, server: HipchatServer, addon: Addon
) -> None:
    installed = install(client, addon)
    assert installed.status_code == 201
    told = {"capabilitiesUrl", "groupId", "oauthId", "oauthSecret", "roomId"}
    assert addon.installation == {name: installed.json()[name] for name in told}
    assert (addon.installation["groupId"], addon.installation["roomId"]) == (1, None)
    with as_addon(server, addon) as addon_client:
        assert addon_client.get(f"/room/{ROOM}/webhook").status_code == 200
        assert addon_client.get("/user").status_code == 403  # a scope that the descriptor does not ask for


def test_the_webhooks_of_a_descriptor_get_signed_deliveries_of_all_rooms(
    client: httpx.Client, server: HipchatServer, addon: Addon
) -> None:
    install(client, addon).raise_for_status()
    for room in (ROOM, ROOM + 1):
        client.post(f"/room/{room}/message", json={"message": "hello"}).raise_for_status()
    delivered = httpx.get(f"{server.url}/_hcfmt/deliveries?wait=10", headers=server.headers).json()["items"]
    assert [item["payload"]["oauth_client_id"] for item in delivered] == [addon.installation["oauthId"]] * 2
    assert addon.told == ["POST /installed", "POST /hook", "POST /hook"]


def test_an_addon_of_a_room_gets_that_room_alone(client: httpx.Client, server: HipchatServer, addon: Addon) -> None:
    install(client, addon, roomId=ROOM).raise_for_status()
    assert addon.installation["roomId"] == ROOM
    for room in (ROOM, ROOM + 1):
        client.post(f"/room/{room}/message", json={"message": "hello"}).raise_for_status()
    httpx.get(f"{server.url}/_hcfmt/deliveries?wait=10", headers=server.headers).raise_for_status()
    assert addon.told == ["POST /installed", "POST /hook"]
    with as_addon(server, addon) as addon_client:
        assert addon_client.get(f"/room/{ROOM}/webhook").status_code == 200
        assert addon_client.get(f"/room/{ROOM + 1}/webhook").status_code == 403


@pytest.mark.parametrize(("more", "name"), [({}, "An add-on"), ({"fromName": "A bot"}, "A bot")])
def test_notifications_come_from_the_name_of_the_addon(
    client: httpx.Client, server: HipchatServer, addon: Addon, more: dict[str, str], name: str
) -> None:
    addon.descriptor["capabilities"]["hipchatApiConsumer"] |= more
    install(client, addon).raise_for_status()
    with as_addon(server, addon) as addon_client:
        addon_client.post(f"/room/{ROOM}/notification", json={"message": "hello"}).raise_for_status()
        addon_client.post(f"/room/{ROOM}/notification", json={"message": "hello", "from": "x"}).raise_for_status()
    newest = client.get(f"/room/{ROOM}/history/latest?max-results=2").json()["items"]
    assert [message["from"] for message in newest] == [name, "x"]


def test_a_declared_webhook_is_not_changed(client: httpx.Client, server: HipchatServer, addon: Addon) -> None:
    install(client, addon, roomId=ROOM).raise_for_status()
    with as_addon(server, addon) as addon_client:
        number = addon_client.get(f"/room/{ROOM}/webhook").json()["items"][0]["id"]
        body = {"url": f"{addon.url}/other", "event": "room_message"}
        place = f"/room/{ROOM}/extension/webhook/k"
        assert addon_client.put(place, json=body).status_code == 400
        assert addon_client.delete(place).status_code == 400
        assert addon_client.delete(f"/room/{ROOM}/webhook/{number}").status_code == 400


def test_an_uninstalled_addon_is_told_and_keeps_nothing(
    client: httpx.Client, server: HipchatServer, addon: Addon
) -> None:
    identity = install(client, addon, roomId=ROOM).json()["oauthId"]
    with as_addon(server, addon) as addon_client:
        glance = {"name": {"value": "A glance"}}
        addon_client.put(f"/room/{ROOM}/extension/glance/k", json=glance).raise_for_status()
        assert client.delete(f"/addon/an-addon/installable/{identity}").status_code == 204
        assert addon_client.get(f"/room/{ROOM}/webhook").status_code == 401
    assert addon.told == ["POST /installed", f"DELETE /installed/{identity}"]
    assert client.get(f"/room/{ROOM}/webhook").json()["items"] == []
    assert client.delete(f"/addon/an-addon/installable/{identity}").status_code == 404


def test_an_installation_that_the_addon_refuses_is_undone(
    client: httpx.Client, server: HipchatServer, addon: Addon
) -> None:
    addon.status = 500
    refused = install(client, addon, roomId=ROOM)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "url")
    assert client.get(f"/room/{ROOM}/webhook").json()["items"] == []
    with as_addon(server, addon) as addon_client:
        assert addon_client.get(f"/room/{ROOM}/webhook").status_code == 401


def test_an_addon_that_is_gone_is_uninstalled_all_the_same(client: httpx.Client) -> None:
    with running() as gone:
        identity = install(client, gone).json()["oauthId"]
    assert client.delete(f"/addon/{identity}/installable/{identity}").status_code == 204
    assert install(client, gone).status_code == 400


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"key": ""}, "not valid: minLength of key"),
        ({"capabilities": {"installable": {"installedUrl": "http://192.0.2.1/"}}}, "is not this machine"),
        ({"capabilities": {"installable": {"installedUrl": "http://["}}}, "Invalid webhook URL"),
        ({"links": {}}, "not valid: required of links.self"),
        ({"capabilities": {"hipchatApiConsumer": {"scopes": ["everything"]}}}, "unknown scope"),
        ({"capabilities": {"installable": {"allowGlobal": False}}}, "only be installed in a room"),
        ({"capabilities": {"installable": {"callbackUrl": "http://192.0.2.1/"}}}, "is not this machine"),
        ({"capabilities": {"webhook": [{"event": "nothing", "url": "http://127.0.0.1/"}]}}, "not valid: enum"),
        ({"capabilities": {"webhook": [{"event": "room_exit", "url": "/hook"}]}}, "absolute URL"),
        ({"capabilities": {"webhook": [{"event": "room_exit", "url": "http://a/", "pattern": "("}]}}, "pattern"),
    ],
)
def test_a_descriptor_that_is_not_valid_is_refused(
    client: httpx.Client, addon: Addon, change: dict[str, Any], why: str
) -> None:
    addon.descriptor = {**addon.descriptor, **change}
    refused = install(client, addon)
    assert refused.status_code == 400
    assert why in refused.json()["error"]["message"]
    assert addon.told == []


@pytest.mark.parametrize("descriptor", [[], "text", None, 7])
def test_a_descriptor_that_is_no_object_is_refused(client: httpx.Client, addon: Addon, descriptor: object) -> None:
    addon.descriptor = descriptor
    assert install(client, addon).status_code == 400


@pytest.mark.parametrize("media_type", ["text/html;charset=utf-8", "text/plain; charset=utf-8"])
def test_a_descriptor_is_json_whatever_its_media_type(client: httpx.Client, addon: Addon, media_type: str) -> None:
    addon.media_type = media_type
    assert install(client, addon).status_code == 201
    assert addon.told == ["POST /installed"]


def test_a_descriptor_may_have_more_than_is_known_and_null_for_what_is_absent(
    client: httpx.Client, addon: Addon
) -> None:
    addon.descriptor |= {"apiVersion": "1:1", "description": "x" * 5_000}
    addon.descriptor["capabilities"]["installable"]["anotherUrl"] = 7
    addon.descriptor["capabilities"]["webhook"][0] |= {"key": None, "name": None, "pattern": None}
    assert install(client, addon, roomId=ROOM).status_code == 201


def test_a_descriptor_needs_no_capabilities(client: httpx.Client, addon: Addon) -> None:
    del addon.descriptor["capabilities"]
    assert install(client, addon).status_code == 201
    assert addon.told == []


def test_an_addon_for_all_rooms_is_not_installed_in_one(client: httpx.Client, addon: Addon) -> None:
    addon.descriptor["capabilities"]["installable"]["allowRoom"] = False
    assert install(client, addon, roomId=ROOM).status_code == 400


def test_an_unknown_room_is_404(client: httpx.Client, addon: Addon) -> None:
    assert install(client, addon, roomId=1).status_code == 404


def test_an_addon_elsewhere_is_not_contacted(client: httpx.Client) -> None:
    installed = client.post("/addon", json={"url": "http://192.0.2.1/descriptor"})
    assert installed.status_code == 201
    assert installed.json()["oauthSecret"]
