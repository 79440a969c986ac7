"""Report of one input: what is read, what is found, and what the ledger says of the rest."""

import copy
import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from msgspec.structs import replace

from hcfmt import Budget, Exit, Options, Report, Severity, Status, UsageError, Verdict, validate
from hcfmt.check import slice_check
from hcfmt.check.catalogue import RULES
from hcfmt.check.context import CheckContext
from hcfmt.check.export_directory import MOST_EXTRAS
from hcfmt.check.facts import Facts
from hcfmt.check.slice_check import check_slice
from hcfmt.container import Archive
from hcfmt.export import slices
from hcfmt.export.records import WRAPPERS
from hcfmt.export.slices import Slice
from hcfmt.verdict import exit_status
from tests.support.checking import content, processes
from tests.support.recipes import PASSWORD, UNCHANGED, cook
from tests.support.rule_cases import ODD_FILES, UNREADABLE
from tests.support.synthetic import members


def check(recipe: str, directory: Path, **options: Any) -> Report:  # noqa: ANN401 - fields of Options
    cooked = cook(recipe)
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    return validate(str(path), Options(password=PASSWORD.encode, **options))


def entry(report: Report, code: str) -> tuple[Status, int, str | None]:
    found = next(entry for entry in report.ledger if entry.code == code)
    return found.status, found.examined, found.reason


def findings_of(report: Report, code: str) -> list[tuple[str | None, str | None]]:
    return [(finding.location.member, finding.location.pointer) for finding in report.findings if finding.code == code]


def test_every_rule_has_its_line_in_the_ledger_in_order(tmp_path: Path) -> None:
    report = check(UNCHANGED, tmp_path)
    assert [entry.code for entry in report.ledger] == list(RULES)


@pytest.mark.parametrize(("recipe", "code", "expected"), UNREADABLE)
def test_the_ledger_counts_unexamined_objects(
    recipe: str, code: str, expected: tuple[Status, int, str | None], tmp_path: Path
) -> None:
    status, examined, reason = entry(check(recipe, tmp_path), code)
    assert (status, reason) == (expected[0], expected[2])
    assert examined == expected[1] or "cut" in recipe


def test_an_export_without_records_is_incomplete(tmp_path: Path) -> None:
    for name in ("users.json", "rooms.json", "metadata.json", "preferences.json"):
        (tmp_path / name).write_text("[]")
    (tmp_path / "emoticons.json").write_text('{"Emoticons": []}')
    (tmp_path / "autojoins.json").write_text('{"AutoJoins": []}')
    report = validate(str(tmp_path), Options())
    assert report.verdict is Verdict.INCOMPLETE
    assert entry(report, "HC301") == (
        Status.SKIPPED,
        0,
        "no record found, although an export should have some",
    )


STATUSES: list[tuple[str, Severity, Verdict]] = [
    (UNCHANGED, Severity.INFO, Verdict.VALID),
    ('users.json#/0/User/id = "1"', Severity.ERROR, Verdict.INVALID),
    ("metadata.json -", Severity.ERROR, Verdict.VALID),
    ("metadata.json -", Severity.WARNING, Verdict.INVALID),
    ("users.json#/0/User/links = 1", Severity.SUSPECT, Verdict.VALID),
    ("users.json#/0/User/links = 1", Severity.INFO, Verdict.INVALID),
    ("gzip cut -900", Severity.INFO, Verdict.INCOMPLETE),
    ("aes pad \\x00", Severity.ERROR, Verdict.INCOMPLETE),
]  # fmt: skip


@pytest.mark.parametrize(("recipe", "fail_on", "verdict"), STATUSES)
def test_the_verdict_follows_from_the_findings_and_fail_on(
    recipe: str, fail_on: Severity, verdict: Verdict, tmp_path: Path
) -> None:
    report = check(recipe, tmp_path, fail_on=fail_on)
    assert report.verdict is verdict
    assert report.exit is Exit[verdict.name]


def test_of_several_reports_the_highest_status_counts(tmp_path: Path) -> None:
    valid, invalid, incomplete = (
        check(recipe, tmp_path) for recipe in (UNCHANGED, 'users.json#/0/User/id = "1"', "gzip cut 900")
    )
    internal = replace(valid, failed=True)
    assert exit_status([]) is Exit.VALID
    assert exit_status([valid, invalid]) is Exit.INVALID
    assert exit_status([valid, invalid], exit_zero=True) is Exit.VALID
    assert exit_status([incomplete, invalid], exit_zero=True) is Exit.INCOMPLETE
    assert exit_status([internal, incomplete, invalid, valid], exit_zero=True) is Exit.INTERNAL


