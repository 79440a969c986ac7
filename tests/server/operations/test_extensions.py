"""Extensions that add-ons create, webhooks under keys among them, and links into add-ons."""

from typing import Any

import pytest

from hcfmt.server.api.webhooks import WebhookQueue
from hcfmt.server.errors import ApiError
from hcfmt.server.operations.extensions import MOST
from tests.support.api import BASE, Api
from tests.support.webhook_receiver import receiver

NAME = {"value": "A name"}
URL = "https://addon.example.com/page"
ICON = {"url": "https://addon.example.com/a.png", "url@2x": "https://addon.example.com/a@2x.png"}
NEW: dict[str, dict[str, Any]] = {
    "action": {"key": "k", "name": NAME, "location": "hipchat.input.action", "target": {"type": "dialog"}, "weight": 1},
    "dialog": {"title": NAME, "url": URL, "options": {"size": {}}},
    "externalPage": {"name": NAME, "url": URL},
    "glance": {"key": "k", "name": NAME, "target": "k", "queryUrl": URL, "icon": ICON},  # as hipchat-go sends it
    "webpanel": {"name": NAME, "location": "hipchat.sidebar.right", "url": URL},
}
HOOK = {"url": "http://127.0.0.1:9/hook", "event": "room_message"}

each_kind = pytest.mark.parametrize("kind", NEW)
anywhere = pytest.mark.parametrize("where", ["Room", "Global"])


def path(api: Api, where: str, kind: str | None = None, key: str = "k") -> dict[str, Any]:
    room = {"id_or_name": api.store.rooms(size=1)[0]["name"]} if where == "Room" else {}
    return {**room, **({"extension_type": kind} if kind else {}), "extension_key": key}


@anywhere
@each_kind
def test_an_extension_is_created_read_and_deleted(api: Api, where: str, kind: str) -> None:
    place = path(api, where, kind)
    created = api(f"create{where}Extension", place, body=NEW[kind])
    room = f"/room/{api.store.rooms(size=1)[0]['name']}" if where == "Room" else ""
    url = f"{BASE}{room.replace(' ', '%20')}/extension/{kind}/k"
    assert (created.status, created.headers["Location"]) == (201, url)
    assert created.body == {**NEW[kind], "key": "k", "links": {"self": url}}
    assert api(f"get{where}Extension", place).body == created.body
    assert api(f"delete{where}Extension", place).status == 204
    for operation in (f"get{where}Extension", f"delete{where}Extension"):
        with pytest.raises(ApiError) as excinfo:
            api(operation, place)
        assert excinfo.value.status == 404


def test_all_operations_on_extensions_are_of_rooms_or_of_none(api: Api) -> None:
    place = path(api, "Room", "glance")
    api("createRoomExtension", place, body=NEW["glance"])
    assert api("getRoomExtension", place).status == 200
    assert api("deleteRoomExtension", place).status == 204
    place = path(api, "Global", "glance")
    api("createGlobalExtension", place, body=NEW["glance"])
    assert api("getGlobalExtension", place).status == 200
    assert api("deleteGlobalExtension", place).status == 204


@each_kind
def test_an_extension_without_a_needed_property_is_refused(api: Api, kind: str) -> None:
    needed = {"glance": ["name"], "action": ["key", "name", "location", "target"]}.get(kind, [*NEW[kind]])
    for name in set(needed) - {"options"}:
        body = {key: value for key, value in NEW[kind].items() if key != name}
        with pytest.raises(ApiError, match=f"Required field '{name}' is missing"):
            api("createGlobalExtension", path(api, "Global", kind), body=body)


def test_an_unknown_kind_is_404(api: Api) -> None:
    for operation in ("createGlobalExtension", "getGlobalExtension"):
        with pytest.raises(ApiError) as excinfo:
            api(operation, path(api, "Global", "button"), body=NEW["glance"])
        assert excinfo.value.status == 404


def test_an_addon_creates_ten_of_a_kind_and_may_replace_them(api: Api) -> None:
    for number in range(MOST):
        api("createRoomExtension", path(api, "Room", "glance", f"k{number}"), body=NEW["glance"])
    api("createRoomExtension", path(api, "Room", "glance", "k0"), body={"name": {"value": "Another"}})
    with pytest.raises(ApiError) as excinfo:
        api("createRoomExtension", path(api, "Room", "glance", "one too many"), body=NEW["glance"])
    assert excinfo.value.status == 400
    api("createRoomExtension", path(api, "Room", "dialog"), body=NEW["dialog"])
    api("createGlobalExtension", path(api, "Global", "glance"), body=NEW["glance"])


