"""An archive is compared with what is expected of it, and with the log of hc-migrate."""

import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt import Options, Report, UsageError, Verdict, read_expectations, read_log, validate
from hcfmt.check import export_log
from hcfmt.check.expected_contents import COUNTS
from hcfmt.check.export_log import COMPLETED, ExportLog, parse_log
from hcfmt.check.rules.second_sources import COUNTED
from hcfmt.corpus.recipe_sample import PASSWORD, sample_path
from tests.support.command import ROOT

COUNTED_IN_SAMPLE = {
    "users": 2,
    "rooms": 1,
    "emoticons": 1,
    "autojoins": 1,
    "messages": 11,
    "room-messages": 9,
    "private-messages": 2,
    "attachments": 4,
    "stored-files": 11,
}
FINISHED = f"DEBUG 2018/04/03 01:59:04  ======== *** {COMPLETED} *** ========"
SOURCES = {"HC807", "HC808", "HC809", "HC810", "HC811"}


def expecting(toml: str, directory: Path, *, show_values: bool = False) -> Report:
    path = directory / "expect.toml"
    path.write_text(toml, "utf-8")
    expected = read_expectations(str(path))
    return validate(str(sample_path()), Options(password=PASSWORD, expected=expected, show_values=show_values))


def log_of(*lines: str) -> ExportLog:
    return parse_log(io.BytesIO("\n".join(lines).encode("utf-8", "surrogatepass")))


def logged(log: ExportLog) -> Mapping[str, int]:
    return validate(str(sample_path()), Options(password=PASSWORD, log=log)).totals


def written(*paths: str) -> list[str]:
    return [f"DEBUG 2018/04/03 01:59:04 Writing {path}" for path in paths]


def test_what_can_be_expected_is_what_can_be_counted() -> None:
    schema = json.loads((ROOT / "schemas/config/expect.json").read_text("utf-8"))
    assert list(COUNTS) == list(COUNTED) == list(schema["$defs"]["counts"]["properties"])


def test_what_the_archive_holds_is_no_finding(tmp_path: Path) -> None:
    counts = "".join(f"{name} = {number}\n" for name, number in COUNTED_IN_SAMPLE.items())
    names = 'rooms = ["DEFAULT", 1]\npeople = [1, "@hcdcUSER", "USER@example.com"]\n'
    dates = "[dates]\nfirst = 2018-04-02\nlast = 2018-04-02\n"
    report = expecting(f"{names}[exactly]\n{counts}[at-least]\n{counts}{dates}", tmp_path)
    assert [finding.message for finding in report.findings if finding.code in SOURCES] == []
    assert {entry.code: entry.examined for entry in report.ledger}["HC807"] == 25


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize(
    ("setting", "more", "unmet"), [("exactly", 1, 1), ("exactly", -1, 1), ("at-least", 1, 1), ("at-least", -1, 0)]
)
def test_a_count_that_is_not_met_is_an_error(name: str, setting: str, more: int, unmet: int, tmp_path: Path) -> None:
    number = COUNTED_IN_SAMPLE[name] + more
    report = expecting(f"[{setting}]\n{name} = {number}\n", tmp_path)
    found = [finding for finding in report.findings if finding.code == "HC807"]
    assert [finding.values["counted"] for finding in found] == [COUNTED_IN_SAMPLE[name]] * unmet
    assert report.verdict is (Verdict.INVALID if unmet else Verdict.VALID)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("rooms = [2]", "Number 1 of the expected rooms is not in the export: 2."),
        (
            'rooms = [1, "Secrets"]',
            "Number 2 of the expected rooms is not in the export: a string of 7 characters.",
        ),
        ('people = ["@secret"]', "Number 1 of the expected people is not in the export: a string of 7 characters."),
        (
            "[dates]\nfirst = 2018-04-01",
            "A message of 2018-04-01 or earlier is expected, and the first one is of 2018-04-02.",
        ),
        (
            "[dates]\nlast = 2019-01-01",
            "A message of 2019-01-01 or later is expected, and the last one is of 2018-04-02.",
        ),
    ],
)
def test_what_is_missing_is_told_without_names(toml: str, sentence: str, tmp_path: Path) -> None:
    report = expecting(toml, tmp_path)
    assert [finding.message for finding in report.findings if finding.code == "HC807"] == [sentence]


