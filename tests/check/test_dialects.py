"""Exports that other exporters than hc-migrate wrote: each is told, and checked by the schemas of its dialect."""

import io
import json
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt import Options, Report, Verdict, validate
from hcfmt.check import slice_check
from hcfmt.check.slice_diagnosis import SliceDiagnosis
from hcfmt.errors import UsageError
from hcfmt.export import schema_errors, schema_walk
from hcfmt.export.writer import ArchiveForm
from hcfmt.findings import Severity
from hcfmt.profiles.loading import builtin_names
from hcfmt.strategies.archives import Sample, archives
from tests.support.dialects import Files, in_dialect, packed
from tests.support.generated_exports import company

DIALECTS = ("server", "cloud")
OTHER_DIALECT, WRONG_DIALECT, NO_EXPORT = "HC019", "HC020", "HC012"

each_dialect = pytest.mark.parametrize("dialect", DIALECTS)
Json = dict[str, Any]


def check(files: Files, **options: Any) -> Report:  # noqa: ANN401 - fields of Options
    return validate(io.BytesIO(packed(files)), Options(**options))


def above_info(report: Report) -> set[str]:
    return {finding.code for finding in report.findings if finding.severity is not Severity.INFO}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("company") / "company.tar"
    return company(path, ArchiveForm.TAR, 12, 5, 60).read_bytes()


def name_of(report: Report) -> object:
    inventory: Any = report.inventory
    return inventory["dialect"]["name"]


def changed(files: Files, path: str, change: Any) -> Files:  # noqa: ANN401 - a function of a JSON value
    """Return files of which one holds another value: what ``change`` makes of it in place."""
    found = dict(files)
    value = json.loads(found[path])
    change(value)
    return list((found | {path: json.dumps(value).encode()}).items())


