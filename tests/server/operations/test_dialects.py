"""The API answers from exports of HipChat Server and Cloud as it does from hc-migrate's."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.server.api import tokens
from hcfmt.server.store import open_store
from tests.support.api import MAIN, Api

PLAN: dict[str, Any] = {"users": 8, "guests": 1, "deleted_users": 1, "rooms": 4, "private_rooms": 2, "messages": 400}
PLAN |= {
    "notification_share": 0.2,
    "attachments": 6,
    "emoticons": 2,
    "archived_rooms": 1,
    "deleted_rooms": 0,
    "seed": 7,
}
# What differs: versions, random names of photos, and what the dialects lack: who uploaded an emoticon, and what it was
# called. Cloud does not say who are the admins of a room.
UNLIKE = frozenset({"version", "photo_url", "creator", "url", "room_roles"})
EVERYBODY = "include-guests=true&include-deleted=true&expand=items"
TO_ALL = re.compile("@(?:all|here)")
EVER = "date=2100-01-01&max-results=1000"


def opened(directory: Path, dialect: str) -> Iterator[Api]:
    path = str(directory / "export.tar")
    generate(path, planned("tiny", **PLAN, dialect=dialect))
    with open_store(path) as store:
        tokens.put_main_token(store, MAIN)
        yield Api(store)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a client of the company's hc-migrate export."""
    yield from opened(tmp_path_factory.mktemp("plain"), "hc-migrate")


@pytest.fixture(scope="module", params=["server", "cloud"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a client of the company's export in another dialect."""
    yield from opened(tmp_path_factory.mktemp("other"), request.param)


def alike(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a body without what differs; URLs of files in rooms stay."""
    if isinstance(value, dict):
        return {name: alike(part) for name, part in value.items() if name not in UNLIKE or "/rooms/" in str(part)}
    return [alike(item) for item in value] if isinstance(value, list) else value


def items(api: Api, operation: str, query: str = "", **path: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api(operation, path, query).body["items"]
    return found


def test_users_have_the_same_properties_and_a_photo(plain: Api, other: Api) -> None:
    users = items(other, "getAllUsers", EVERYBODY)
    assert alike(users) == alike(items(plain, "getAllUsers", EVERYBODY))
    photos = [user["photo_url"] for user in users]
    assert None in photos
    assert any(photos)
    assert all(other.file(url) for url in photos if url)


def test_rooms_have_the_same_properties_and_people(plain: Api, other: Api) -> None:
    query = "include-archived=true&expand=items"
    rooms = items(other, "getAllRooms", query)
    expected = items(plain, "getAllRooms", query)
    for mine, theirs in zip(rooms, expected, strict=True):
        people, everybody = (alike(room.pop("participants")) for room in (mine, theirs))
        assert people
        assert all(person in everybody for person in people)  # admins of public rooms are among them, if named
        assert len(people) == len(everybody) or mine["privacy"] == "public"
    assert alike(rooms) == alike(expected)


def test_private_rooms_have_the_same_members(plain: Api, other: Api) -> None:
    private = [room for room in items(other, "getAllRooms") if room["privacy"] == "private"]
    assert private
    for room in private:
        members = items(other, "getAllRoomMembers", id_or_name=room["id"])
        assert members
        assert alike(members) == alike(items(plain, "getAllRoomMembers", id_or_name=room["id"]))
        assert {role for member in members for role in member["room_roles"]} >= {"room_member"}


def test_histories_of_rooms_have_the_same_messages_and_files(
    plain: Api, other: Api, request: pytest.FixtureRequest
) -> None:
    dialect, types, files = request.node.callspec.params["other"], set(), 0
    for room in items(other, "getAllRooms", "include-archived=true"):
        messages = items(other, "getRoomHistory", EVER, id_or_name=room["id"])
        expected = items(plain, "getRoomHistory", EVER, id_or_name=room["id"])
        for mine, theirs in zip(messages, expected, strict=True):
            # Admins are among those mentioned, if named.
            if dialect == "cloud" and TO_ALL.search(mine["message"]):
                people, everybody = (alike(message.pop("mentions")) for message in (mine, theirs))
                assert all(person in everybody for person in people)
        assert alike(messages) == alike(expected)
        for message in messages:
            types.add(message["type"])
            if "file" in message:
                stored = other.file(message["file"]["url"])
                assert stored is not None
                assert stored.size == message["file"]["size"]
                files += 1
            if message["type"] == "notification":
                assert isinstance(message["from"], str)
                assert (message["message_format"], message["notification_sender"]["type"]) == ("html", "addon")
    assert types == {"message", "notification", "topic", "guest_access"}
    assert files


def test_private_histories_have_the_same_messages(plain: Api, other: Api) -> None:
    count = 0
    people = [user["id"] for user in items(other, "getAllUsers")]
    for person in people:
        mine, theirs = other.as_user(person), plain.as_user(person)
        for peer in people:
            messages = items(mine, "getUserHistory", EVER, id_or_email=peer)
            assert alike(messages) == alike(items(theirs, "getUserHistory", EVER, id_or_email=peer))
            count += len(messages)
    assert count


def test_emoticons_have_a_size_and_a_file(plain: Api, other: Api) -> None:
    emoticons = items(other, "getAllEmoticons", "expand=items")
    assert alike(emoticons) == alike(items(plain, "getAllEmoticons", "expand=items"))
    assert all(emoticon["width"] == emoticon["height"] > 0 for emoticon in emoticons)
    assert all(other.file(emoticon["url"]) for emoticon in emoticons)
    assert {emoticon["creator"] for emoticon in emoticons} == {None}
