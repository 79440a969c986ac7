"""Slices to facts: any cut, any chunk size, any number of processes gives the same facts."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, Report, validate
from hcfmt.check.pieces import check_slice
from hcfmt.check.terms import Terms
from hcfmt.export import slices
from hcfmt.export.slices import Slice
from tests.check import processes
from tests.recipes import PASSWORD, cook

MESSAGE: dict[str, dict[str, Any]] = {
    "UserMessage": {
        "id": "2088ec9e-dd0d-4214-8f74-45e2fb85109c",
        "type": "muc_message",
        "sender": {"id": 1, "mention_name": "", "name": "HCDC User", "version": ""},
        "message": "anyone here?",
        "timestamp": "2018-04-02T15:40:44Z 942827",
    }
}


def changed(**changes: object) -> dict[str, Any]:
    record = copy.deepcopy(MESSAGE)
    record["UserMessage"].update(changes)
    return record


# Records as text, sound and damaged in every way that does not end the reading of their file.
RECORDS = [
    json.dumps(MESSAGE),
    json.dumps(changed(message='a }},{"UserMessage":{ b')),
    json.dumps(changed(metadata=[{"UserMessage": {}}, {"UserMessage": {}}, {"k": {"l": []}}])),
    json.dumps(changed(message="x" * 300)),
    json.dumps(changed(message="\u0000")),
    json.dumps(changed(message="\ud800")),
    json.dumps(changed(type="user")),
    json.dumps(changed(links={})),
    json.dumps(changed(message=5, type="user")),
    json.dumps(changed(sender={"id": 1, "mention_name": "x", "name": "", "version": ""})),
    '{"FooMessage":{}}',
    "{}",
    "[]",
    "7",
    '{"UserMessage":{"id":1,"id":2}}',
    '{"UserMessage":{"id":NaN}}',
    '{"UserMessage":{"id":9007199254740999}}',
]
# What ends the reading of a file.
ENDS = [
    "",
    "}",
    "\x0c",
    "\x0b ",
    "{",
    '{"UserMessage":{"message":"\udcff',
    '{"UserMessage":}',
    "\x01",
    "[" * 200,
    "]",
    "x",
    '"',
]

HISTORIES = st.lists(st.sampled_from(RECORDS), max_size=12)
GAPS = st.sampled_from(["", " ", "\n  "])


def check(text: bytes, directory: Path, *, goal: int = 1 << 20, keep: int = 1000, executor: Any = None) -> Report:  # noqa: ANN401 - any executor
    """Check the sample with another room history, read in slices of about ``goal`` bytes."""
    (directory / "rooms" / "1").mkdir(parents=True, exist_ok=True)
    (directory / "rooms" / "1" / "history.json").write_bytes(text)
    for name in ("users", "rooms", "metadata"):
        (directory / f"{name}.json").write_text("[]" if name != "metadata" else "{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", goal)
        patch.setattr(slices, "_TAIL", max(16, goal // 4))
        return validate(str(directory), Options(keep=keep, executor=executor))


def said(report: Report) -> list[tuple[Any, ...]]:
    return [(finding.code, finding.location, finding.message, finding.subcode) for finding in report.findings]


@settings(max_examples=80)
@given(
    records=HISTORIES, end=st.none() | st.sampled_from(ENDS), gap=GAPS, goal=st.integers(20, 900), closed=st.booleans()
)
def test_any_cut_into_slices_gives_the_same_report(
    records: list[str],
    end: str | None,
    gap: str,
    goal: int,
    closed: bool,  # noqa: FBT001 - drawn
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    parts = records if end is None else [*records, end]
    text = f"{gap}[{gap}{f'{gap},{gap}'.join(parts)}{gap}{']' if closed else ''}{gap}".encode(
        "utf-8", "surrogateescape"
    )
    directory = tmp_path_factory.mktemp("export")
    whole, cut = check(text, directory), check(text, directory, goal=goal)
    assert said(cut) == said(whole)
    assert (cut.totals, cut.inventory, cut.ledger) == (whole.totals, whole.inventory, whole.ledger)


@settings(max_examples=30)
@given(records=HISTORIES)
def test_line_column_and_byte_are_those_of_the_file(
    records: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = ("[\n" + ",\n".join([*records, '{"UserMessage":{"message":NaN}}']) + "\n]").encode()
    report = check(text, tmp_path_factory.mktemp("export"), goal=100)
    located = [one for one in report.findings if one.code == "HC204"]
    last = located[-1]
    byte = text.rfind(b"NaN")
    assert last.location.byte == byte
    assert last.location.line == text.count(b"\n", 0, byte) + 1
    column = byte - text.rfind(b"\n", 0, byte)
    assert f"column {column}," in last.message
    assert last.location.pointer == f"/{len(records)}/UserMessage/message"


def test_processes_give_the_same_report_as_none(tmp_path: Path) -> None:
    records = [RECORDS[number % len(RECORDS)] for number in range(300)]
    text = f"[{','.join(records)}]".encode()
    with processes(2) as executor:
        parallel = check(text, tmp_path, goal=2000, executor=executor)
    assert parallel == check(text, tmp_path)


def test_a_slice_whose_only_flaw_is_in_one_record_keeps_all_others_counted(tmp_path: Path) -> None:
    text = f"[{','.join([RECORDS[0]] * 500 + [RECORDS[6]] + [RECORDS[0]] * 500)}]".encode()
    report = check(text, tmp_path)
    assert report.totals == {"HC105": 3, "HC301": 1}
    assert report.inventory["messages"] == {
        "UserMessage": 1001,
        "NotificationMessage": 0,
        "TopicRoomMessage": 0,
        "ArchiveRoomMessage": 0,
        "GuestAccessMessage": 0,
        "PrivateUserMessage": 0,
        "total": 1001,
    }
    assert [finding.location.pointer for finding in report.findings if finding.code == "HC301"] == [
        "/500/UserMessage/type"
    ]


def test_a_sound_slice_is_never_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken_apart(*_: object) -> None:
        raise AssertionError("a sound slice was taken apart")

    monkeypatch.setattr("hcfmt.check.explanation.Explanation", taken_apart)
    text = f"{json.dumps(MESSAGE)},{json.dumps(MESSAGE)}]".encode()
    facts, rest = check_slice(Slice("m", "export/room-history", text, listed=True, ended=True), Terms())
    assert (facts.records, rest) == (2, None)


def test_the_sample_goes_the_fast_way_throughout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def taken_apart(*_: object) -> None:
        raise AssertionError("a sound slice was taken apart")

    monkeypatch.setattr("hcfmt.check.explanation.Explanation", taken_apart)
    cooked = cook("(the documented sample as it is)")
    path = tmp_path / cooked.name
    path.write_bytes(cooked.data)
    assert validate(str(path), Options(password=PASSWORD.encode)).totals == {}
