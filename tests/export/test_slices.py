"""Slices lose nothing and cut no record in two, whatever the text and the chunks."""

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Budget
from hcfmt.errors import Fault
from hcfmt.export import slices
from hcfmt.export.layout import LAYOUT_BY_KIND, Kind
from hcfmt.export.slices import PositionTracker, Slice, Slicer

ROOM = LAYOUT_BY_KIND[Kind.ROOM_HISTORY]


def chunked(text: bytes, size: int) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def slicer(text: bytes, size: int = 4096, budget: Budget | None = None, kind: Kind = Kind.ROOM_HISTORY) -> Slicer:
    return Slicer("member", LAYOUT_BY_KIND[kind], chunked(text, size), budget or Budget())


def read(slicer_: Slicer) -> tuple[list[Slice], list[Any]]:
    """Read all slices as a checker does: whole where they decode, else record by record with the rest given back."""
    slices_, records = [], []
    while (slice_ := slicer_.next_slice()) is not None:
        slices_.append(slice_)
        text = slice_.array()
        try:
            records += orjson.loads(text or b"")
        except orjson.JSONDecodeError:
            for start, end in slice_.records():
                if end < 0:
                    assert not slice_.ended
                    slicer_.unread(slice_, start, [])
                    break
                if slice_.text[start:end].strip():
                    records.append(orjson.loads(slice_.text[start:end]))
                if slice_.text[end : end + 1] == b"]" and not slice_.ended:
                    slicer_.unread(slice_, end, [])
    return slices_, records


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", 200)
    monkeypatch.setattr(slices, "_TAIL", 40)


HOSTILE = 'x }},{"UserMessage":{"id": }},{\\"UserMessage\\":{ ]}'


def message(number: int, text: str = "hello", *, nested: int = 0) -> dict[str, Any]:
    inner = {"id": number, "message": text, "a": {"b": {}}}
    if nested:
        inner["list"] = [{"UserMessage": {"n": {}}} for _ in range(nested)]
    return {"UserMessage": inner}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [1, 7, 512, 65536])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("nested", [0, 3, 40])
def test_slices_hold_all_records_whatever_their_content(size: int, indent: int | None, nested: int) -> None:
    history = [message(number, HOSTILE * (number % 5), nested=nested * (number % 3)) for number in range(40)]
    text = json.dumps(history, indent=indent).encode()
    slices_, records = read(slicer(text, size))
    assert records == history
    assert len(slices_) > 10 or size == 65536


@pytest.mark.usefixtures("small")
def test_a_slice_is_the_bytes_at_its_position() -> None:
    text = json.dumps([message(number) for number in range(40)], indent=1).encode()
    slices_, _ = read(slicer(text))
    for slice_ in slices_:
        assert text[slice_.byte : slice_.byte + len(slice_.text)] == slice_.text
        assert slice_.line == text.count(b"\n", 0, slice_.byte) + 1
        assert slice_.column == slice_.byte - text.rfind(b"\n", 0, slice_.byte)
    assert slices_[0].byte == 1
    assert slices_[-1].ended


def test_positions_inside_a_slice_count_from_the_member() -> None:
    slice_ = Slice("member", "", b"ab\ncd", byte=10, line=3, column=5)
    expected = {0: (3, 5, 10), 1: (3, 6, 11), 3: (4, 1, 13), 4: (4, 2, 14)}
    onward, back = PositionTracker(slice_), PositionTracker(slice_)
    assert {offset: onward.position(offset) for offset in expected} == expected
    assert {offset: back.position(offset) for offset in reversed(expected)} == expected


EDGES: list[tuple[bytes, bool, list[Any]]] = [
    (b"", False, []),
    (b"   ", False, []),
    (b"[]", True, []),
    (b" [ ] \n", True, []),
    (b"\xef\xbb\xbf[]", True, []),
    (b'[{"UserMessage":{}}]\n', True, [{"UserMessage": {}}]),
]


@pytest.mark.parametrize(("text", "listed", "records"), EDGES)
@pytest.mark.parametrize("size", [1, 100])
def test_edges_of_a_list(text: bytes, listed: bool, records: list[Any], size: int) -> None:  # noqa: FBT001 - a column of the table
    slicer_ = slicer(text, size)
    slice_ = slicer_.next_slice()
    assert slice_ is not None
    assert (slice_.listed, slice_.ended) == (listed, True)
    assert slicer_.next_slice() is None
    if listed:
        assert orjson.loads(slice_.array() or b"") == records
    assert slice_.marked == text.startswith(b"\xef")
    assert slice_.byte == (3 if slice_.marked else 0) + (
        text.find(b"[") - (3 if slice_.marked else 0) + 1 if listed else 0
    )


def test_a_file_without_a_list_is_one_slice() -> None:
    slicer_ = slicer(b'{"a": 1}')
    slice_ = slicer_.next_slice()
    assert slice_ is not None
    assert (slice_.text, slice_.listed, slice_.ended) == (b'{"a": 1}', False, True)


def test_a_document_within_the_budget_is_one_slice() -> None:
    text = b'{"a": "%b"}' % (b"x" * 5000)
    slicer_ = slicer(text, 16, Budget(record=6000), Kind.PREFERENCES)
    slice_ = slicer_.next_slice()
    assert slice_ is not None
    assert (slice_.text, slice_.ended) == (text, True)
    assert slicer_.next_slice() is None


