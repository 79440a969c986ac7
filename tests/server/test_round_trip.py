"""Round trip: a client reads everything that the archive holds, and the export equals the archive."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import hcfmt
from hcfmt.pytest_plugin import HipchatServer, HipchatServers
from tests.support import serving

AFTER_ALL = "2019-06-01T00:00:00Z"
PAGE = 23
RECORDS = dict[str, Any]


class Reader:
    """A client with a URL and a token."""

    def __init__(self, url: str, token: str, http: httpx.Client) -> None:
        """Create a client."""
        self._url = url
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 - any JSON value
        url = path if path.startswith("http") else f"{self._url}/{path}"
        parameters = {name.replace("_", "-"): str(value) for name, value in query.items()}
        return self._http.get(url, params=parameters or None, headers=self._headers).raise_for_status().json()

    def pages(self, path: str, **query: object) -> Iterator[RECORDS]:
        page = self.get(path, **query)
        yield from page["items"]
        while "next" in page["links"]:
            page = self.get(page["links"]["next"])
            yield from page["items"]

    def history(self, path: str) -> list[RECORDS]:
        pages = self.pages(f"{path}/history", date=AFTER_ALL, max_results=PAGE, reverse="false")
        return list(pages)[::-1]

    def as_user(self, user: RECORDS, password: str) -> "Reader":
        form = {"grant_type": "password", "username": user["email"], "password": password}
        session = self._http.post(f"{self._url}/oauth/token", data=form).raise_for_status().json()
        return Reader(self._url, session["access_token"], self._http)


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "nasty"])
def server(request: pytest.FixtureRequest, servers: HipchatServers) -> HipchatServer:
    return servers(
        "small", form="directory", messages=700, attachments=12, attachment_bytes=400_000, nasty=request.param
    )


@pytest.fixture(scope="module")
def tree(server: HipchatServer) -> Path:
    assert server.archive
    return server.archive.path


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with serving.Client() as client:
        yield client


@pytest.fixture(scope="module")
def reader(server: HipchatServer, http: httpx.Client) -> Reader:
    return Reader(server.api, server.token, http)


def records(tree: Path, path: str) -> list[RECORDS]:
    """Return the records of a data file, without their wrapper keys."""
    return [record for wrapped in json.loads((tree / path).read_bytes()) for record in wrapped.values()]


def moment(record: RECORDS) -> str:
    """Return the date of a record in the form of the API."""
    seconds, _, fraction = record["timestamp"].partition(" ")
    return f"{seconds.removesuffix('Z')}.{fraction}+00:00"


def expected_of(record: RECORDS) -> tuple[str, str, str]:
    """Return the id, date and text that a message must have for a record."""
    text = record["message"] or record.get("topic") or record.get("url") or ""
    if record.get("attachment") and text.startswith("File uploaded: "):  # the export's text of an upload without words
        text = ""
    if "is_archived" in record:
        text = f"The room was {'' if record['is_archived'] else 'un'}archived"
    return record["id"], moment(record), "" if record.get("deleted") else text


def visible_of(message: RECORDS) -> tuple[str, str, str]:
    """Return the id, date and text of a message."""
    return message["id"], message["date"], message["message"]


def test_every_user_is_read(reader: Reader, tree: Path) -> None:
    users = list(reader.pages("user", max_results=3, include_guests="true", include_deleted="true", expand="items"))
    expected = records(tree, "users.json")
    keys = ("id", "name", "mention_name", "email", "title", "timezone", "is_deleted")
    assert [[item[key] for key in keys] for item in users] == [[item[key] for key in keys] for item in expected]


def test_every_room_that_is_not_deleted_is_read(reader: Reader, tree: Path) -> None:
    rooms = list(reader.pages("room", max_results=3, include_archived="true", expand="items"))
    expected = [room for room in records(tree, "rooms.json") if not room["is_deleted"]]
    keys = ("id", "name", "privacy", "topic", "is_archived", "guest_access_url")
    assert [[item[key] for key in keys] for item in rooms] == [[item[key] for key in keys] for item in expected]
    assert [item["owner"]["id"] for item in rooms] == [item["owner"] for item in expected]


def test_every_message_of_every_room_is_read_in_order(reader: Reader, tree: Path) -> None:
    count = 0
    for room in reader.pages("room", include_archived="true"):
        messages = reader.history(f"room/{room['id']}")
        expected = records(tree, f"rooms/{room['id']}/history.json")
        assert [visible_of(item) for item in messages] == [expected_of(item) for item in expected]
        count += len(messages)
    assert count > 300


def test_every_private_message_is_read_with_the_tokens_of_its_users(
    server: HipchatServer, reader: Reader, tree: Path
) -> None:
    people = list(reader.pages("user", expand="items"))
    everybody = list(reader.pages("user", include_guests="true", include_deleted="true"))
    count = 0
    for person in people:
        own = reader.as_user(person, server.token)
        messages = [message for other in everybody for message in own.history(f"user/{other['id']}")]
        expected = records(tree, f"users/{person['id']}/history.json")
        assert sorted(visible_of(item) for item in messages) == sorted(expected_of(item) for item in expected)
        count += len(messages)
    assert count > 200


def test_every_file_is_read_unchanged(reader: Reader, tree: Path, http: httpx.Client) -> None:
    urls = {
        message["file"]["url"]
        for room in reader.pages("room")
        for message in reader.history(f"room/{room['id']}")
        if "file" in message
    }
    assert urls
    stored = {path.read_bytes() for path in tree.glob("rooms/*/files/*/*")}
    for url in urls:
        content = http.get(url).raise_for_status().content
        assert content in stored
        part = http.get(url, headers={"Range": "bytes=5-99"})
        assert (part.status_code, part.content) == (206, content[5:100])


def download_export(server: HipchatServer, http: httpx.Client, path: Path) -> str:
    response = http.post(f"{server.url}/_hcfmt/export", headers=server.headers).raise_for_status()
    path.write_bytes(response.content)
    return str(path)


def test_the_export_equals_the_archive(server: HipchatServer, tree: Path, http: httpx.Client, tmp_path: Path) -> None:
    path = download_export(server, http, tmp_path / "export.tar.gz")
    report, before = hcfmt.validate(path), hcfmt.validate(str(tree))
    assert report.verdict is hcfmt.Verdict.VALID
    assert report.totals == before.totals
    assert files(path) == {
        item.relative_to(tree).as_posix(): item.read_bytes() for item in tree.rglob("*") if item.is_file()
    }


def files(path: str) -> dict[str, bytes]:
    """Return the members of an archive."""
    import tarfile  # noqa: PLC0415

    with tarfile.open(path) as tar:
        return {member.name: file.read() for member in tar if (file := tar.extractfile(member))}
