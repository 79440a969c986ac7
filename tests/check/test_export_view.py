"""One defect, one finding: what a broken export must and must not have said about it as a whole."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Exit, Options, Report, Status, Verdict, validate
from tests.recipes import PASSWORD, cook
from tests.synthetic import room, user

HISTORY = "rooms/1/history.json"
ONE = "users/1/history.json"
TWO = "users/2/history.json"
MOVED = [
    f"rename rooms/1/files/BcudLU14VxUEeUK/{name} users/files/BcudLU14VxUEeUK/{name}"
    for name in ("img.JPG", "img_thumb.jpg")
]
JPEG = "\\xff\\xd8\\xff\\xe0"

DEFECTS: list[tuple[str, str, dict[str, int]]] = [
    ("a topic that was cleared", f'{HISTORY}#/6/TopicRoomMessage/topic = ""', {"HC434": 1}),
    ("guest access at an address that is not told", f'{HISTORY}#/5/GuestAccessMessage/url = ""', {}),
    (
        "guest access switched off",
        f"{HISTORY}#/5/GuestAccessMessage/enable_guest_access = false",
        {"HC433": 1},
    ),
    (
        "an orphan while it is unsure of others",
        f"emoticons.json -\nusers/2/avatars/x.jpg = {JPEG}",
        {"HC105": 1, "HC510": 1},
    ),
    ("a broken user keeps all sizes of the avatar", 'users.json#/0/User/is_deleted = "no"', {"HC301": 1}),
    ("a broken emoticon keeps all sizes", 'emoticons.json#/Emoticons/0/width = "28"', {"HC301": 1}),
    ("a broken room keeps its name for others", 'rooms.json#/0/Room/is_archived = "no"', {"HC301": 1}),
    (
        "a broken room keeps its name in any case",
        'rooms.json#/0/Room/is_archived = "no"\nrooms.json#/0/Room/canonical_name = "Default"',
        {"HC301": 1},
    ),
    (
        "a broken message keeps its files",
        f"{HISTORY}#/2/UserMessage/attachment/size = -1",
        {"HC301": 1},
    ),
    (
        "a broken message keeps its files in the other tree",
        "\n".join([f"{HISTORY}#/2/UserMessage/attachment/size = -1", *MOVED]),
        {"HC301": 1},
    ),
    ("a message whose path is lost", f"{HISTORY}#/2/UserMessage/attachment/path -", {"HC301": 1}),
    ("a user whose id is lost", 'users.json#/0/User/id = "1"', {"HC301": 1}),
    ("an unreadable users.json", "users.json = [{", {"HC201": 1}),
    ("an unreadable rooms.json", "rooms.json = [{", {"HC201": 1}),
    ("an unreadable history", f"{HISTORY} = [{{", {"HC201": 1}),
    ("an unreadable emoticons.json", "emoticons.json = {", {"HC201": 1}),
    ("a missing users.json", "users.json -", {"HC104": 1}),
    ("a missing rooms.json", "rooms.json -", {"HC104": 1}),
    ("no message that could be read", f"{HISTORY} = [\n{ONE} = []\n{TWO} = []", {"HC201": 1}),
    ("an id written as a float", "rooms.json#/0/Room/id = 1.0", {"HC309": 1}),
    ("a user's id written as a float", "users.json#/1/User/id = 2.0", {"HC309": 1}),
    (
        "an uploader written as a float",
        f"{HISTORY}#/2/UserMessage/attachment/senderid = 99.0",
        {"HC309": 1, "HC408": 1},
    ),
    (
        "a date that is none",
        f'{HISTORY}#/0/UserMessage/timestamp = "0000-00-00T00:00:00Z 000000"',
        {"HC601": 1},
    ),
    (
        "a state at a date that is none",
        f'{HISTORY}#/3/ArchiveRoomMessage/timestamp = "9999-99-99T99:99:99Z 000000"',
        {"HC601": 1},
    ),
    ("a month that is none", f'{HISTORY}#/0/UserMessage/timestamp = "2018-13-01T00:00:00Z 000000"', {"HC601": 1}),
    ("a very old room", 'rooms.json#/0/Room/created = "0900-01-01T00:00:00+00:00"', {}),
    (
        "fewer digits of microseconds",
        f'{HISTORY}#/3/ArchiveRoomMessage/timestamp = "2018-04-02T15:45:02Z 99999"',
        {"HC602": 1},
    ),
    (
        "one broken emoticon among sound ones",
        "emoticons.json#/Emoticons/- = 7\nfiles/img/emoticons/1/hcdc-1522683674.jpg -",
        {"HC301": 1, "HC505": 1},
    ),
    (
        "one broken autojoin among sound ones",
        'autojoins.json#/AutoJoins/- = 7\nautojoins.json#/AutoJoins/0/id = "pref:autoJoin:9"',
        {"HC301": 1, "HC410": 1},
    ),
    (
        "JSON in a string that takes no part",
        r'autojoins.json#/AutoJoins/0/data = "[{\"jid\": \"1_nowhere@conf.btf.hipchat.com\"}, {}]"',
        {"HC305": 1},
    ),
    (
        "a whole user twice",
        "\n".join([f"users.json#/- = {json.dumps({'User': user(3)})}"] * 2 + ["users/3/history.json = []"]),
        {"HC420": 1},
    ),
    (
        "a whole room twice",
        "\n".join([f"rooms.json#/- = {json.dumps({'Room': room(2)})}"] * 2 + ["rooms/2/history.json = []"]),
        {"HC421": 1},
    ),
    (
        "an unsafe path whose file is there",
        f'{HISTORY}#/2/UserMessage/attachment/path = "/BcudLU14VxUEeUK/img.JPG"',
        {"HC514": 1},
    ),
    (
        "an unsafe avatar whose file is there",
        'users.json#/0/User/avatar = "/files/photos/1/PrypXtu4rN8sEFL.jpg"',
        {"HC514": 1, "HC510": 3},  # nothing says what such a path means
    ),
    ("one copy's id in capitals", f'{ONE}#/0/PrivateUserMessage/id = "518A7891-9E13-4A85-9BDB-839E5408E56B"', {}),
    (
        "a history under another user's id",
        f"rename {TWO} users/3/history.json",
        {"HC112": 1, "HC114": 1, "HC430": 1},
    ),
    ("a size beyond all files", f"{HISTORY}#/2/UserMessage/attachment/size = 12345678901234567890123",
     {"HC207": 1, "HC507": 1}),
    ("an image larger than any", "emoticons.json#/Emoticons/0/width = 1e20", {"HC309": 1, "HC516": 1}),
    (
        "a last state at a date that is none",
        f'{HISTORY}#/4/ArchiveRoomMessage/timestamp = "2018-04-31T15:45:02Z 000000"',
        {"HC601": 1},
    ),
    (
        "private ids written as floats",
        f"{ONE}#/0/PrivateUserMessage/sender/id = 2.0\n{ONE}#/0/PrivateUserMessage/receiver/id = 1.0",
        {"HC309": 2},
    ),
    (
        "a broken message keeps the file of an unsafe path",
        "\n".join(
            [
                f"{HISTORY}#/2/UserMessage/attachment/size = -1",
                f'{HISTORY}#/2/UserMessage/attachment/path = "/BcudLU14VxUEeUK/img.JPG"',
            ]
        ),
        {"HC301": 1},
    ),
    (
        "private histories that are links",
        "\n".join([f"{path} -\n{path} -> x" for path in (ONE, TWO)]
                  + [f"users.json#/- = {json.dumps({'User': user(3)})}", "users/3/history.json = []"]),
        {"HC102": 2},
    ),
    (
        "a misplaced file of a history that cannot be read",
        "\n".join([f"{HISTORY} = [", MOVED[0]]),
        {"HC201": 1},
    ),
    ("the sample itself", "", {}),
    ("a token in user metadata", r'users.json#/0/User/metadata = "{\"api_token\": \"x\"}"', {"HC713": 1}),
    ("an empty password", 'users.json#/0/User/password = ""', {"HC713": 1}),
    ("a password in metadata.json", 'metadata.json = {"password": "x"}', {"HC713": 1}),
    ("a token in preferences.json", 'preferences.json = {"api_token": "x"}', {"HC713": 1}),
]  # fmt: skip


def check(recipe: str, directory: Path) -> Report:
    cooked = cook(recipe or "(the documented sample as it is)")
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    return validate(str(path), Options(password=PASSWORD.encode))


@pytest.mark.parametrize(("what", "recipe", "totals"), DEFECTS, ids=[what for what, _, _ in DEFECTS])
def test_one_defect_is_told_once(what: str, recipe: str, totals: dict[str, int], tmp_path: Path) -> None:
    assert check(recipe, tmp_path).totals == totals, what


OMITTED = [
    ("users.json = [{", "HC401", "it needs users.json, which is missing or was not fully read"),
    ("rooms.json -", "HC111", "it needs rooms.json, which is missing or was not fully read"),
    ("emoticons.json -", "HC510", "not examined: stored files whose records were not all read: 4"),
    (
        'autojoins.json#/AutoJoins/0/data = "None"',
        "HC411",
        "not examined: records with JSON inside a string that could not be read: 1",
    ),
    (
        r'users.json#/0/User/metadata = "{\"api_token\": \"x\", \"confirmation_unix_time\": \"1\"}"',
        "HC713",
        "not examined: records with JSON inside a string that could not be read: 1",
    ),
    (f"{HISTORY} = [", "HC801", "not examined: histories that are ambiguous or were not fully read: 1"),
    ("rooms.json = [{", "HC713", "not examined: data files that were not read to their end: 1"),
    (
        'rooms.json#/0/Room/password = "x"\nrooms.json#/0/Room/is_archived = "no"',
        "HC713",
        "not examined: records that contradict their schema: 1",
    ),
    (
        f'{HISTORY}#/4/ArchiveRoomMessage/timestamp = "2018-04-31T15:45:02Z 000000"',
        "HC432",
        "not examined: rooms that are ambiguous or were not fully read: 1",
    ),
    ("users.json -", "HC431", "it needs users.json, which is missing or was not fully read"),
    (f"{HISTORY}#/0/UserMessage/message = 5", "HC401", "not examined: records that contradict their schema: 1"),
    (f"{HISTORY} = []\n{ONE} = []\n{TWO} = []", "HC401", "sender: none found, although an export should have some"),
]


@pytest.mark.parametrize(("recipe", "code", "reason"), OMITTED)
def test_what_a_rule_could_not_tell_is_said(recipe: str, code: str, reason: str, tmp_path: Path) -> None:
    entry = next(entry for entry in check(recipe, tmp_path).ledger if entry.code == code)
    assert (entry.status, entry.reason) == (Status.SKIPPED, reason)


def test_a_broken_record_of_one_file_leaves_the_rules_of_others_alone(tmp_path: Path) -> None:
    report = check(f"{HISTORY}#/0/UserMessage/message = 5", tmp_path)
    passed = {entry.code for entry in report.ledger if entry.status is Status.PASSED}
    assert {"HC404", "HC407", "HC410", "HC420", "HC421", "HC503", "HC505", "HC704"} <= passed


def test_no_directory_that_people_named_is_in_a_sentence(tmp_path: Path) -> None:
    report = check('rooms.json#/0/Room/topic = "zz"\nprefix AcmeSecret/', tmp_path)
    assert report.totals == {"HC107": 1, "HC434": 1}
    assert "Acme" not in repr(report)


def test_a_fault_of_hcfmt_while_references_are_resolved_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("hcfmt.check.final_check.check_references", raises)
    report = check("", tmp_path)
    assert (report.totals, report.exit) == ({"HCX02": 1}, Exit.INTERNAL)
    statuses = {entry.code: entry.status for entry in report.ledger}
    assert (statuses["HC401"], statuses["HC430"]) == (Status.SKIPPED, Status.PASSED)


def test_a_prefix_like_a_directory_of_the_export_changes_no_numbers(tmp_path: Path) -> None:
    assert check("prefix rooms/", tmp_path).inventory["busiest_rooms"] == [{"room": 1, "name": None, "messages": 9}]


def write(directory: Path, files: dict[str, Any]) -> Path:
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(json.dumps(content))
    return directory


def test_users_without_messages_are_valid_and_suspect(tmp_path: Path) -> None:
    files = {"users.json": [{"User": user(1)}], "rooms.json": [{"Room": room(1)}], "rooms/1/history.json": []}
    report = validate(str(write(tmp_path, files)), Options())
    assert (report.verdict, report.totals["HC801"]) == (Verdict.VALID, 1)


def test_a_rule_that_could_not_tell_counts_nothing_either(tmp_path: Path) -> None:
    files = {"rooms.json": [{"Room": room(1) | {"members": list(range(100))}}], "rooms/1/history.json": []}
    report = validate(str(write(tmp_path, files)), Options(keep=1))
    assert set(report.totals) == {"HC104", "HC105"}


@settings(max_examples=30)
@given(count=st.integers(1, 40), keep=st.integers(1, 5))
def test_findings_of_references_are_counted_all_and_kept_the_first_ones(
    count: int, keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lonely = room(1) | {"members": list(range(2, 2 + count)), "privacy": "private"}
    files = {"users.json": [{"User": user(1)}], "rooms.json": [{"Room": lonely}], "rooms/1/history.json": []}
    report = validate(str(write(tmp_path_factory.mktemp("export"), files)), Options(keep=keep))
    assert report.totals["HC403"] == count
    pointers = [one.location.pointer for one in report.findings if one.code == "HC403"]
    assert pointers == [f"/0/Room/members/{place}" for place in range(min(count, keep))]