def test_a_document_beyond_the_budget_is_cut_and_then_a_fault() -> None:
    text = b'{"a": "%b"}' % (b"x" * 5000)
    slicer_ = slicer(text, 16, Budget(record=4000), Kind.PREFERENCES)
    slice_ = slicer_.next_slice()
    assert slice_ is not None
    assert not slice_.ended
    slicer_.unread(slice_, 0, [])
    with pytest.raises(Fault, match="--max-record"):
        slicer_.next_slice()


def test_a_record_beyond_its_budget_is_a_fault_and_one_within_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", 100)
    text = json.dumps([message(1, "x" * 5000), message(2)]).encode()
    _, records = read(slicer(text, 64, Budget(record=8000)))
    assert len(records) == 2
    with pytest.raises(Fault) as caught:
        read(slicer(text, 64, Budget(record=1000)))
    assert caught.value.defect.kind == "budget-exceeded"
    assert "--max-record" in caught.value.defect.message


@pytest.mark.usefixtures("small")
def test_later_slices_are_unread_with_an_earlier_one() -> None:
    history = [message(number, nested=30) for number in range(6)]
    slicer_ = slicer(json.dumps(history).encode(), 64)
    first, second, third = (slicer_.next_slice() for _ in range(3))
    assert first is not None
    assert second is not None
    assert third is not None
    slicer_.unread(first, 0, [second, third])
    assert read(slicer_)[1] == history


@pytest.mark.usefixtures("small")
def test_cuts_do_not_depend_on_the_chunks_nor_on_how_far_was_read() -> None:
    text = json.dumps([message(number, HOSTILE * (number % 5)) for number in range(40)]).encode()
    expected, _ = read(slicer(text, len(text)))
    for size in (1, 64, 500):
        assert read(slicer(text, size))[0] == expected
    ahead = slicer(text)
    first, *later = iter(ahead.next_slice, None)
    ahead.unread(first, 0, later)
    onward = slicer(text)
    assert onward.next_slice() == first
    onward.unread(first, 0, [])
    assert read(ahead)[0] == read(onward)[0]


@pytest.mark.usefixtures("small")
def test_a_payload_that_cannot_be_read_on_is_a_fault_each_time() -> None:
    text = json.dumps([message(number) for number in range(40)]).encode()

    def cut_short() -> Iterator[bytes]:
        yield text[:1000]
        raise Fault("tar-cut", "The tar ends.")

    slicer_ = Slicer("member", ROOM, cut_short(), Budget())
    for _ in range(2):
        slices_: list[Slice] = []
        with pytest.raises(Fault, match="The tar ends"):
            slices_.extend(iter(slicer_.next_slice, None))
        assert sum(len(slice_.text) for slice_ in slices_) > 600
        assert not any(slice_.ended for slice_ in slices_)
        slicer_.unread(slices_[0], 0, slices_[1:])


WHITE = st.text(" \t\r\n", max_size=3)


@st.composite
def histories(draw: st.DrawFn) -> tuple[bytes, list[Any]]:
    """Draw a history with any white space between its tokens, and what it holds."""
    kinds = st.sampled_from(ROOM.wrappers)
    texts = st.text(max_size=40) | st.just(HOSTILE)
    record = st.builds(
        lambda kind, text, count: {kind: {"t": text, "l": [{kind: {}}] * count}}, kinds, texts, st.integers(0, 9)
    )
    records = draw(st.lists(record))
    separators = ("," + draw(WHITE), draw(WHITE) + ":" + draw(WHITE))
    text = json.dumps(records, indent=draw(st.sampled_from([None, 0, 2, "\t"])), separators=separators)
    return f"{draw(WHITE)}{text}{draw(WHITE)}".encode(), records


@settings(max_examples=100)
@given(history=histories(), size=st.sampled_from([1, 7, 64, 4096]), goal=st.integers(10, 300))
def test_any_history_in_any_chunks_and_any_slices_gives_the_same_records(
    history: tuple[bytes, list[Any]], size: int, goal: int
) -> None:
    text, records = history
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", goal)
        patch.setattr(slices, "_TAIL", 16)
        assert read(slicer(text, size))[1] == records


def scanned(text: bytes, *, cut: bool) -> list[tuple[int, int]]:
    """Return the records of a slice, found byte by byte."""
    found, start, depth, at = [], 0, 0, 0
    while at < len(text):
        byte = text[at : at + 1]
        if byte == b'"':
            at += 1
            while at < len(text) and text[at : at + 1] != b'"':
                at += 2 if text[at : at + 1] == b"\\" else 1
        elif byte in b"{[":
            depth += 1
        elif byte in b"}]" and depth:
            depth -= 1
        elif byte in b",}]" and not depth:
            found.append((start, at))
            start = at + 1
            if byte != b",":
                return found
        at += 1
    return [*found, (start, -1)] if start < len(text) or not cut else found


PIECES = st.sampled_from(
    [
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"',
        b"\\",
        b"\n",
        b"x",
        b'"a"',
        b'{"a":1},',
        b"[[[[[",
        b"]]]]]",
        b'{"a":"}"}',
    ]
)


@given(st.lists(PIECES, max_size=40).map(b"".join), st.booleans())
@settings(max_examples=300)
def test_records_are_found_by_brackets_and_quotes_in_any_text(text: bytes, cut: bool) -> None:  # noqa: FBT001 - drawn
    assert list(Slice("", "", text, listed=True, cut=cut).records()) == scanned(text, cut=cut)


def test_records_that_nest_deep_are_found_in_time_linear_in_the_text() -> None:
    deep = b"[" * 20_000 + b"]" * 20_000
    assert list(Slice("", "", deep + b"," + deep + b"]").records()) == [(0, 40_000), (40_001, 80_001)]
