"""Requests that published clients sent to HipChat, as they sent them, and what they expect of the answer."""

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from tests.support.http_client import ROOM, error
from tests.support.serving import Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def started(servers: HipchatServers) -> HipchatServer:
    return servers("tiny", seed=5)


@pytest.fixture
def client(server: HipchatServer) -> Iterator[httpx.Client]:
    with Client(base_url=server.api, headers=server.headers) as http_client:
        yield http_client


def newest(client: httpx.Client) -> dict[str, object]:
    """Return the newest message of the room."""
    message: dict[str, object] = client.get(f"/room/{ROOM}/history", params={"max-results": 1}).json()["items"][-1]
    return message


# The fields of each client; one that the API does not know is ignored.
NOTIFICATIONS = {
    "the Jenkins plugin": {"message": "Build #7", "color": "green", "notify": "true"},
    "cabot": {"message": "Build #7", "notify": "true", "color": "green", "message_format": "text"},
    "a client of PHP": {"message": "Build #7", "color": "green", "notify": "1", "room_id": str(ROOM)},
    "a client of Python": {"message": "Build #7", "color": "green", "notify": "True"},
}


@pytest.mark.parametrize("name", NOTIFICATIONS)
def test_a_notification_posted_as_a_form_is_in_the_room(client: httpx.Client, name: str) -> None:
    response = client.post(f"/room/{ROOM}/notification", content=urlencode(NOTIFICATIONS[name]), headers=FORM)
    assert response.status_code == 204
    found = newest(client)
    assert (found["message"], found["color"], found["type"]) == ("Build #7", "green", "notification")


def test_a_message_that_hubot_posts_as_a_form_is_in_the_room(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    response = client.post(f"/room/{ROOM}/message", content="message=deployed+%26+h%C3%A4ppy", headers=headers)
    assert response.status_code == 201
    assert newest(client)["message"] == "deployed & h\xe4ppy"


def test_a_topic_put_as_a_form_is_set(client: httpx.Client) -> None:
    assert client.put(f"/room/{ROOM}/topic", content="topic=Freeze", headers=FORM).status_code == 204
    assert client.get(f"/room/{ROOM}").json()["topic"] == "Freeze"


def test_a_body_that_salt_posts_without_a_content_type_is_refused(client: httpx.Client) -> None:
    response = client.post(f"/room/{ROOM}/message", content=b'{"message": "hi"}')
    assert error(response) == (400, "Invalid content type: None")


# What the client writes as the media type of a file, by the extension of the file.
@pytest.mark.parametrize("media_type", ["", "image/png", "text/plain; charset=utf-8"])
@pytest.mark.parametrize("place", [f"room/{ROOM}", "user/2"])
def test_a_file_that_the_go_client_shares_is_read_to_its_end(client: httpx.Client, place: str, media_type: str) -> None:
    body = (
        "--hipfileboundary\n"
        "Content-Type: application/json; charset=UTF-8\n"
        'Content-Disposition: attachment; name="metadata"\n'
        '\n{"message": "Look"}\n'
        "--hipfileboundary\n"
        f"Content-Type: {media_type} charset=UTF-8\n"
        "Content-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; name=file; filename=gophers\n"
        "\nZ28gZ29waGVycw==\n"
        "--hipfileboundary\n"
    )
    headers = {"Content-Type": "multipart/related; boundary=hipfileboundary"}
    assert client.post(f"/{place}/share/file", content=body, headers=headers).status_code == 204
    message = client.get(f"/{place}/history", params={"max-results": 1}).json()["items"][-1]
    assert (message["message"], message["file"]["name"]) == ("Look", "gophers")
    assert client.get(message["file"]["url"]).content == b"go gophers"


@pytest.mark.parametrize(
    "url", ["not-a-url", "/hook", "http:///hook", "ftp://board.example/", "http://u:p@board.example/"]
)
def test_a_webhook_url_that_hipchat_refused_is_refused_in_its_words(client: httpx.Client, url: str) -> None:
    response = client.post(f"/room/{ROOM}/webhook", json={"url": url, "event": "room_message"})
    assert error(response) == (400, "Field url must be an absolute URL")
    assert response.json()["error"]["field"] == "url"


@pytest.mark.parametrize(
    "url", ["http://board.example", "HTTPS://board.example:8443/hook?to=a@b.example", "http://[::1]/"]
)
def test_an_absolute_webhook_url_is_taken(client: httpx.Client, url: str) -> None:
    response = client.post(f"/room/{ROOM}/webhook", json={"url": url, "event": "room_message"})
    assert (response.status_code, response.json()["url"]) == (201, url)


def test_links_below_a_room_have_its_name_if_the_client_asked_by_name(client: httpx.Client) -> None:
    assert client.post("/room", json={"name": "death note", "privacy": "private"}).status_code == 201
    below = f"{client.base_url}room/death%20note"
    for path in ("history", "history/latest", "member", "participant", "statistics", "webhook"):
        assert client.get(f"/room/death%20note/{path}").json()["links"]["self"] == f"{below}/{path}"
    created = client.post("/room/death%20note/webhook", json={"url": "http://x/", "event": "room_message"})
    location = created.headers["Location"]
    assert location == created.json()["links"]["self"] == f"{below}/webhook/{created.json()['id']}"
    assert client.get(location).json()["links"]["self"] == location


def test_the_next_page_below_a_room_has_its_name_too(client: httpx.Client) -> None:
    name = client.get(f"/room/{ROOM}").json()["name"]
    page = client.get(f"/room/{name}/history", params={"date": "2030-01-01", "max-results": 1}).json()
    assert page["links"]["next"].startswith(f"{page['links']['self']}?")
    assert client.get(page["links"]["next"]).json()["links"]["self"] == page["links"]["self"]


def test_links_below_a_room_have_its_number_if_the_client_asked_by_number(client: httpx.Client) -> None:
    assert client.get(f"/room/{ROOM}/history").json()["links"]["self"] == f"{client.base_url}room/{ROOM}/history"


def test_a_notification_of_an_add_on_tells_its_ids_as_texts(client: httpx.Client) -> None:
    addon = client.post("/addon", json={"url": "http://addon.example/capabilities"}).json()
    secret = (addon["oauthId"], addon["oauthSecret"])
    grant = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=secret).json()
    headers = {"Authorization": f"Bearer {grant['access_token']}"}
    assert client.post(f"/room/{ROOM}/notification", json={"message": "Beep"}, headers=headers).status_code == 204
    sender = {"client_id": addon["oauthId"], "id": str(addon["id"]), "type": "addon"}
    assert newest(client)["notification_sender"] == sender