def test_an_addon_does_not_see_what_another_created(api: Api) -> None:
    api("createGlobalExtension", path(api, "Global", "glance"), body=NEW["glance"])
    with pytest.raises(ApiError) as excinfo:
        api.as_addon()("getGlobalExtension", path(api, "Global", "glance"))
    assert excinfo.value.status == 404


@pytest.mark.parametrize(
    ("create", "get", "delete", "where"),
    [
        ("createRoomExtensionWebhook", "getRoomExtensionWebhook", "deleteRoomExtensionWebhook", "Room"),
        ("createGlobalExtensionWebhook", "getGlobalExtensionWebhook", "deleteGlobalExtensionWebhook", "Global"),
    ],
)
def test_a_webhook_is_created_replaced_and_deleted_by_its_key(
    api: Api, create: str, get: str, delete: str, where: str
) -> None:
    place = path(api, where)
    first = api(create, place, body=HOOK)
    assert (first.status, first.body["key"]) == (201, "k")
    second = api(create, place, body={**HOOK, "event": "room_exit", "key": "another"})
    assert (second.body["id"], second.body["key"], second.body["event"]) == (first.body["id"], "k", "room_exit")
    assert api(get, place).body == second.body
    assert second.headers["Location"] == second.body["links"]["self"]
    api(delete, place)
    with pytest.raises(ApiError) as excinfo:
        api(get, place)
    assert excinfo.value.status == 404


def test_a_webhook_of_a_room_under_a_key_is_in_the_list_of_the_room(api: Api) -> None:
    place = path(api, "Room")
    number = api("createRoomExtensionWebhook", place, body=HOOK).body["id"]
    listed = api.room("getAllRoomWebhooks", place["id_or_name"]).body["items"]
    assert [webhook["id"] for webhook in listed] == [number]


def test_an_addon_creates_ten_webhooks_in_a_room(api: Api) -> None:
    for number in range(MOST):
        api("createRoomExtensionWebhook", path(api, "Room", key=f"k{number}"), body=HOOK)
    with pytest.raises(ApiError) as excinfo:
        api("createRoomExtensionWebhook", path(api, "Room"), body=HOOK)
    assert excinfo.value.status == 400


def test_a_webhook_of_all_rooms_receives_the_messages_of_any(api: Api) -> None:
    with receiver() as server:
        body = {"url": f"{server.url}/hook", "event": "room_message"}
        api("createGlobalExtensionWebhook", path(api, "Global"), body=body)
        queue = WebhookQueue(api.store)
        for room in api.store.rooms(size=2):
            queue.send(api.room("sendRoomMessage", room["id"], body={"message": "hello"}).events)
        assert len(queue.deliveries(wait=10)["items"]) == 2
        queue.close()
    assert len({payload["item"]["room"]["id"] for _, payload in server.received}) == 2


LINK = {"target": "https://example.com/target", "ttl": 10}  # as a PHP client sends it


def test_a_link_is_created_invoked_and_deleted(api: Api) -> None:
    token = api("createAddonLink", body=LINK).body["token"]
    assert api("invokeAddonLink", {"link_token": token}).body == {"target": LINK["target"]}
    api("deleteAddonLink", {"link_token": token})
    for operation in ("invokeAddonLink", "deleteAddonLink"):
        with pytest.raises(ApiError, match="Link not found"):
            api(operation, {"link_token": token})


def test_a_link_ends_after_its_time(api: Api) -> None:
    token = api("createAddonLink", body=LINK).body["token"]
    later = Api(api.store, now=api.now + 10)
    with pytest.raises(ApiError, match="Link not found"):
        later("invokeAddonLink", {"link_token": token})
    later("createAddonLink", body=LINK)
    assert len(api.store.documents("add-on link")) == 1


def test_the_hundred_and_first_link_deletes_the_oldest(api: Api) -> None:
    tokens = [api("createAddonLink", body=LINK).body["token"] for _ in range(101)]
    with pytest.raises(ApiError, match="Link not found"):
        api("invokeAddonLink", {"link_token": tokens[0]})
    assert api("invokeAddonLink", {"link_token": tokens[1]}).status == 200