CANARY = "swordfish"
CANARIES = [
    f'users.json#/0/User/name = ["{CANARY}"]',
    f'users.json#/0/User/{CANARY}-is-out = "{CANARY}"',
    f'rooms/1/history.json#/0/UserMessage/type = "{CANARY}"',
    f'rooms/1/history.json#/0/UserMessage/timestamp = "{CANARY}"',
    f'rooms/1/history.json#/0/UserMessage/sender/mention_name = "{CANARY}"',
    f'rooms/1/history.json#/0 = {{"{CANARY} kind": "{CANARY}"}}',
    f'rooms.json#/0/Room/members = [{{"id": 1, "name": "{CANARY}"}}]',
    f'autojoins.json#/AutoJoins/0/data = "{CANARY}"',
    f'users.json#/0/User/metadata = "{{\\"{CANARY} is\\": 1, \\"{CANARY} IS\\": 2}}"',
    f'autojoins.json#/AutoJoins/0/data = "[{{\\"jid\\": \\"\\", \\"{CANARY} password\\": 1}}]"',
    f'autojoins.json#/AutoJoins/0/data = "[{{\\"jid\\": \\"\\", \\"{CANARY}\\": {{\\"a\\": 1, \\"A\\": 2}}}}]"',
    f'rooms/1/history.json#/7/NotificationMessage/card = "{{\\"{CANARY} secret\\": {{\\"a\\": 1, \\"A\\": 2}}}}"',
    f'preferences.json = {{"{CANARY}": 1, "{CANARY}": "{CANARY}"}}',
    f'preferences.json = {{"{CANARY}": NaN}}',
    f'preferences.json = {{"{CANARY}": "{CANARY}\\u0000"}}',
    f"{CANARY}.txt = {CANARY}",
    f"rooms/1/files/{CANARY}/users.json = {CANARY}",
    f"{CANARY}/users.json = []",
    f"../{CANARY} = x",
    f"{CANARY} -> {CANARY}",
    f"prefix {CANARY}/",
    f"{CANARY}\\xff = x",
    f"{CANARY}a = x\n{CANARY}A = y",
]


def everything(report: Report) -> str:
    return repr(report)


@pytest.mark.parametrize("recipe", CANARIES)
def test_no_text_of_the_archive_is_in_a_report(recipe: str, tmp_path: Path) -> None:
    report = check(recipe, tmp_path)
    assert report.findings
    assert CANARY not in everything(report)


@pytest.mark.parametrize("recipe", [recipe for recipe in CANARIES if "prefix" not in recipe])
def test_text_of_the_archive_is_shown_when_asked_for(recipe: str, tmp_path: Path) -> None:
    assert CANARY in everything(check(recipe, tmp_path, show_values=True))


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    text = json.dumps("x" * 5000)
    report = check(f"rooms/1/history.json#/0/UserMessage/type = {text}", tmp_path, show_values=True)
    (finding,) = report.findings
    assert "xxx... (a string of 5000 characters)" in finding.message
    assert len(finding.message) < 300


def test_a_property_that_is_news_is_named_when_it_looks_like_a_programs_name(tmp_path: Path) -> None:
    report = check("users.json#/0/User/links = 1\nusers.json#/0/User/two-words = 1", tmp_path)
    assert findings_of(report, "HC303") == [("users.json", "/0/User/[9 characters]"), ("users.json", "/0/User/links")]


def test_a_property_inside_embedded_json_is_named_when_it_looks_like_a_programs_name(tmp_path: Path) -> None:
    data = json.dumps([{"jid": "", "my password": 1, "password": 1, "two words": {"a": 1, "A": 1}}])
    report = check(f"autojoins.json#/AutoJoins/0/data = {json.dumps(data)}", tmp_path)
    inside = [(finding.code, finding.values["inside"]) for finding in report.findings if "inside" in finding.values]
    hidden, clash = "/0/[11 characters]", "/0/[9 characters]/A"
    assert inside == [("HC308", clash), ("HC713", hidden), ("HC713", "/0/password")]


KEEP = 7


