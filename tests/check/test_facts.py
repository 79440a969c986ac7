"""Merging of facts: in any grouping, and for several members in any order, the result is the same."""

import copy
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hcfmt.check.export_index import ExportIndex
from hcfmt.check.facts import Facts, Found, Sieve, Tally
from hcfmt.check.history_facts import HistoryFacts, State
from hcfmt.check.occurrences import Place, ValueIndex

KEEP = 3

FOUND = st.builds(
    Found,
    code=st.sampled_from(["HC301", "HC303"]),
    message=st.sampled_from(["a", "b"]),
    member=st.sampled_from(["rooms/1/history.json", "rooms/2/history.json"]),
    index=st.integers(0, 20),
    path=st.just(("UserMessage",)),
)
COUNTS = st.dictionaries(st.sampled_from(["record", "User"]), st.integers(1, 9)).map(Counter)
MEMBERS = ("rooms/1/history.json", "rooms/2/history.json")
PATH: tuple[str | int, ...] = ("sender", "id")
PLACES = st.tuples(st.sampled_from(MEMBERS), st.integers(0, 20), st.just(PATH))


def value_index(occurrences: list[tuple[str, int, list[Place]]]) -> ValueIndex:
    index = ValueIndex()
    for label, value, places in occurrences:
        index.add(label, {value: (len(places), tuple(sorted(places)[:2]))})
    return index


VALUE_INDEXES = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 4), st.lists(PLACES, min_size=1, max_size=4)), max_size=6
).map(value_index)
STAMPS = st.sampled_from(["2018-04-02T15:40:44Z 000001", "2018-04-02T15:40:44Z 000002", "2018-05-01T00:00:00Z 000000"])
STATES = st.builds(State, STAMPS, st.integers(0, 20), st.sets(st.booleans(), min_size=1).map(frozenset))
HISTORIES = st.builds(
    HistoryFacts,
    messages=st.integers(1, 9),
    first=st.none() | st.tuples(STAMPS, st.integers(0, 20)),
    last=STAMPS,
    states=st.dictionaries(st.sampled_from(["ArchiveRoomMessage", "TopicRoomMessage"]), STATES),
    private=st.dictionaries(st.integers(1, 3), st.tuples(st.integers(1, 9), st.integers(0, 1 << 127))),
)
INDEXES = st.builds(
    ExportIndex,
    values=VALUE_INDEXES,
    salvaged=st.sets(st.tuples(st.just("user"), st.integers(1, 4))),
    broken=COUNTS,
    lost=COUNTS,
    histories=st.dictionaries(st.sampled_from(MEMBERS), HISTORIES),
    census=COUNTS,
)
FACTS = st.builds(
    Facts,
    tally=st.lists(FOUND, max_size=12).map(lambda found: Tally.of(KEEP, found)),
    records=st.integers(0, 30),
    kinds=COUNTS,
    examined=COUNTS,
    unexamined=COUNTS,
    stopped=st.booleans(),
    index=INDEXES,
)


def appended(*parts: Facts) -> Facts:
    """Return the facts of consecutive records; the parts stay as they are."""
    first, *rest = copy.deepcopy(parts)
    for other in rest:
        first.append(other)
    return first


def merged(*parts: Facts) -> Facts:
    """Return the facts of several members; the parts stay as they are."""
    first, *rest = copy.deepcopy(parts)
    for other in rest:
        first.merge(other)
    return first


@given(FACTS, FACTS, FACTS)
@pytest.mark.slow
def test_consecutive_facts_may_be_grouped_in_any_way(first: Facts, second: Facts, third: Facts) -> None:
    assert appended(appended(first, second), third) == appended(first, appended(second, third))


@given(FACTS, FACTS, FACTS)
@pytest.mark.slow
def test_facts_of_different_members_may_be_grouped_in_any_way(first: Facts, second: Facts, third: Facts) -> None:
    assert merged(merged(first, second), third) == merged(first, merged(second, third))


