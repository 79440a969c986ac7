"""Findings: their order, and their places as text and as JSON Pointers."""

import pickle
from itertools import pairwise

import pytest

from hcfmt.findings import Finding, Location, Severity


def finding(code: str, message: str, location: Location, subcode: str | None = "z") -> Finding:
    return Finding(code, "a-name", Severity.ERROR, message, location, subcode, {"count": 1})


# Each comes before the next, though its message says otherwise.
IN_ORDER = [
    finding("HC900", "{", Location(None, 9, ("z",), 9, 9)),
    finding("HC900", "z", Location("a", 9, ("z",), 9, 9)),
    finding("HC900", "y", Location("b", None, ("z",), 9, 9)),
    finding("HC900", "x", Location("b", 0, ("z",), 9, 9)),
    finding("HC900", "w", Location("b", 2, None, 9, 9)),
    finding("HC900", "v", Location("b", 2, ("a",), 9, 9)),
    finding("HC205", "u", Location("b", 2, ("b",), 9, 9)),
    finding("HC301", "t", Location("b", 2, ("b",), 9, 9), None),
    finding("HC301", "s", Location("b", 2, ("b",), 9, 9), "a"),
    finding("HC301", "r", Location("b", 2, ("b",), 9, None), "b"),
    finding("HC301", "q", Location("b", 2, ("b",), 9, 8), "b"),
    finding("HC301", "p", Location("b", 2, ("b",), None, 9), "b"),
    finding("HC301", "o", Location("b", 2, ("b",), 8, 9), "b"),
    finding("HC301", "m", Location("b", 2, ("b",), 9, 9), "b"),
    finding("HC301", "n", Location("b", 2, ("b",), 9, 9), "b"),
]


def test_findings_are_ordered_by_member_record_path_code_subcode_byte_line_and_message() -> None:
    assert all(first.order < then.order for first, then in pairwise(IN_ORDER))


@pytest.mark.parametrize("one", IN_ORDER)
def test_a_finding_comes_whole_from_another_process(one: Finding) -> None:
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("location", "pointer", "text"),
    [
        (Location(), None, ""),
        (Location(byte=7), None, ""),
        (Location("users.json"), None, "users.json"),
        (Location("users.json", 3), None, "users.json"),
        (Location("users.json", None, ()), "", "users.json"),
        (Location("users.json", 3, ()), "/3", "users.json#/3"),
        (Location("users.json", 0, ("User", "a/b~c", 1)), "/0/User/a~1b~0c/1", "users.json#/0/User/a~1b~0c/1"),
        (Location("emoticons.json", None, ("Emoticons", 0)), "/Emoticons/0", "emoticons.json#/Emoticons/0"),
    ],
)
def test_a_place_is_a_member_and_a_pointer_in_it(location: Location, pointer: str | None, text: str) -> None:
    assert (location.pointer, str(location)) == (pointer, text)


def test_only_the_record_of_a_list_moves_when_records_come_before_it() -> None:
    moved = finding("HC301", "a", Location("users.json", 3, ("User",), 4, 5)).shifted(2)
    assert moved == finding("HC301", "a", Location("users.json", 5, ("User",), 4, 5))
    whole = finding("HC301", "a", Location("emoticons.json", None, ("Emoticons", 0)))
    assert whole.shifted(2) == whole


def test_a_finding_as_json_has_a_pointer() -> None:
    place = {"member": "users.json", "pointer": "/3/User", "line": 4, "byte": 5}
    assert finding("HC301", "a", Location("users.json", 3, ("User",), 4, 5)).to_dict()["location"] == place