def test_a_record_that_contradicts_its_schema_is_counted_by_kind(tmp_path: Path) -> None:
    recipe = 'users.json#/0/User/id = "1"\nrooms/1/history.json#/0/UserMessage/id = 0'
    report = check(recipe, tmp_path)
    assert report.totals == {"HC301": 2}
    sound: Any = content(check(UNCHANGED, tmp_path))
    broken: Any = content(report)
    kinds = (*WRAPPERS["export/room-history"], *WRAPPERS["export/user-history"], "total")
    assert [broken[case]["total"] for case in ("users", "rooms")] == [2, 1]
    assert {kind: broken["messages"][kind] for kind in kinds} == {kind: sound["messages"][kind] for kind in kinds}


def test_all_findings_are_counted_and_the_first_ones_are_listed(tmp_path: Path) -> None:
    history = json.dumps([{"FooMessage": {}}] * 50)
    report = check(f"rooms/1/history.json = {history}", tmp_path, keep=KEEP)
    assert report.totals == {"HC302": 50}
    assert findings_of(report, "HC302") == [("rooms/1/history.json", f"/{index}") for index in range(KEEP)]


PREFIXED = [
    ("prefix ./", {"HC119": 1}),
    ("prefix data/", {"HC107": 1}),
    ("prefix ./data/", {"HC107": 1}),
    ("prefix data/\nREADME = hello", {"HC106": 1, "HC107": 1}),
    ("backup/users.json = [NaN]", {"HC106": 1}),
    ("a/users.json = [NaN]\nb/rooms.json = {", {"HC106": 2}),
]


@pytest.mark.parametrize(("recipe", "totals"), PREFIXED)
def test_the_export_is_found_below_a_prefix_and_only_there(recipe: str, totals: dict[str, int], tmp_path: Path) -> None:
    report = check(recipe, tmp_path)
    assert report.totals == totals
    assert content(report) == content(check(UNCHANGED, tmp_path))


def test_more_prefixes_than_are_tried_are_strange_files(tmp_path: Path) -> None:
    more = MOST_EXTRAS + 5
    report = check("\n".join(f"p{number}/users.json = [NaN]" for number in range(more)), tmp_path)
    assert report.totals == {"HC106": more}


SAME_PATH = [
    ("users.json += [NaN]", {"HC103": 1}),
    ("users.json += [NaN]\nusers.json += [NaN]", {"HC103": 1}),
    ("emoticons.json -\nemoticons.json -> users.json", {"HC102": 1}),
    ("emoticons.json -> users.json", {"HC102": 1}),
    ("/etc/passwd = x", {"HC101": 1}),
]


@pytest.mark.parametrize(("recipe", "totals"), SAME_PATH)
def test_one_defect_of_names_is_one_finding(recipe: str, totals: dict[str, int], tmp_path: Path) -> None:
    assert check(recipe, tmp_path).totals == totals


def test_a_file_after_a_link_of_its_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        link = tarfile.TarInfo("users.json")
        link.type, link.linkname = tarfile.SYMTYPE, "rooms.json"
        tar.addfile(link)
    data = path.read_bytes().rstrip(b"\0")
    path.write_bytes(data + bytes(-len(data) % 512) + cook("layers tar").data)
    report = validate(str(path), Options())
    assert report.totals == {"HC102": 1}
    assert report.inventory["users"] == check(UNCHANGED, tmp_path).inventory["users"]


LISTS_OF_ANYTHING = ["[1]", '[{"User": 1, "UserMessage": 1}]', "[[[]]]", '["a"]', "[]", '[{"a": [1.5, 1e3]}]']


@pytest.mark.parametrize("text", LISTS_OF_ANYTHING)
@pytest.mark.parametrize("name", ["metadata", "preferences"])
def test_metadata_and_preferences_may_hold_any_value(name: str, text: str, tmp_path: Path) -> None:
    report = check(f"{name}.json = {text}", tmp_path)
    assert report.totals == {}
    assert content(report) == content(check(UNCHANGED, tmp_path))


DEPTHS = [(16, 16, {}), (17, 16, {"HCX01": 1})]


@pytest.mark.parametrize(("levels", "limit", "totals"), DEPTHS)
@pytest.mark.parametrize("inner", ["", "1", "1.5"])
def test_the_limit_of_depth_is_exact(
    levels: int, limit: int, totals: dict[str, int], inner: str, tmp_path: Path
) -> None:
    text = "[" * levels + inner + "]" * levels
    assert check(f"metadata.json = {text}", tmp_path, budget=Budget(depth=limit)).totals == totals


