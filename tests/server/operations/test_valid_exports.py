"""Exports after writes are valid."""

import re
from base64 import b64encode
from pathlib import Path

from hcfmt.check.engine import Options, validate
from hcfmt.export.writer import ArchiveForm, write_archive
from hcfmt.findings import Severity
from hcfmt.server.store import Upload
from tests.support.api import PNG, Api, find_room


def write_everything(api: Api) -> None:
    user = api("createUser", body={"name": "Nora Neu", "email": "nora@example.com"}).body["id"]
    api.user("updateUser", user, body={"is_group_admin": True, "timezone": "Asia/Tokyo", "title": "Tester"})
    api.user("updateUserPhoto", user, body={"photo": b64encode(PNG).decode()})
    deleted = api("createUser", body={"name": "Gone", "email": "gone@example.com"}).body["id"]
    room = api("createRoom", body={"name": "Brand: new", "topic": "T", "guest_access": True, "privacy": "private"})
    number = room.body["id"]
    api("addRoomMember", {"id_or_name": number, "id_or_email": user}, body={"room_roles": ["room_admin"]})
    for client in (api, api.as_user(user), api.as_addon(), api.as_user(deleted)):
        for room_id in (number, find_room(api)["id"]):
            client.room("sendRoomMessage", room_id, body={"message": "Hi @all"})
            card = {"style": "application", "id": "1", "title": "T", "activity": {"html": "<b>Hi</b>"}}
            client.room("sendRoomNotification", room_id, body={"message": "Hi", "color": "random", "card": card})
            client.room("shareLinkWithRoom", room_id, body={"link": "http://example.com"})
            client.room("shareFileWithRoom", room_id, body=Upload("rooms.json", "application/json", b"{}", {}))
    for change in ({"topic": "New"}, {"is_archived": True}, {"is_guest_accessible": False}, {"name": "Newer"}):
        api.room("updateRoom", number, body=change)
    api.room("updateRoom", number, body={"owner": {"id": user}, "is_archived": False, "is_guest_accessible": True})
    for peer in (user, deleted, api.owner):
        api.user("sendPrivateMessage", peer, body={"message": "Psst"})
        api.user("shareFileWithUser", peer, body=Upload("a.png", "image/png", PNG, {"message": "See"}))
    api.room("deleteRoom", api("createRoom", body={"name": "Short-lived"}).body["id"])
    api.user("deleteUser", deleted)


def test_an_export_after_all_writes_is_valid(api: Api, tmp_path: Path) -> None:
    write_everything(api)
    path = tmp_path / "export.tar"
    write_archive(str(path), ArchiveForm.TAR, api.store.export())
    report = validate(str(path), Options())
    findings = {
        (finding.code, re.sub(r"[0-9]+", "0", finding.message))
        for finding in report.findings
        if finding.severity > Severity.INFO
    }
    # An add-on is no user, and HipChat's own exports have 0 as the sender of its messages too. The messages of the
    # archive may look as if they ended early, years before those that were written just now (HC806).
    assert {code for code, _ in findings} - {"HC806"} == {"HC413"}, findings