def explain_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let compiled code accept nothing."""
    monkeypatch.setattr(slice_check, "_accepted", lambda *_: None)
    monkeypatch.setattr(schema_errors, "has_no_flaw", lambda *_: False)
    monkeypatch.setattr(schema_walk, "is_accepted", lambda *_: False)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(archives(forms=(ArchiveForm.TAR,)), st.sampled_from(DIALECTS), st.randoms(use_true_random=False))
def test_a_sound_export_of_another_dialect_is_valid_in_any_order(sample: Sample, dialect: str, random: Random) -> None:
    report = validate(io.BytesIO(packed(in_dialect(sample.data, dialect), random)))
    assert above_info(report) <= {finding.code for finding in validate(io.BytesIO(sample.data)).findings}
    if sample.plan.rooms:  # rooms.json tells Server from Cloud
        assert (name_of(report), report.verdict) == (dialect, Verdict.VALID)
        assert report.totals[OTHER_DIALECT] == 1


@each_dialect
def test_compiled_code_accepts_a_sound_export_of_another_dialect(
    sound: bytes, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = in_dialect(sound, dialect)
    expected = check(files)
    assert (expected.verdict, above_info(expected)) == (Verdict.VALID, set())
    with monkeypatch.context() as patch:
        patch.setattr(SliceDiagnosis, "__init__", None)
        assert check(files) == expected
    explain_everything(monkeypatch)
    assert check(files) == expected


@each_dialect
def test_an_export_of_another_dialect_has_the_same_people_rooms_and_messages(sound: bytes, dialect: str) -> None:
    before: Any = validate(io.BytesIO(sound)).inventory
    after: Any = check(in_dialect(sound, dialect)).inventory
    for kind in ("messages", "months", "users", "emoticons", "private_pairs"):
        assert after[kind] == before[kind], kind
    assert after["rooms"]["total"] == before["rooms"]["total"]


@each_dialect
def test_every_importer_has_a_verdict_on_an_export_of_another_dialect(sound: bytes, dialect: str) -> None:
    files = in_dialect(sound, dialect)
    report = check(files, importers=list(builtin_names()))
    assert above_info(report) == set()
    assert {verdict.importer for verdict in report.importers} == set(builtin_names())


def _set(*path_and_value: Any) -> Any:  # noqa: ANN401 - steps, and any JSON value
    *path, last, value = path_and_value

    def change(document: Any) -> None:  # noqa: ANN401 - any JSON value
        for step in path:
            document = document[step]
        document[last] = value

    return change


def _mention(user: int) -> Any:  # noqa: ANN401 - a function of a JSON value
    def change(history: list[Json]) -> None:
        message = next(record["UserMessage"] for record in history if "UserMessage" in record)
        message["mentions"].append(user)

    return change


def _forget_path(history: list[Json]) -> None:
    message = next(record["UserMessage"] for record in history if record.get("UserMessage", {}).get("attachment"))
    message["attachment_path"] = None


BROKEN: dict[str, tuple[str, Any, str]] = {
    "a picture that is no base64": ("users.json", _set(0, "User", "avatar", "not base64!"), "HC301"),
    "a picture that was cut": ("users.json", _set(0, "User", "avatar", "iVBORw0KG"), "HC301"),
    "a picture at no address": ("users.json", _set(0, "User", "avatar", "https:/www.example.com/a.png"), "HC301"),
    "a member who does not exist": ("rooms.json", _set(0, "Room", "members", [{"id": 99}]), "HC403"),
    "a member who does not exist, as an id": ("rooms.json", _set(0, "Room", "members", [99]), "HC403"),
    "a mention of nobody": ("rooms/100/history.json", _mention(99), "HC412"),
    "a room message with one path of its file": ("rooms/100/history.json", _forget_path, "HC511"),
    "an owner who does not exist": ("rooms.json", _set(0, "Room", "owner", 99), "HC404"),
    "a room twice": ("rooms.json", lambda rooms: rooms.append(rooms[0]), "HC421"),
    "a user twice": ("users.json", lambda users: users.append(users[0]), "HC420"),
    "an emoticon without its file": (
        "emoticons.json",
        lambda emoticons: emoticons.append({"Emoticon": {"id": 77, "path": "emoticons/no.png", "shortcut": "no"}}),
        "HC505",
    ),
    "an emoticon with a path of hc-migrate": (
        "emoticons.json",
        lambda emoticons: emoticons.append({"Emoticon": {"id": 77, "path": "1/no.png", "shortcut": "no"}}),
        "HC505",
    ),
    "a property of hc-migrate's last": ("rooms.json", _set(0, "Room", "privacy", "none"), "HC301"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_export_of_server_is_checked_as_one_of_hc_migrate_is(sound: bytes, case: str) -> None:
    path, change, code = BROKEN[case]
    report = check(changed(in_dialect(sound, "server"), path, change))
    assert above_info(report) - {"HC424", "HC425", "HC426"} == {code}
    assert name_of(report) == "server"


@each_dialect
@pytest.mark.parametrize("address", ["https://www.example.com/a.png", "HTTP://a.example", "//www.example.com/a.png"])
def test_a_picture_at_an_address_on_the_web_is_an_information(
    sound: bytes, dialect: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = changed(in_dialect(sound, dialect), "users.json", _set(0, "User", "avatar", address))
    report = check(files)
    assert (report.verdict, above_info(report)) == (Verdict.VALID, set())
    assert report.totals["HC517"] == 1
    (finding,) = (found for found in report.findings if found.code == "HC517")
    assert (finding.location.member, finding.location.pointer) == ("users.json", "/0/User/avatar")
    explain_everything(monkeypatch)
    assert check(files) == report


def test_a_file_of_another_dialect_than_the_rest_is_one_error(sound: bytes) -> None:
    files = dict(in_dialect(sound, "server"))
    with_one = validate(io.BytesIO(packed((files | {"rooms.json": _original(sound, "rooms.json")}).items())))
    assert with_one.totals[WRONG_DIALECT] == 1
    (finding,) = (found for found in with_one.findings if found.code == WRONG_DIALECT)
    assert (finding.location.member, finding.values["count"]) == ("rooms.json", 1)


def _original(data: bytes, path: str) -> bytes:
    import tarfile  # noqa: PLC0415 - for this alone

    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        file = tar.extractfile(path)
        assert file
        return file.read()


@pytest.mark.parametrize("demanded", ["hc-migrate", "server", "cloud"])
@pytest.mark.parametrize("dialect", ["hc-migrate", "server", "cloud"])
def test_an_export_of_another_dialect_than_is_demanded_is_one_error(sound: bytes, dialect: str, demanded: str) -> None:
    data = sound if dialect == "hc-migrate" else packed(in_dialect(sound, dialect))
    report = validate(io.BytesIO(data), Options(dialect=demanded))
    assert report.totals.get(WRONG_DIALECT, 0) == (dialect != demanded)
    assert above_info(report) <= {WRONG_DIALECT}
    assert OTHER_DIALECT not in report.totals


def test_an_export_that_nothing_tells_may_be_of_any_dialect() -> None:
    files = [("users.json", b"[]"), ("rooms.json", b"[]"), ("metadata.json", b"{}")]
    assert WRONG_DIALECT not in check(files, dialect="server").totals


def test_an_unknown_dialect_is_wrong_usage(sound: bytes) -> None:
    with pytest.raises(UsageError, match="There is no dialect 'sever'; did you mean 'server'"):
        validate(io.BytesIO(sound), Options(dialect="sever"))


STRIDE_USER: Json = {
    "id": "5b2937d447afa959b147a4a6", "name": "Bob", "mention_name": "bob", "email": "b@hipchat.example", "title": "",
    "avatar": None, "created": "2018-01-01T00:00:00+00:00", "is_deleted": False, "timezone": "UTC",
    "account_type": "user", "roles": ["user"], "rooms": [],
}  # fmt: skip
UNCHECKED: dict[str, tuple[Files, str]] = {
    "Stride": ([("users.json", json.dumps([{"User": STRIDE_USER}] * 3000).encode()), ("rooms.json", b"[]")], "Stride"),
    "answers of the API": (
        [("users.json", b'{"items": [{"id": 1}], "startIndex": 0}'), ("rooms.json", b'{"items": []}')], "REST API"
    ),
    "Cloud's old format": (
        [("hipchat_export/rooms/list.json", b'{"rooms": []}'), ("hipchat_export/users/list.json", b'{"users": []}')],
        "an old export of HipChat Cloud",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNCHECKED)
def test_an_export_that_is_not_checked_is_named_in_one_finding(case: str) -> None:
    files, name = UNCHECKED[case]
    report = check(files)
    assert dict(report.totals) == {NO_EXPORT: 1}
    assert name in report.findings[0].message
    assert report.verdict is Verdict.INCOMPLETE


@each_dialect
def test_a_prefix_is_reported_unless_server_wrote_it(sound: bytes, dialect: str) -> None:
    files = [(f"./{path}", data) for path, data in in_dialect(sound, dialect)]
    assert above_info(check(files)) == ({"HC119"} if dialect == "cloud" else set())
