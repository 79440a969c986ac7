"""An importer, as somebody might write it who has never seen hcfmt's code, tested with exports that nobody wrote."""  # noqa: INP001 - no package

import json
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from hypothesis import given, settings

from hcfmt.strategies import messages

if TYPE_CHECKING:
    from hcfmt.pytest_plugin import HipchatArchives, HipchatExportTrees, HipchatServers, ValidHipchatExport


class BrokenExportError(Exception):
    """The export cannot be imported."""


def imported(archive: Path) -> dict[int, list[str]]:
    """Return what each user wrote in rooms, by user id; raise BrokenExportError for an author who is no user."""
    with tarfile.open(archive) as tar:
        files = {item.name: tar.extractfile(item) for item in tar if item.name.endswith(".json")}
        data: dict[str, Any] = {name: json.load(file) for name, file in files.items() if file}
    written: dict[int, list[str]] = {item["User"]["id"]: [] for item in data["users.json"]}
    for name, history in data.items():
        for record in history if name.startswith("rooms/") and name.endswith("/history.json") else ():
            for message in record.values():
                take(message, written)
    return written


def take(message: dict[str, Any], written: dict[int, list[str]]) -> None:
    """Add a room message to what its author wrote; what integrations sent is left out."""
    author = message["sender"]["id"]
    if author not in written and author != 0:
        raise BrokenExportError(author)
    written.get(author, []).append(message["message"])


def test_everything_that_was_written_is_imported(hipchat_archive: "HipchatArchives") -> None:
    archive = hipchat_archive("tiny", messages=30)
    written = imported(archive.path)
    assert list(written) == archive.manifest["users"]
    assert any(written.values())


def test_an_export_with_an_unknown_sender_is_refused(hipchat_archive: "HipchatArchives") -> None:
    broken = hipchat_archive("tiny", messages=30, private_share=0.0, damage="unknown-sender")
    assert broken.damage == "HC401"
    with pytest.raises(BrokenExportError):
        imported(broken.path)


def test_what_is_written_anew_is_still_valid(
    tmp_path: Path, hipchat_export_tree: "HipchatExportTrees", assert_valid_hipchat_export: "ValidHipchatExport"
) -> None:
    tree = tmp_path / "export"
    shutil.copytree(hipchat_export_tree("tiny"), tree)
    users = json.loads((tree / "users.json").read_bytes())
    (tree / "users.json").write_text(json.dumps(users, indent=2), encoding="utf-8")
    assert_valid_hipchat_export(tree)


def test_rooms_are_found_by_the_api_as_well(hipchat_server: "HipchatServers") -> None:
    server = hipchat_server("tiny")
    with urlopen(Request(f"{server.api}/room?include-archived=true", headers=server.headers)) as answer:  # noqa: S310 - http
        rooms = json.load(answer)["items"]
    assert {item["id"] for item in rooms} <= set(server.archive.manifest["rooms"] if server.archive else ())
    assert [item["query"] for item in server.requests(operation="getAllRooms")] == [{"include-archived": "true"}]


@given(messages("TopicRoomMessage"))
@settings(max_examples=20, deadline=None)
def test_any_message_is_taken(message: dict[str, Any]) -> None:
    written: dict[int, list[str]] = {message["sender"]["id"]: []}
    take(message, written)
    assert written[message["sender"]["id"]] == [message["message"]]
