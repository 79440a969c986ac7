"""Documents that are not lists: read as one, up to the limit of a record."""

import json
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Budget, Options, Report, Verdict, validate
from tests.support.synthetic import room, user

LIMIT = 1000  # bytes; a document is checked in parts when it is longer, and comes in more than one piece
MORE = 1 << 19  # bytes, which come in two pieces or more
LONG: dict[str, Any] = {
    "metadata": {"notes": ["x" * 50] * (MORE // 50)},
    "preferences": {"notes": {str(number): "x" * 50 for number in range(MORE // 50)}},
    "emoticons": {"Emoticons": [], "notes": "x" * MORE},
    "autojoins": {
        "AutoJoins": [{"id": f"pref:autoJoin:{number % 2 + 1}", "data": "[]"} for number in range(MORE // 30)]
    },
}
MARK = "\ufeff"


def check(directory: Path, name: str, text: str, *, limit: int = 1 << 24) -> Report:
    """Check an export of two users and a room with this document, all others being empty."""
    files: dict[str, Any] = {
        "users": [{"User": user(number)} for number in (1, 2)],
        "rooms": [{"Room": room(1)}],
        "rooms/1/history": [],
        "users/1/history": [],
        "users/2/history": [],
        "metadata": {},
        "preferences": {},
        "emoticons": {"Emoticons": []},
        "autojoins": {"AutoJoins": []},
    }
    for file, content in files.items():
        path = directory / f"{file}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if file == name else json.dumps(content), encoding="utf-8")
    return validate(str(directory), Options(budget=Budget(record=limit)))


def findings_of(report: Report) -> list[tuple[str, str | None, int | None]]:
    """Return (code, member, byte) of every finding, except that there are no messages."""
    return [
        (finding.code, finding.location.member, finding.location.byte)
        for finding in report.findings
        if finding.code != "HC801"
    ]


@pytest.mark.parametrize("name", LONG)
def test_a_document_beyond_the_limit_of_a_record_is_not_reported_as_cut_short(name: str, tmp_path: Path) -> None:
    report = check(tmp_path, name, json.dumps(LONG[name]), limit=LIMIT)
    assert [(code, member) for code, member, _ in findings_of(report)] == [("HCX01", f"{name}.json")]
    assert report.verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize("name", LONG)
def test_a_document_beyond_the_limit_has_one_finding(name: str, tmp_path: Path) -> None:
    late = json.dumps(LONG[name])[1:]
    assert [code for code, *_ in findings_of(check(tmp_path, name, f'{{"n": NaN, {late}', limit=LIMIT))] == ["HCX01"]
    assert findings_of(check(tmp_path, name, f'{{"n": 1,, {late}', limit=LIMIT)) == [("HC201", f"{name}.json", 8)]


@pytest.mark.parametrize("name", LONG)
@pytest.mark.slow
def test_a_sound_document_behind_a_byte_order_mark_is_read(name: str, tmp_path: Path) -> None:
    sound = check(tmp_path, name, json.dumps(LONG[name]))
    report = check(tmp_path, name, MARK + json.dumps(LONG[name]))
    assert findings_of(report) == [("HC202", f"{name}.json", 0), *findings_of(sound)]
    assert {code for code, *_ in findings_of(sound)} <= {"HC303"}
    assert report.inventory == {**sound.inventory, "layers": report.inventory["layers"]}
    assert report.inventory["autojoins"] == (MORE // 30 if name == "autojoins" else 0)