def test_names_are_shown_if_text_is(tmp_path: Path) -> None:
    report = expecting('people = ["@secret"]', tmp_path, show_values=True)
    assert "@secret" in report.findings[0].message


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("", "It expects nothing"),
        ("[exactly]\nuser = 3", "There is no count 'user'; did you mean 'users'?"),
        ("[exactly]\nusers = -1", "exactly[...]: Expected `int` >= 0"),
        ('[exactly]\nusers = "3"', "exactly[...]: Expected `int`, got `str`"),
        ("[dates]\nfirst = 3", "dates.first: Expected `date | null`"),
        ('rooms = "one"', "rooms: Expected `array`"),
        ("room = [1]", "Object contains unknown field `room`"),
        ('people = ["karl"]', "'karl' is no mention name with @"),
        ("a = ", "It is not TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_name(toml: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        expecting(toml, tmp_path)
    assert str(refusal.value).startswith(f"{tmp_path}/expect.toml: ")
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("read", [read_expectations, read_log])
def test_a_file_that_cannot_be_read_is_refused_with_its_name(read: type, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing: cannot be read: No such file"):
        read(f"{tmp_path}/missing")


def test_a_log_that_fits_the_archive_is_no_finding() -> None:
    log = log_of(
        *written("users.json", "rooms/1/history.json", "users/1/history.json", "users/2/history.json"), FINISHED
    )
    assert log.last_day == date(2018, 4, 3)
    assert SOURCES.isdisjoint(code for code, count in logged(log).items() if count)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (written("rooms/1/history.json"), {"HC808": 1}),
        ([*written("rooms/1/history.json"), FINISHED, "", "  "], {}),
        ([*written("rooms/1/history.json"), FINISHED, "panic: out of memory"], {"HC808": 1}),
        ([*written("rooms/1/history.json", "rooms/2/history.json"), FINISHED], {"HC809": 1}),
        ([*written("users/2/history.json"), FINISHED], {"HC810": 1}),
        ([*written("rooms/1/history.json", "rooms/2/history.json", "rooms/3/history.json"), FINISHED], {"HC811": 1}),
        ([FINISHED.replace("2018/04/03", "2018/03/31")], {"HC811": 1}),
        ([FINISHED.replace("2018/04/03", "2018/04/01")], {}),
        ([FINISHED.replace("2018/04/03", "9999/12/31")], {}),
        ([*written("rooms/9/history.json"), FINISHED, *written("rooms/1/history.json"), FINISHED], {}),
        ([*written("./rooms/1/history.json\r"), FINISHED + "\r"], {}),
        (["\x1b[32mDEBUG 2018/04/03 01:59:04 Writing rooms/1/history.json\x1b[0m", FINISHED], {}),
        (["Writing rooms/1/history.json", "DEBUG Writing the archive to disk", FINISHED], {}),
        (["x" * 30_000 + FINISHED, *written("rooms/1/history.json"), FINISHED], {}),
    ],
)
def test_a_log_that_does_not_fit_is_found(lines: list[str], found: dict[str, int]) -> None:
    totals = logged(log_of(*lines))
    assert {code: count for code, count in totals.items() if code in SOURCES} == found


@pytest.mark.parametrize("text", [b"", b"no log at all\n", b"\x00\xff" * 100, b"Writing the archive\n"])
def test_a_file_that_is_no_log_is_refused(text: bytes) -> None:
    with pytest.raises(UsageError, match="no log of hc-migrate"):
        parse_log(io.BytesIO(text))


@pytest.mark.parametrize("limit", ["_MOST_TEXT", "_LARGEST"])
def test_a_log_without_an_end_is_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_log, limit, 1 << 20)
    line = f"Writing rooms/1/files/{'x' * 9_000}".encode()
    endless = io.BytesIO(b"".join(b"%b%d\n" % (line, number) for number in range(200)))
    with pytest.raises(UsageError, match="more than"):
        parse_log(endless)


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=40)))
def test_whatever_lines_a_log_has_its_members_are_read(noise: list[str]) -> None:
    log = log_of(*noise, *written("rooms/1/history.json"), FINISHED)
    assert log.completed
    assert log.members[-1] == "rooms/1/history.json"


def test_of_an_archive_that_is_cut_nothing_is_told_to_be_missing() -> None:
    cut = sample_path().read_bytes()[:-20_000]
    log = log_of(*written("rooms/1/history.json", "nothing.json"), FINISHED)
    report = validate(io.BytesIO(cut), Options(password=PASSWORD, log=log))
    assert report.verdict is Verdict.INCOMPLETE
    assert report.totals.get("HC809", 0) == report.totals.get("HC811", 0) == 0
    skipped = {entry.code: entry.reason for entry in report.ledger}
    assert skipped["HC809"]
    assert skipped["HC807"]