@pytest.mark.parametrize("count", [1, MOST_EXTRAS, MOST_EXTRAS + 1, 30])
@pytest.mark.parametrize("first", [True, False])
def test_no_number_of_decoys_keeps_the_export_from_being_read(count: int, first: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a column of the table
    path = tmp_path / "a.tar"
    broken = [("users.json", b"not json"), ("rooms.json", b"\xff"), ("metadata.json", b"{}")]
    decoys = [(f"x{number}/users.json", b"[]") for number in range(count)]
    with tarfile.open(path, "w") as tar:
        for name, content in [*broken, *decoys] if first else [*decoys, *broken]:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    report = validate(str(path), Options())
    assert report.totals == {"HC105": 3, "HC106": count, "HC201": 1, "HC203": 1}


def test_an_export_among_too_many_directories_is_not_guessed(tmp_path: Path) -> None:
    for number in range(MOST_EXTRAS + 1):
        (tmp_path / f"x{number}").mkdir()
        (tmp_path / f"x{number}" / "users.json").write_text("[]")
    report = validate(str(tmp_path), Options())
    assert report.verdict is Verdict.INCOMPLETE
    assert report.totals == {"HC017": 1}


SEVERAL_DIRECTORIES = [
    (
        "a sound one and a broken one",
        ["a/users.json=[]", "a/rooms.json=[]", "b/users.json={", "b/rooms.json=[]"],
        "HC017",
    ),
    ("neither of them whole", ["a/users.json=[]", "b/rooms.json=[]"], "HC017"),
    ("one whole and a part", ["b/users.json=[]", "b/rooms.json=[]", "a/users.json={"], "HC106"),
]


@pytest.mark.parametrize(
    ("case", "files", "code"), SEVERAL_DIRECTORIES, ids=[case for case, _, _ in SEVERAL_DIRECTORIES]
)
def test_of_several_directories_only_a_single_complete_export_is_read(
    case: str, files: list[str], code: str, tmp_path: Path
) -> None:
    for file in files:
        name, _, content = file.partition("=")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    report = validate(str(tmp_path), Options())
    assert code in report.totals, case
    assert "HC201" not in report.totals
    assert report.verdict is Verdict.INCOMPLETE


def test_several_exports_are_named_and_none_of_them_is_checked(tmp_path: Path) -> None:
    recipe = "prefix data/\nold/users.json = {\nold/rooms.json = []"
    report = check(recipe, tmp_path)
    assert report.totals == {"HC017": 1}
    assert "data/" not in report.findings[0].message
    shown = check(recipe, tmp_path, show_values=True).findings[0]
    assert shown.values == {"directories": ["data/", "old/"]}
    assert "data/, old/" in shown.message


UNREAD = [("users.json -\nusers.json -> rooms.json", {"HC102": 1}), ("rename users.json /users.json", {"HC101": 1})]


@pytest.mark.parametrize(("recipe", "totals"), UNREAD)
def test_a_data_file_that_may_not_be_read_leaves_its_rules_skipped(
    recipe: str, totals: dict[str, int], tmp_path: Path
) -> None:
    report = check(recipe, tmp_path)
    assert report.totals == totals
    assert entry(report, "HC201")[0] is Status.SKIPPED
    assert entry(report, "HC301")[2] == "not examined: data files that are links or have unsafe names: 1"


def test_a_member_that_was_cut_is_not_in_the_inventory(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        for name, content in (
            ("users.json", b"[]"),
            ("rooms/1/files/a/b", bytes(600)),
            ("users/files/a/b", bytes(9000)),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    path.write_bytes(path.read_bytes()[:6000])
    report = validate(str(path), Options())
    assert set(report.totals) == {"HC010"}
    files: Any = report.inventory["files"]
    assert (files["room-file"]["count"], files["private-file"]["count"]) == (1, 0)


@pytest.mark.slow
def test_garbled_text_from_damaged_compression_has_no_findings(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    data = gzip.compress(cook("layers tar").data, mtime=0)  # the bytes that a flip garbles differ by compressor
    for at in range(100, len(data), 401):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        report = validate(str(path), Options())
        assert report.verdict is Verdict.INCOMPLETE
        assert not {code for code in report.totals if code.startswith("HC2")}


def test_files_beside_the_extra_directory_are_unexpected(tmp_path: Path) -> None:
    recipe = "prefix data/\nusers/files/a/b = x\nnotes.txt = x\ndata/notes.txt = x"
    report = check(recipe, tmp_path)
    assert report.totals == {"HC106": 3, "HC107": 1}
    assert content(report) == content(check(UNCHANGED, tmp_path))


SPELLINGS = ["./users.json", "././users.json", ".//users.json", "users.json"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_path_is_read_as_it_would_be_unpacked(spelling: str, tmp_path: Path) -> None:
    report = check(f"rename users.json {spelling}", tmp_path)
    assert report.totals == ({"HC119": 1} if spelling.startswith("./") else {})
    twice = check(f"{spelling} {'+=' if spelling == 'users.json' else '='} [NaN]", tmp_path)
    assert twice.totals["HC103"] == 1


def test_a_directory_in_a_files_place_is_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        directory = tarfile.TarInfo("users.json")
        directory.type = tarfile.DIRTYPE
        tar.addfile(directory)
    data = path.read_bytes()[:512]
    path.write_bytes(data + cook("users.json -\nlayers tar").data)
    assert validate(str(path), Options()).totals == {"HC104": 1}


def test_a_second_copy_is_counted_as_unexamined(tmp_path: Path) -> None:
    status, _, reason = entry(check("users.json += [NaN]", tmp_path), "HC204")
    assert (status, reason) == (Status.SKIPPED, "not examined: repeated data files: 1")


def test_text_that_is_not_utf8_is_not_claimed_to_be_free_of_other_faults(tmp_path: Path) -> None:
    report = check("metadata.json = \\xff", tmp_path)
    assert entry(report, "HC205")[::2] == (Status.SKIPPED, "not examined: records that are not UTF-8: 1")


def test_rules_of_layers_that_are_not_there_do_not_apply(tmp_path: Path) -> None:
    for name in ("users", "rooms"):
        (tmp_path / f"{name}.json").write_text("[]")
    report = validate(str(tmp_path), Options())
    absent = {entry.code for entry in report.ledger if entry.status is Status.NOT_APPLICABLE}
    assert {"HC001", "HC002", "HC003", "HC004", "HC006", "HC007", "HC008", "HC009", "HC010", "HC011", "HC013"} <= absent


def test_the_last_whole_member_is_before_the_cut_member(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        for name, content in (("users.json", b"[]"), ("rooms.json", b"[]"), ("rooms/1/files/a/b.txt", bytes(5000))):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    path.write_bytes(path.read_bytes()[:4000])
    (finding,) = validate(str(path), Options()).findings
    assert finding.code == "HC010"
    assert finding.message.endswith("The last whole member is rooms.json.")


DEEP = [(960, {"HC305": 1}), (1000, {"HC305": 1}), (1023, {"HC305": 1}), (5000, {"HC304": 1})]


@pytest.mark.parametrize(("levels", "totals"), DEEP)
def test_json_inside_a_string_may_not_nest_without_end(levels: int, totals: dict[str, int], tmp_path: Path) -> None:
    text = json.dumps("[" * levels + "]" * levels)
    assert check(f"autojoins.json#/AutoJoins/0/data = {text}", tmp_path).totals == totals


@pytest.mark.parametrize("depth", [0, 15, 501, 100_000])
def test_a_depth_that_cannot_be_kept_is_refused(depth: int) -> None:
    with pytest.raises(UsageError, match="16 to 500"):
        Budget(depth=depth)


def test_the_deepest_that_may_be_allowed_is_read(tmp_path: Path) -> None:
    text = "[" * 500 + "1.5" + "]" * 500
    assert check(f"metadata.json = {text}", tmp_path, budget=Budget(depth=500)).totals == {}


MANY = 30_000
FLOODS = [
    # Two of the properties that are missing harm nobody.
    ("rooms.json", f'[{{"Room": {{"room_admins": [{",".join(["true"] * MANY)}]}}}}]', {"HC301": 9_998, "HC317": 2}),
    ("metadata.json", f"[{','.join(['NaN'] * MANY)}]", {"HC204": 10_000}),
]


@pytest.mark.parametrize(("name", "text", "totals"), FLOODS)
@pytest.mark.slow
def test_too_many_flaws_in_one_record_end_its_diagnosis(
    name: str, text: str, totals: dict[str, int], tmp_path: Path
) -> None:
    report = check(f"{name} = {text}", tmp_path)
    assert report.verdict is Verdict.INCOMPLETE
    assert report.totals == {**totals, "HCX01": 1}


def test_the_time_limit_is_reported_while_slices_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def slow(slice_: Slice, terms: CheckContext) -> tuple[Facts, int | None]:
        checked.append(slice_.member)
        return check_slice(slice_, terms)

    monkeypatch.setattr(slice_check, "check_slice", slow)
    budget = Budget(expired=lambda: "rooms/1/history.json" in checked)
    report = check("layers tar", tmp_path, budget=budget)
    assert report.verdict is Verdict.INCOMPLETE
    assert "--max-seconds" in next(finding.message for finding in report.findings if finding.code == "HCX01")
    assert set(report.totals) == {"HCX01"}


def test_a_second_byte_order_mark_is_no_json(tmp_path: Path) -> None:
    report = check("metadata.json = \\xef\\xbb\\xbf\\xef\\xbb\\xbf{}", tmp_path)
    assert report.totals == {"HC201": 1, "HC202": 1}


@pytest.mark.parametrize(("recipe", "totals"), ODD_FILES)
def test_a_file_of_another_form_has_one_finding(recipe: str, totals: dict[str, int], tmp_path: Path) -> None:
    assert check(recipe, tmp_path).totals == totals


def test_processes_find_what_one_process_finds_in_a_damaged_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE", 20_000)
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, text in members(3000, 2):
            source = tmp_path / "source"
            source.write_bytes(text)
            tar.add(source, name)
    cut = path.read_bytes()[:-20_000]
    path.write_bytes(cut)
    with processes(2) as executor:
        parallel = validate(str(path), Options(executor=executor))
    alone = validate(str(path), Options())
    assert parallel == alone
    assert alone.verdict is Verdict.INCOMPLETE


def test_a_crash_while_a_member_is_read_is_hcfmts_own_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crashes(*_: object) -> Facts:
        raise ZeroDivisionError(CANARY)

    monkeypatch.setattr(slice_check, "check_slice", crashes)
    report = check(UNCHANGED, tmp_path)
    assert report.exit is Exit.INTERNAL
    assert set(report.totals) == {"HCX02"}
    assert "ZeroDivisionError" in report.findings[0].message
    assert CANARY not in everything(report)


class Broken:
    """A stream that fails after its first bytes, as a network share does."""

    def __init__(self, data: bytes) -> None:
        """Take the first bytes."""
        self._data = data

    def read(self, size: int = -1) -> bytes:
        if not self._data:
            raise OSError(5, "Input/output error")
        data, self._data = self._data[:size], b""
        return data

    def fileno(self) -> int:
        raise OSError


@pytest.mark.parametrize("size", [100, 3000, 20_000])
def test_an_input_that_fails_is_no_verdict(size: int) -> None:
    stream: BinaryIO = Broken(cook("layers gzip tar").data[:size])  # type: ignore[assignment]
    with pytest.raises(UsageError, match="Input/output error"):
        validate("-", Options(), stdin=stream)


def test_progress_shows_hidden_paths(tmp_path: Path) -> None:
    paths: list[str] = []

    def watch(archive: Archive) -> Any:  # noqa: ANN401 - a bound method
        assert archive.size
        return paths.append

    check(f"{CANARY}.txt = x", tmp_path, watch=watch)
    assert "rooms/1/history.json" in paths
    assert CANARY not in "".join(paths)


def test_the_report_names_no_directory(tmp_path: Path) -> None:
    report = check(UNCHANGED, tmp_path)
    assert report.input == "archive.tar.gz.aes"
    assert str(tmp_path) not in everything(report)


def test_the_same_input_gives_the_same_report(tmp_path: Path) -> None:
    recipe = 'users.json#/0/User/id = "1"\nusers.json#/1/User/links = {}\nREADME = x'
    assert check(recipe, tmp_path) == check(recipe, tmp_path)


def test_a_sound_archive_is_read_from_any_stream(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(gzip.decompress(cook("layers gzip tar").data))
    with path.open("rb") as stream:
        report = validate("-", Options(), stdin=stream)
    assert (report.input, report.totals) == ("-", {})
    assert content(report) == content(check(UNCHANGED, tmp_path))
    assert copy.copy(report) == report
