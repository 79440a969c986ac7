"""Orphaned stored files: reported in every tree, if all records that may name them were read."""

import re
from pathlib import Path

import pytest

from hcfmt import Options, Report, Status, Verdict, validate
from tests.support.recipes import PASSWORD, cook

JPEG = "\\xff\\xd8\\xff\\xe0"
ROOM_FILE = "rooms/1/files/other/x.jpg"
PRIVATE_FILE = "users/files/other/x.jpg"
AVATAR = "users/1/avatars/other.jpg"
EMOTICON = "files/img/emoticons/1/other.jpg"
ORPHANS = [ROOM_FILE, PRIVATE_FILE, AVATAR, EMOTICON]

HISTORY = "rooms/1/history.json"
PRIVATE = "users/1/history.json"
# A record of which nothing at all can be read, in the file; which orphans are then not sure.
UNREAD = [
    ("users.json#/- = 7", {AVATAR}),
    ("rooms.json#/- = 7", {ROOM_FILE}),
    ("emoticons.json#/Emoticons/- = 7", {EMOTICON}),
    ("autojoins.json#/AutoJoins/- = 7", set[str]()),
    (f"{HISTORY}#/- = 7", {ROOM_FILE, PRIVATE_FILE}),
    (f"{PRIVATE}#/- = 7", {ROOM_FILE, PRIVATE_FILE}),
    ("metadata.json -", set[str]()),
]


def check(recipe: str, directory: Path) -> Report:
    cooked = cook(recipe)
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    return validate(str(path), Options(password=PASSWORD.encode, show_values=True))


def strange(report: Report) -> set[str | None]:
    return {finding.location.member for finding in report.findings if finding.code == "HC510"}


@pytest.mark.parametrize("path", ORPHANS)
@pytest.mark.parametrize("prefix", ["", "data/"])
def test_a_file_that_no_record_names_is_an_orphan_in_every_tree(path: str, prefix: str, tmp_path: Path) -> None:
    recipe = f"prefix {prefix}\n" if prefix else ""
    report = check(f"{recipe}{prefix}{path} = {JPEG}", tmp_path)
    assert report.totals["HC510"] == 1
    assert strange(report) == {prefix + path}


@pytest.mark.parametrize(("unread", "unsure"), UNREAD, ids=[recipe for recipe, _ in UNREAD])
@pytest.mark.parametrize("path", ORPHANS)
def test_a_file_is_no_orphan_when_a_record_that_may_name_it_was_not_read(
    path: str, unread: str, unsure: set[str], tmp_path: Path
) -> None:
    report = check(f"{path} = {JPEG}\n{unread}", tmp_path)
    assert (path in strange(report)) == (path not in unsure)
    reason = next(entry.reason for entry in report.ledger if entry.code == "HC510") or ""
    unread_of = re.match(r"not examined: stored files whose records were not all read: (\d+)", reason)
    assert int(unread_of[1] if unread_of else 0) == (path in unsure)


@pytest.mark.parametrize(
    ("path", "code"), [("rooms/2/files/a/x.jpg", "HC111"), ("users/3/avatars/x.jpg", "HC112")], ids=["room", "user"]
)
def test_a_file_below_an_unknown_id_is_reported_with_its_directory(path: str, code: str, tmp_path: Path) -> None:
    assert check(f"{path} = {JPEG}", tmp_path).totals == {code: 1}


def test_emoticons_without_their_data_file_are_not_reported_beside_it(tmp_path: Path) -> None:
    report = check(f"emoticons.json -\n{EMOTICON} = {JPEG}", tmp_path)
    assert (report.verdict, report.totals) == (Verdict.VALID, {"HC105": 1})
    assert [entry.code for entry in report.ledger if entry.status is Status.SKIPPED or entry.reason] == []


def test_private_files_without_private_histories_are_not_reported(tmp_path: Path) -> None:
    report = check("users/1/history.json -\nusers/2/history.json -", tmp_path)
    assert "HC510" not in report.totals
    entry = next(entry for entry in report.ledger if entry.code == "HC510")
    assert entry.reason == "not examined: stored files whose records were not all read: 2"