@given(FACTS, FACTS)
@pytest.mark.slow
def test_facts_of_different_members_may_come_in_any_order(first: Facts, second: Facts) -> None:
    assert merged(first, second) == merged(second, first)


@given(st.lists(FOUND, max_size=40), st.integers(0, 40))
def test_totals_are_exact_and_the_first_of_each_code_are_kept(found: list[Found], cut: int) -> None:
    tally = Tally.of(KEEP, found[:cut]) + Tally.of(KEEP, found[cut:])
    assert tally == Tally.of(KEEP, found)
    assert tally.totals == Counter(finding.code for finding in found)
    for code in tally.totals:
        everything = sorted((finding for finding in found if finding.code == code), key=lambda finding: finding.order)
        assert [found for found in tally.findings if found.code == code] == everything[:KEEP]


@given(st.lists(FOUND, max_size=40).map(lambda found: [replace(one, member="users.json") for one in found]))
def test_a_finding_that_is_only_counted_is_not_among_the_first(found: list[Found]) -> None:
    sieve = Sieve(KEEP)
    for finding in found:
        if sieve.counts(finding.code, finding.index):
            sieve.hold(finding)
    assert sieve.tally() == Tally.of(KEEP, found)


def test_findings_in_order_are_not_made_once_there_are_enough() -> None:
    sieve = Sieve(KEEP)
    made = []
    for index in range(100):
        if sieve.counts("HC301", index):
            made.append(index)
            sieve.hold(Found("HC301", "", "", index))
    assert made == [*range(KEEP)]
    assert sieve.tally().totals == {"HC301": 100}


@given(st.lists(FOUND, max_size=20), st.lists(FOUND, max_size=20), st.integers(0, 30))
def test_tallies_of_consecutive_records_are_joined_as_if_made_at_once(
    first: list[Found], then: list[Found], by: int
) -> None:
    joined = Tally.of(KEEP, first).followed_by(Tally.of(KEEP, then), by)
    assert joined == Tally.of(KEEP, [*first, *(finding.shifted(by) for finding in then)])


def test_records_that_follow_are_counted_on() -> None:
    first = Facts(Tally(KEEP), records=41)
    then = Facts(Tally.of(KEEP, [Found("HC301", "", "rooms/7/history.json", 0, ("UserMessage", "a/b~c"))]), records=1)
    together = appended(first, then)
    assert together.records == 42
    assert together.tally.findings[0].pointer == "/41/UserMessage/a~1b~0c"


def test_indices_are_ordered_as_numbers() -> None:
    found = [Found("HC301", "", "m", index, ()) for index in (10, 9, 100)]
    assert [finding.index for finding in Tally.of(KEEP, found).findings] == [9, 10, 100]


# Each comes before the next, though its message says otherwise.
IN_ORDER = [
    Found("HC900", "z", "a", 9, ("z",), 9, 9, "z"),
    Found("HC900", "y", "b", None, ("z",), 9, 9, "z"),
    Found("HC900", "x", "b", 0, ("z",), 9, 9, "z"),
    Found("HC900", "w", "b", 2, None, 9, 9, "z"),
    Found("HC900", "v", "b", 2, ("a",), 9, 9, "z"),
    Found("HC205", "u", "b", 2, ("b",), 9, 9, "z"),
    Found("HC301", "t", "b", 2, ("b",), 9, 9, None),
    Found("HC301", "s", "b", 2, ("b",), 9, 9, "a"),
    Found("HC301", "r", "b", 2, ("b",), 9, None, "b"),
    Found("HC301", "q", "b", 2, ("b",), 9, 8, "b"),
    Found("HC301", "p", "b", 2, ("b",), None, 9, "b"),
    Found("HC301", "o", "b", 2, ("b",), 8, 9, "b"),
    Found("HC301", "m", "b", 2, ("b",), 9, 9, "b"),
    Found("HC301", "n", "b", 2, ("b",), 9, 9, "b"),
]


def test_findings_are_ordered_by_member_record_path_code_subcode_byte_line_and_message() -> None:
    assert all(first.order < then.order for first, then in pairwise(IN_ORDER))
