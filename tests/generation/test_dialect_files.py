"""Exports are generated in the forms of Server and Cloud: the same company as in hc-migrate's, written as those did."""

import base64
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from hcfmt import Options, Verdict, validate
from hcfmt.export.dialects import CLOUD, SERVER
from hcfmt.export.writer import ArchiveForm
from hcfmt.generation.generate import generate
from hcfmt.generation.members import members
from hcfmt.generation.plan import Plan, planned
from tests.support.checking import in_manifest, processes
from tests.support.dialects import in_dialect, packed
from tests.support.memory import traced

DIALECTS = (SERVER, CLOUD)
COMPANY = {"users": 12, "guests": 1, "deleted_users": 2, "rooms": 5, "private_rooms": 2, "messages": 1_500}


def files(plan: Plan) -> dict[str, bytes]:
    return {entry.path: b"".join(entry.chunks) for entry in members(plan)}


def without_pictures(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files of which users.json has no avatars: hc-migrate's are JPEG, the others' PNG."""
    users = json.loads(files["users.json"])
    for user in users:
        user["User"]["avatar"] = user["User"]["avatar"] is not None
    return {**files, "users.json": json.dumps(users).encode()}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", ["plain", "nasty"])
def test_a_dialect_is_generated_as_an_hc_migrate_export_is_rewritten(dialect: str, text: str) -> None:
    plan: dict[str, Any] = {**COMPANY, "nasty": text == "nasty"}
    rewritten = in_dialect(packed(files(planned("tiny", **plan)).items()), dialect)
    generated = files(planned("tiny", **plan, dialect=dialect))
    assert without_pictures(generated) == without_pictures(dict(rewritten))
    assert [*generated][:4] == ["emoticons.json", "metadata.json", "rooms.json", "users.json"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_messages_are_written_the_newest_first(dialect: str) -> None:
    plan = planned("tiny", rooms=1, messages=1_200, private_share=0.0, dialect=dialect)
    history = json.loads(files(plan)["rooms/100001/history.json"])
    times = [message["timestamp"] for record in history for message in record.values()]
    assert len(times) == 1_200
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_avatars_are_png_files_in_base64(dialect: str) -> None:
    users = json.loads(files(planned("tiny", **COMPANY, dialect=dialect))["users.json"])
    avatars = [user["User"]["avatar"] for user in users]
    pictures = [Image.open(io.BytesIO(base64.decodebytes(avatar.encode()))) for avatar in avatars if avatar]
    assert {(picture.format, picture.size) for picture in pictures} == {("PNG", (125, 125))}
    assert None in avatars


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("form", ArchiveForm)
def test_every_form_is_valid_and_has_the_statistics_of_its_manifest(
    dialect: str, form: ArchiveForm, tmp_path: Path
) -> None:
    path = str(tmp_path / f"export{form}" if form is not ArchiveForm.DIRECTORY else tmp_path / "export")
    manifest = generate(path, planned("tiny", **COMPANY, dialect=dialect), password="hipchat")
    report = validate(path, Options(password="hipchat"))
    assert (report.verdict, report.totals) == (Verdict.VALID, {"HC019": 1})
    assert cast("dict[str, str]", report.inventory["dialect"])["name"] == dialect
    assert manifest["expected"] == in_manifest(report.inventory)


def test_deleted_and_renamed_rooms_are_not_told_apart_from_others(tmp_path: Path) -> None:
    plan: dict[str, Any] = {"rooms": 6, "deleted_rooms": 2, "renamed_rooms": 2, "messages": 300}
    manifest = generate(str(tmp_path / "export.tar"), planned("tiny", **plan, dialect=SERVER))
    rooms = manifest["expected"]["rooms"]
    assert (rooms["total"], rooms["public"]["deleted"] + rooms["private"]["deleted"]) == (6, 0)
    assert manifest["renamed_rooms"] == []


@pytest.mark.slow
def test_worker_processes_write_the_same_files() -> None:
    plan = planned("tiny", seed=3, dialect=CLOUD)
    with processes(2) as executor:
        written = {entry.path: b"".join(entry.chunks) for entry in members(plan, executor=executor)}
    assert written == files(plan)


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
def test_memory_does_not_grow_with_messages(dialect: str) -> None:
    def peak(messages: int) -> int:
        plan = planned("tiny", messages=messages, attachments=0, emoticons=0, seed=8, dialect=dialect)
        for entry in members(plan):  # the pools are filled
            assert sum(map(len, entry.chunks)) == entry.size
        with traced() as highest:
            for entry in members(plan):
                assert sum(map(len, entry.chunks)) == entry.size
            return highest()

    assert peak(6_000) < peak(1_500) + 3_000_000
