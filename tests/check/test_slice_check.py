"""Slices to facts: any cut, any chunk size, any number of processes gives the same facts."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, Report, validate
from hcfmt.check.context import CheckContext
from hcfmt.check.facts import Facts
from hcfmt.check.slice_check import check_slice
from hcfmt.export import slices
from hcfmt.export.slices import Slice
from tests.support.checking import processes
from tests.support.recipes import PASSWORD, cook
from tests.support.records import MESSAGE, changed
from tests.support.slice_records import ENDS, PRIVATE, RECORDS
from tests.support.synthetic import room, user

HISTORIES = st.lists(st.sampled_from(RECORDS), max_size=12)
GAPS = st.sampled_from(["", " ", "\n  "])


def check(
    text: bytes,
    directory: Path,
    *,
    goal: int = 1 << 20,
    keep: int = 1000,
    executor: Any = None,  # noqa: ANN401 - any executor
    accept_all: bool = False,
    messages: tuple[list[str], list[str]] = ([], []),
) -> Report:
    """Check an export of three users and a room with this history, read in slices of about ``goal`` bytes."""
    files = {
        "users.json": json.dumps([{"User": user(number)} for number in (1, 2, 3)]).encode(),
        "rooms.json": json.dumps([{"Room": room(1)}]).encode(),
        "metadata.json": b"{}",
        "rooms/1/history.json": text,
        "rooms/1/files/a/x.txt": b"x",
        "users/files/a/x.txt": b"x",
        **{f"users/{index}/history.json": f"[{','.join(text)}]".encode() for index, text in enumerate(messages, 1)},
    }
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        if goal < slices.SLICE:  # no slice is smaller than what is read at once
            patch.setattr("hcfmt.container.directory.CHUNK", 16)
        patch.setattr(slices, "SLICE", goal)
        patch.setattr(slices, "_TAIL", max(16, goal // 4))
        return validate(str(directory), Options(keep=keep, executor=executor, accept_all=accept_all))


def findings_of(report: Report) -> list[tuple[Any, ...]]:
    return [
        (finding.code, finding.location, finding.message, finding.subcode, finding.values, finding.fingerprint)
        for finding in report.findings
    ]


def counted(report: Report) -> tuple[Any, ...]:
    """All that a report counts, but how many bytes were read: a file that cannot be read on is left where it was."""
    return report.totals, {name: of for name, of in report.inventory.items() if name != "layers"}, report.ledger


@settings(max_examples=80)
@given(
    records=HISTORIES, end=st.none() | st.sampled_from(ENDS), gap=GAPS, goal=st.integers(20, 900), closed=st.booleans()
)
@pytest.mark.slow
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
    uncut, cut = check(text, directory), check(text, directory, goal=goal)
    assert (findings_of(cut), counted(cut)) == (findings_of(uncut), counted(uncut))


@settings(max_examples=40)
@given(records=HISTORIES, goal=st.integers(20, 900))
@pytest.mark.slow
def test_any_cut_into_slices_makes_the_same_baseline(
    records: list[str], goal: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = f"[{', '.join(records)}]".encode("utf-8", "surrogateescape")
    directory = tmp_path_factory.mktemp("export")
    counting, uncut = check(text, directory), check(text, directory, accept_all=True)
    assert check(text, directory, goal=goal, accept_all=True).accepted == uncut.accepted
    assert uncut.suppressed.get("baseline", {}) == counting.totals


@settings(max_examples=80)
@given(
    messages=st.tuples(*[st.lists(st.sampled_from(PRIVATE), max_size=12)] * 2),
    goal=st.integers(20, 900),
    keep=st.sampled_from([1, 2, 1000]),
)
@pytest.mark.slow
def test_any_cut_of_private_histories_gives_the_same_report(
    messages: tuple[list[str], list[str]], goal: int, keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("export")
    uncut = check(b"[]", directory, keep=keep, messages=messages)
    cut = check(b"[]", directory, keep=keep, goal=goal, messages=messages)
    assert (findings_of(cut), counted(cut)) == (findings_of(uncut), counted(uncut))


BROKEN_USER = {"User": user(4) | {"title": 5}}
BROKEN_ROOM = {"Room": room(3) | {"topic": None}}
USERS_AND_ROOMS: list[tuple[str, list[object]]] = [
    ("users.json", [{"User": user(number)} for number in (1, 2, 3)]),
    ("users.json", [{"User": user(1)}, {"User": user(1)}, BROKEN_USER]),
    ("rooms.json", [{"Room": room(1)}, {"Room": room(2) | {"members": [1, 9], "topic": "new"}}]),
    ("rooms.json", [{"Room": room(1) | {"name": "Room 2"}}, {"Room": room(2)}, BROKEN_ROOM]),
]


@settings(max_examples=60)
@given(
    users=st.sampled_from([content for path, content in USERS_AND_ROOMS if path == "users.json"]),
    rooms=st.sampled_from([content for path, content in USERS_AND_ROOMS if path == "rooms.json"]),
    messages=st.lists(st.sampled_from(RECORDS), max_size=8),
    private=st.tuples(*[st.lists(st.sampled_from(PRIVATE), max_size=6)] * 2),
    keep=st.sampled_from([1, 1000]),
    data=st.data(),
)
@pytest.mark.slow
def test_any_order_of_members_gives_the_same_report(
    *,
    users: list[object],
    rooms: list[object],
    messages: list[str],
    private: tuple[list[str], list[str]],
    keep: int,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    files = {
        "users.json": json.dumps(users).encode(),
        "rooms.json": json.dumps(rooms).encode(),
        "emoticons.json": b'{"Emoticons": [7]}',
        "rooms/1/history.json": f"[{','.join(messages)}]".encode("utf-8", "surrogateescape"),
        "rooms/2/history.json": f"[{','.join(messages[::-1])}]".encode("utf-8", "surrogateescape"),
        "rooms/1/files/a/x.txt": b"x",
        "users/files/a/x.txt": b"xx",
        **{f"users/{index}/history.json": f"[{','.join(text)}]".encode() for index, text in enumerate(private, 1)},
    }
    path = tmp_path_factory.mktemp("export") / "export.tar"
    reports = []
    for order in (sorted(files), data.draw(st.permutations(sorted(files)))):
        with tarfile.open(path, "w") as tar:
            for name in order:
                info = tarfile.TarInfo(name)
                info.size = len(files[name])
                tar.addfile(info, io.BytesIO(files[name]))
        reports.append(validate(str(path), Options(keep=keep)))
    assert reports[0] == reports[1]


@settings(max_examples=40)
@given(messages=st.lists(st.sampled_from(PRIVATE), max_size=8), data=st.data())
def test_the_order_of_messages_does_not_change_the_findings_on_the_export(
    messages: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("export")
    shuffled = data.draw(st.permutations(messages))
    reports = [check(b"[]", directory, messages=(messages, order)) for order in (messages, shuffled)]
    assert reports[0].totals == reports[1].totals
    assert reports[0].inventory == reports[1].inventory


@settings(max_examples=30)
@given(records=HISTORIES)
def test_line_column_and_byte_are_those_of_the_file(
    records: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = ("[\n" + ",\n".join([*records, '{"UserMessage":{"message":NaN}}']) + "\n]").encode()
    report = check(text, tmp_path_factory.mktemp("export"), goal=100)
    located = [finding for finding in report.findings if finding.code == "HC204"]
    last = located[-1]
    byte = text.rfind(b"NaN")
    assert last.location.byte == byte
    assert last.location.line == text.count(b"\n", 0, byte) + 1
    column = byte - text.rfind(b"\n", 0, byte)
    assert f"column {column}," in last.message
    assert last.location.pointer == f"/{len(records)}/UserMessage/message"


@pytest.mark.parametrize("goal", [20, 100, 700])
@pytest.mark.parametrize("end", ENDS)
def test_a_fault_is_reported_alike_in_small_slices(end: str, goal: int, tmp_path: Path) -> None:
    text = f"[{RECORDS[0]},{end}".encode("utf-8", "surrogateescape")
    uncut, cut = check(text, tmp_path), check(text, tmp_path, goal=goal)
    assert (findings_of(cut), counted(cut)) == (findings_of(uncut), counted(uncut))


def test_a_history_is_truly_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def noted(slice_: Slice, terms: CheckContext) -> tuple[Facts, int | None]:
        sizes.append(len(slice_.text))
        return check_slice(slice_, terms)

    monkeypatch.setattr("hcfmt.check.slice_check.check_slice", noted)
    text = f"[{','.join([RECORDS[0]] * 40)}]".encode()
    check(text, tmp_path, goal=300)
    assert len(sizes) > 20
    assert max(sizes) < 1000


def test_processes_give_the_same_report_as_none(tmp_path: Path) -> None:
    records = [RECORDS[number % len(RECORDS)] for number in range(300)]
    text = f"[{','.join(records)}]".encode()
    with processes(2) as executor:
        parallel = check(text, tmp_path, goal=2000, executor=executor)
    assert parallel == check(text, tmp_path)


def test_a_slice_whose_only_flaw_is_in_one_record_keeps_all_others_counted(tmp_path: Path) -> None:
    text = f"[{','.join([RECORDS[0]] * 500 + [RECORDS[6]] + [RECORDS[0]] * 500)}]".encode()
    report = check(text, tmp_path)
    assert report.totals["HC317"] == 1
    messages: Any = report.inventory["messages"]
    assert (messages["UserMessage"], messages["total"]) == (1001, 1001)
    pointers = {
        code: [finding.location.pointer for finding in report.findings if finding.code == code]
        for code in report.totals
    }
    assert (pointers["HC317"], pointers["HC423"]) == (["/500/UserMessage/type"], ["/1"])


def test_a_sound_slice_is_never_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken_apart(*_: object) -> None:
        raise AssertionError("a sound slice was taken apart")

    monkeypatch.setattr("hcfmt.check.slice_diagnosis.SliceDiagnosis", taken_apart)
    text = f"{json.dumps(MESSAGE)},{json.dumps(MESSAGE)}]".encode()
    facts, rest = check_slice(Slice("m", "export/room-history", text, listed=True, ended=True), CheckContext())
    assert (facts.records, rest) == (2, None)


def test_the_sample_goes_the_fast_way_throughout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def taken_apart(*_: object) -> None:
        raise AssertionError("a sound slice was taken apart")

    monkeypatch.setattr("hcfmt.check.slice_diagnosis.SliceDiagnosis", taken_apart)
    cooked = cook("(the documented sample as it is)")
    path = tmp_path / cooked.name
    path.write_bytes(cooked.data)
    assert validate(str(path), Options(password=PASSWORD.encode)).totals == {}


def test_text_like_a_next_record_inside_a_long_record_is_skipped(tmp_path: Path) -> None:
    record = {"UserMessage": {"metadata": [{"UserMessage": {}}, {"UserMessage": {}}]} | changed()["UserMessage"]}
    record["UserMessage"]["message"] = "x" * (1 << 21)
    report = check(json.dumps([record, record]).encode(), tmp_path)
    messages: Any = report.inventory["messages"]
    assert messages["UserMessage"] == 2
