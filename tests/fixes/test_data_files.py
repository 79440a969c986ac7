"""Rewriting data files: what no fix changes stays byte for byte, whatever the text is and wherever it is cut."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Budget
from hcfmt.export.editing import Change
from hcfmt.export.go_json import go_json
from hcfmt.export.layout import layout_of
from hcfmt.export.slices import SLICE, Slicer
from hcfmt.export.writer import ArchiveForm
from hcfmt.fixes import records
from hcfmt.fixes.data_files import DataFileFixer
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import Path as Place
from hcfmt.fixes.plan import Plan
from hcfmt.fixes.record_fixes import RecordFixes

MEMBER = "rooms/1/history.json"
STAMP = "2018-04-02T15:40:44Z"
BUDGET = Budget()


def message(number: int, stamp: str = f"{STAMP} 000001", text: str = "hello") -> dict[str, Any]:
    sender = {"id": 1, "mention_name": "", "name": "", "version": ""}
    own = {"id": f"00000000-0000-4000-8000-{number:012}", "type": "muc_message", "sender": sender}
    return {"UserMessage": {**own, "message": text, "timestamp": stamp}}


def plan() -> Plan:
    """Return a plan without an export, in which the fix of HC602 is planned."""
    nothing = cast("Any", None)
    made = Plan(nothing, nothing, ArchiveForm.TAR, BUDGET, nothing, Path(), ExitStack())
    made.code = "HC602"
    records.no_microseconds(made)
    return made


def rewritten(
    text: bytes, plan_: Plan | None = None, appended: Sequence[Any] = (), chunk: int = 1 << 16
) -> tuple[bytes, list[tuple[str, Change]]]:
    """Return the new text of a history that comes in chunks, and the changes."""
    changes: list[tuple[str, Change]] = []
    chunks = (text[start : start + chunk] for start in range(0, len(text), chunk))
    row = layout_of(MEMBER)
    assert row
    fixer = DataFileFixer(
        MEMBER,
        Slicer(MEMBER, row, chunks, BUDGET),
        RecordFixes(plan_ or plan()),
        lambda code, change: changes.append((code, change)),
        BUDGET.depth,
        BUDGET.values,
        [("HC401", element) for element in appended],
    )
    return b"".join(fixer.chunks()), changes


def test_one_record_of_a_long_history_is_changed_where_it_is() -> None:
    messages = [message(number, text="x" * 500) for number in range(3 * SLICE // 500)]
    place = len(messages) // 2
    flawed = go_json([*messages[:place], message(place, STAMP), *messages[place + 1 :]])
    text, changes = rewritten(flawed)
    assert text == flawed.replace(f'"{STAMP}"'.encode(), f'"{STAMP} 000000"'.encode())
    pointer = f"/{place}/UserMessage/timestamp"
    assert changes == [("HC602", Change(MEMBER, pointer, STAMP, f"{STAMP} 000000"))]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b" [ ]\n",
        b"null",
        b"{}",
        b"[1,]",
        b"[,1]",
        b"[{}}]",
        b'[{"UserMessage":{"id":1},"UserMessage":2}]',
        b'[{"UserMessage":{"id":NaN}}]',
        b'[{"UserMessage":"\xff"}]',
        b'[{"UserMessage":"\\ud800"}]',
        b'[{"UserMessage":{}}] and more',
        b'[{"UserMessage":{}},{"UserMess',
        b"\xef\xbb\xbf[]",
        b"[" * 1000,
        b"[" + b'{"UserMessage":{}}\n,\n' * 3 + b"{}]",
    ],
)
@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_text_without_a_fix_stays_as_it_is(text: bytes, chunk: int) -> None:
    assert rewritten(text, chunk=chunk) == (text.lstrip(b" "), [])


@given(st.binary(max_size=60).map(lambda middle: b'[{"UserMessage":' + middle + b"}]"), st.integers(1, 20))
@settings(max_examples=200)
def test_any_text_is_read_to_its_end(text: bytes, chunk: int) -> None:
    new, changes = rewritten(text, chunk=chunk)
    assert new == text or changes


@given(st.lists(st.sampled_from([STAMP, f"{STAMP} 5", f"{STAMP} 000007", f"{STAMP} 123456789"])), st.integers(1, 4000))
def test_every_flawed_record_is_changed_and_no_other(stamps: list[str], chunk: int) -> None:
    new, changes = rewritten(go_json([message(number, stamp) for number, stamp in enumerate(stamps)]), chunk=chunk)
    expected = {STAMP: "000000", f"{STAMP} 5": "500000", f"{STAMP} 000007": "000007", f"{STAMP} 123456789": "123456"}
    assert new == go_json([message(number, f"{STAMP} {expected[stamp]}") for number, stamp in enumerate(stamps)])
    assert len(changes) == sum(stamp != f"{STAMP} 000007" for stamp in stamps)


@pytest.mark.parametrize("before", [[], [message(1)], [message(1), message(2)]])
def test_elements_are_appended_with_their_index(before: list[Any]) -> None:
    new, changes = rewritten(go_json(before), appended=[message(8), message(9)])
    assert orjson.loads(new) == [*before, message(8), message(9)]
    assert [change.pointer for _, change in changes] == [f"/{len(before)}", f"/{len(before) + 1}"]


@pytest.mark.parametrize("removed", [{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 1, 2}])
def test_elements_are_left_out_and_the_others_keep_their_indices(removed: set[int]) -> None:
    def drop(item: Item, _: Place, __: object) -> None:
        if item.index in removed:
            item.remove()

    made = plan()
    made.on_records(["UserMessage"], drop)
    new, changes = rewritten(go_json([message(number) for number in range(3)]), made)
    assert orjson.loads(new) == [message(number) for number in range(3) if number not in removed]
    assert [change.pointer for _, change in changes] == [f"/{number}" for number in sorted(removed)]


def test_a_large_integer_keeps_its_digits_in_a_changed_record() -> None:
    text = go_json([message(1, STAMP)]).replace(b'"type"', b'"number":123456789012345678901,"type"')
    new, _ = rewritten(text)
    assert b'"number":123456789012345678901,' in new.replace(b": ", b":")


def test_of_a_key_twice_the_last_one_stays_only_if_its_rule_is_to_be_fixed() -> None:
    text = go_json([message(1)]).replace(b'"message":', b'"message":"earlier","message":')
    made = plan()
    assert rewritten(text, made) == (text, [])
    made.texts.add("HC205")
    new, changes = rewritten(text, made)
    assert (new, [code for code, _ in changes]) == (go_json([message(1)]), ["HC205"])