def test_a_notification_of_a_user_tells_the_id_of_the_user_as_text(client: httpx.Client) -> None:
    assert client.post(f"/room/{ROOM}/notification", json={"message": "Beep"}).status_code == 204
    sender = newest(client)["notification_sender"]
    assert isinstance(sender, dict)
    assert (sender["type"], sender["client_id"], sender["id"].isdecimal()) == ("user", None, True)


def test_a_member_that_the_php_client_adds_with_an_empty_array_is_added(client: httpx.Client) -> None:
    room = client.post("/room", json={"name": "Closed", "privacy": "private"}).json()["id"]
    user = client.get("/user").json()["items"][-1]["id"]
    assert client.put(f"/room/{room}/member/{user}", content=b"[]", headers=JSON).status_code == 204
    assert user in [item["id"] for item in client.get(f"/room/{room}/member").json()["items"]]


def test_a_room_that_a_library_for_add_ons_creates_with_nulls_is_created(client: httpx.Client) -> None:
    body = {"name": "Deploys", "topic": None, "owner_user_id": None, "guest_access": False, "privacy": "public"}
    created = client.post("/room", json=body)
    assert created.status_code == 201
    assert client.get(f"/room/{created.json()['id']}").json()["topic"] == ""


def test_an_empty_array_is_no_message(client: httpx.Client) -> None:
    response = client.post(f"/room/{ROOM}/message", content=b"[]", headers=JSON)
    assert error(response) == (400, "Value [] for field 'body' is not of type 'object'")


@pytest.mark.parametrize(("sent", "is_listed"), [("1", True), ("0", False)])
def test_archived_rooms_are_listed_as_the_php_client_asks(client: httpx.Client, sent: str, *, is_listed: bool) -> None:
    assert client.put(f"/room/{ROOM}", json={"is_archived": True}).status_code == 204
    rooms = client.get("/room", params={"include-archived": sent, "max-results": 1000}).json()["items"]
    assert (ROOM in [room["id"] for room in rooms]) == is_listed
