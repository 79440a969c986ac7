"""Whatever is written, what the store exports then is as valid as the archive was."""

import re
from base64 import b64encode
from pathlib import Path

from hcfmt.check.engine import Options, validate
from hcfmt.export.writer import ArchiveForm, write_archive
from hcfmt.findings import Severity
from hcfmt.server.store import Upload
from tests.server.operations.api import Api
from tests.server.operations.test_rooms import PNG, first


def write_of_everything(api: Api) -> None:
    user = api("createUser", body={"name": "Nora Neu", "email": "nora@example.com"}).body["id"]
    api.user("updateUser", user, body={"is_group_admin": True, "timezone": "Asia/Tokyo", "title": "Tester"})
    api.user("updateUserPhoto", user, body={"photo": b64encode(PNG).decode()})
    gone = api("createUser", body={"name": "Gone", "email": "gone@example.com"}).body["id"]
    room = api("createRoom", body={"name": "Brand: new", "topic": "T", "guest_access": True, "privacy": "private"})
    number = room.body["id"]
    api("addRoomMember", {"id_or_name": number, "id_or_email": user}, body={"room_roles": ["room_admin"]})
    for who in (api, api.as_user(user), api.as_addon(), api.as_user(gone)):
        for here in (number, first(api)["id"]):
            who.room("sendRoomMessage", here, body={"message": "Hi @all"})
            who.room("sendRoomNotification", here, body={"message": "Hi", "color": "random", "card": {"style": "link"}})
            who.room("shareLinkWithRoom", here, body={"link": "http://example.com"})
            who.room("shareFileWithRoom", here, body=Upload("rooms.json", "application/json", b"{}", {}))
    for change in ({"topic": "New"}, {"is_archived": True}, {"is_guest_accessible": False}, {"name": "Newer"}):
        api.room("updateRoom", number, body=change)
    api.room("updateRoom", number, body={"owner": {"id": user}, "is_archived": False, "is_guest_accessible": True})
    for peer in (user, gone, api.owner):
        api.user("sendPrivateMessage", peer, body={"message": "Psst"})
        api.user("shareFileWithUser", peer, body=Upload("a.png", "image/png", PNG, {"message": "See"}))
    api.room("deleteRoom", api("createRoom", body={"name": "Short-lived"}).body["id"])
    api.user("deleteUser", gone)


def test_an_export_of_what_was_written_has_no_finding_that_the_archive_had_not(api: Api, tmp_path: Path) -> None:
    write_of_everything(api)
    path = tmp_path / "export.tar"
    write_archive(str(path), ArchiveForm.TAR, api.store.export())
    report = validate(str(path), Options())
    told = {(one.code, re.sub(r"[0-9]+", "0", one.message)) for one in report.findings if one.severity > Severity.INFO}
    assert told == set()
