"""Add-ons that fetch their installation, and those that are installed again."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from tests.support.addon import Addon, as_addon, install, running

ROOM = 100_001  # the first room that the generator makes
TOLD = ("capabilitiesUrl", "groupId", "oauthId", "oauthSecret", "roomId")


@pytest.fixture
def addon() -> Iterator[Addon]:
    with running() as server:
        yield server


def addresses(addon: Addon, *names: str) -> None:
    """Let an add-on have pages and callbacks, each at the part of its name before "Url" or "CallbackUrl"."""
    paths = {"callbackUrl": "installed", "updateCallbackUrl": "updated"}
    urls = {name: f"{addon.url}/{paths.get(name, name.removesuffix('Url') + '-page')}" for name in names}
    addon.descriptor["capabilities"]["installable"] = urls


def webhooks(client: httpx.Client) -> list[dict[str, Any]]:
    """Return the webhooks of the room."""
    items: list[dict[str, Any]] = client.get(f"/room/{ROOM}/webhook").json()["items"]
    return items


def test_an_addon_fetches_its_installation_once(client: httpx.Client, addon: Addon) -> None:
    addresses(addon, "installedUrl")
    installed = install(client, addon, roomId=ROOM).json()
    once, twice = addon.fetched
    assert once.json() == {name: installed[name] for name in TOLD}
    assert twice.status_code == 404
    assert addon.told == ["GET /installed-page"]
    assert httpx.get(addon.page_query["redirect_url"][0]).status_code == 200


def test_the_page_of_an_addon_keeps_its_parameters(client: httpx.Client, addon: Addon) -> None:
    addon.descriptor["capabilities"]["installable"] = {"installedUrl": f"{addon.url}/page?tenant=7"}
    install(client, addon).raise_for_status()
    assert addon.page_query["tenant"] == ["7"]
    assert addon.fetched[0].status_code == 200


def test_an_uninstalled_addon_is_told_whose_installation_ended(client: httpx.Client, addon: Addon) -> None:
    addresses(addon, "callbackUrl", "uninstalledUrl")
    identity = install(client, addon).json()["oauthId"]
    assert client.delete(f"/addon/an-addon/installable/{identity}").status_code == 204
    assert addon.told == ["POST /installed", f"DELETE /installed/{identity}", "GET /uninstalled-page"]
    assert addon.fetched[0].json()["oauthId"] == identity


def test_an_installation_that_a_page_refuses_is_undone(client: httpx.Client, addon: Addon) -> None:
    addresses(addon, "installedUrl")
    addon.status = 500
    refused = install(client, addon, roomId=ROOM)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "url")
    assert webhooks(client) == []


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("callbackUrl", "updateCallbackUrl"), ["POST /installed", "POST /updated"]),
        (("installedUrl", "updatedUrl"), ["GET /installed-page", "GET /updated-page"]),
        (("callbackUrl", "updatedUrl"), ["POST /installed", "POST /installed", "GET /updated-page"]),
    ],
)
def test_an_addon_that_takes_updates_keeps_its_identity(
    client: httpx.Client, addon: Addon, names: tuple[str, ...], told: list[str]
) -> None:
    addresses(addon, *names)
    first = install(client, addon, roomId=ROOM).json()
    addon.descriptor["capabilities"]["webhook"][0]["event"] = "room_enter"
    again = install(client, addon, roomId=ROOM).json()
    assert again == first
    assert addon.told == told
    assert [webhook["event"] for webhook in webhooks(client)] == ["room_enter"]


def test_an_addon_without_updates_is_replaced(client: httpx.Client, server: HipchatServer, addon: Addon) -> None:
    first = install(client, addon, roomId=ROOM).json()
    with as_addon(server, addon) as before:
        again = install(client, addon, roomId=ROOM).json()
        assert again["oauthId"] != first["oauthId"]
        assert before.get(f"/room/{ROOM}/webhook").status_code == 401
    assert addon.told == ["POST /installed", "POST /installed"]
    assert len(webhooks(client)) == 1


def test_an_addon_of_another_room_is_another_installation(client: httpx.Client, addon: Addon) -> None:
    addresses(addon, "callbackUrl", "updateCallbackUrl")
    first, other = (install(client, addon, roomId=room).json() for room in (ROOM, ROOM + 1))
    assert first["oauthId"] != other["oauthId"]
    assert addon.told == ["POST /installed", "POST /installed"]


def test_an_update_that_the_addon_refuses_changes_nothing(
    client: httpx.Client, server: HipchatServer, addon: Addon
) -> None:
    addresses(addon, "callbackUrl", "updateCallbackUrl")
    install(client, addon, roomId=ROOM).raise_for_status()
    before = webhooks(client)
    addon.status, addon.descriptor["name"] = 500, "Another name"
    addon.descriptor["capabilities"]["webhook"] = []
    assert install(client, addon, roomId=ROOM).status_code == 400
    assert webhooks(client) == before
    with as_addon(server, addon) as addon_client:
        addon_client.post(f"/room/{ROOM}/notification", json={"message": "hello"}).raise_for_status()
    assert client.get(f"/room/{ROOM}/history/latest?max-results=1").json()["items"][0]["from"] == "An add-on"


def test_an_update_ends_tokens_of_scopes_that_are_not_granted(
    client: httpx.Client, server: HipchatServer, addon: Addon
) -> None:
    addresses(addon, "callbackUrl", "updateCallbackUrl")
    install(client, addon).raise_for_status()
    with as_addon(server, addon) as before:
        addon.descriptor["capabilities"]["hipchatApiConsumer"]["scopes"] = ["send_notification"]
        install(client, addon).raise_for_status()
        assert before.get(f"/room/{ROOM}/webhook").status_code == 401
    with as_addon(server, addon) as now:
        assert now.get(f"/room/{ROOM}/webhook").status_code == 403
