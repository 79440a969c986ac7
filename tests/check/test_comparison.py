"""Comparison of an importer's counts with an archive's."""

import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.check.comparison import COUNTS, LARGEST_RESULT, compare, parse_counts
from hcfmt.check.engine import Options
from hcfmt.errors import UsageError
from hcfmt.export.message_kinds import ROOM_MESSAGES
from hcfmt.verdict import Verdict
from tests.support.recipes import PASSWORD, SAMPLE, cook

SCHEMA = Path(__file__).parents[2] / "schemas" / "report" / "imported.json"
WITH_PASSWORD = Options(password=PASSWORD)


@pytest.fixture(scope="module")
def held() -> Mapping[str, int]:
    """Return all counts of the sample."""
    return compare(str(SAMPLE), dict.fromkeys(COUNTS, 0), WITH_PASSWORD).expected


def test_the_schema_names_the_counts_that_are_compared() -> None:
    assert list(json.loads(SCHEMA.read_bytes())["properties"]) == list(COUNTS)


def test_every_kind_of_messages_in_rooms_is_a_count() -> None:
    assert set(COUNTS) >= set(ROOM_MESSAGES)


def test_the_counts_of_the_sample_fit_together(held: Mapping[str, int]) -> None:
    assert held["room_messages"] == sum(held[kind] for kind in ROOM_MESSAGES)
    assert held["messages"] == held["room_messages"] + held["private_messages"]
    assert all(held[name] for name in ("users", "rooms", "messages", "private_messages", "files", "emoticons"))


def test_equal_counts_do_not_differ(held: Mapping[str, int]) -> None:
    comparison = compare(str(SAMPLE), held, WITH_PASSWORD)
    assert (comparison.differing, comparison.expected) == ((), held)


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("change", [-1, 1])
def test_each_count_is_compared_by_itself(held: Mapping[str, int], name: str, change: int) -> None:
    imported = {name: max(0, held[name] + change)}
    comparison = compare(str(SAMPLE), imported, WITH_PASSWORD)
    assert comparison.expected == {name: held[name]}
    assert comparison.differing == ((name,) if imported[name] != held[name] else ())


def test_a_private_message_counts_once() -> None:
    counts = {"private_messages": 0, "messages": 0}
    whole = compare(str(SAMPLE), counts, WITH_PASSWORD)
    inventory = whole.report.inventory["messages"]
    assert isinstance(inventory, dict)
    assert 0 < whole.expected["private_messages"] < inventory["PrivateUserMessage"]


def test_an_archive_that_cannot_be_read_is_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "cut.tar.gz.aes"
    path.write_bytes(cook("gzip cut 9000").data)
    assert compare(str(path), {"users": 1}, WITH_PASSWORD).report.verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{}", "has no count"),
        (b"", "It is no result of an importer"),
        (b"[1]", "Expected `object`"),
        (b'{"users": "3"}', "Expected `int`"),
        (b'{"users": 3.5}', "Expected `int`"),
        (b'{"users": true}', "Expected `int`"),
        (b'{"users": null}', "Expected `int`"),
        (b'{"users": -1}', "The count 'users' of the result is not a number"),
        (b'{"user": 1}', "There is no count 'user'; did you mean 'users'?"),
        (b'{"users": 1', "It is no result"),
        (b'{"users": 1}' + b" " * LARGEST_RESULT, "it has more than 65,536 bytes"),
        (b'{"users\xff": 1}', "It is no result"),
    ],
)
def test_what_is_no_result_is_refused(text: bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("?", "[?]")):
        parse_counts(text)


_KEYS = st.one_of(st.sampled_from(sorted(COUNTS)), st.text(max_size=8))
_VALUES = st.one_of(st.integers(-2, 1 << 40), st.booleans(), st.floats(allow_nan=False), st.text(max_size=2))


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_the_schema_accepts_what_is_read(document: dict[str, object]) -> None:
    valid = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_bytes())).is_valid(document)
    try:
        assert parse_counts(json.dumps(document).encode()) == document
    except UsageError:
        # To JSON Schema 3.0 is an integer.
        assert not valid or any(isinstance(value, float) for value in document.values())
    else:
        assert valid
