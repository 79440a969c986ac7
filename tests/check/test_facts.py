"""Merging of facts: in any grouping, and for several members in any order, the result is the same."""

import copy
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.check.export_index import ExportIndex
from hcfmt.check.facts import Facts, Sieve, Tally
from hcfmt.check.history_facts import HistoryFacts, State
from hcfmt.check.occurrences import Place, ValueIndex
from hcfmt.findings import Finding, Location, Severity
from hcfmt.profiles.conditions_met import ConditionsMet, Met
from hcfmt.profiles.html_silence import read_messages
from hcfmt.profiles.record_columns import FieldColumn

KEEP = 3


def finding(code: str, message: str, member: str, index: int) -> Finding:
    return Finding(code, "a-name", Severity.ERROR, message, Location(member, index, ("UserMessage", "a/b~c")))


def findings(*members: str) -> st.SearchStrategy[Finding]:
    return st.builds(
        finding,
        st.sampled_from(["HC301", "HC303"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(members),
        st.integers(0, 20),
    )


FOUND = findings("rooms/1/history.json", "rooms/2/history.json")
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


def met(count: int, member: str, index: int) -> Met:
    return Met(count, (member, index, "User"), {index}, index)


METS = st.builds(met, st.integers(1, 9), st.sampled_from(MEMBERS), st.integers(0, 20))
NAMES = st.sampled_from(["zulip/Z40", "zulip/Z87"])
SENDERS = st.dictionaries(st.integers(1, 3), st.tuples(st.integers(1, 9), st.integers(0, 20)))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "met": st.dictionaries(NAMES, METS),
    "lost": st.dictionaries(st.tuples(st.just("zulip"), st.just("files")), st.integers(1, 9)).map(Counter),
    "values": st.dictionaries(NAMES, st.dictionaries(st.sampled_from(["a", "b"]), METS)),
    "received": st.dictionaries(st.sampled_from(MEMBERS), SENDERS),
}
TEXTS = st.lists(st.sampled_from(["a", "", "<style>", "</style> b"]), max_size=5)
READINGS = TEXTS.map(lambda texts: read_messages(FieldColumn(texts), range(len(texts))))
KINDS = st.tuples(st.sampled_from(MEMBERS), st.just("UserMessage"))


def facts(conditions: st.SearchStrategy[ConditionsMet]) -> st.SearchStrategy[Facts]:
    values: dict[str, st.SearchStrategy[Any]] = {
        "tally": st.lists(FOUND, max_size=12).map(lambda found: Tally.of(KEEP, found)),
        "records": st.integers(0, 30),
        "kinds": COUNTS,
        "examined": COUNTS,
        "unexamined": COUNTS,
        "stopped": st.booleans(),
        "index": INDEXES,
        "conditions": conditions,
    }
    return st.fixed_dictionaries(values).map(lambda drawn: Facts(**drawn))


FACTS = facts(st.fixed_dictionaries(VALUES).map(lambda drawn: ConditionsMet(**drawn)))
CONSECUTIVE = facts(
    st.fixed_dictionaries({**VALUES, "readings": st.dictionaries(KINDS, READINGS)}).map(
        lambda drawn: ConditionsMet(**drawn)
    )
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


@given(CONSECUTIVE, CONSECUTIVE, CONSECUTIVE)
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
def test_totals_are_exact_and_the_first_of_each_code_are_kept(found: list[Finding], cut: int) -> None:
    tally = Tally.of(KEEP, found[:cut]) + Tally.of(KEEP, found[cut:])
    assert tally == Tally.of(KEEP, found)
    assert tally.totals == Counter(one.code for one in found)
    for code in tally.totals:
        everything = sorted((one for one in found if one.code == code), key=lambda one: one.order)
        assert [one for one in tally.findings if one.code == code] == everything[:KEEP]


@given(st.lists(findings("users.json"), max_size=40))
def test_a_finding_that_is_only_counted_is_not_among_the_first(found: list[Finding]) -> None:
    sieve = Sieve(KEEP)
    for one in found:
        if sieve.takes(one.code, one.location.index):
            sieve.add(one)
        else:
            sieve.count(one.code)
    assert sieve.tally() == Tally.of(KEEP, found)


def test_findings_in_order_are_not_made_once_there_are_enough() -> None:
    sieve = Sieve(KEEP)
    made = []
    for index in range(100):
        if sieve.takes("HC301", index):
            made.append(index)
            sieve.add(finding("HC301", "", "users.json", index))
        else:
            sieve.count("HC301")
    assert made == [*range(KEEP)]
    assert sieve.tally().totals == {"HC301": 100}


@given(st.lists(FOUND, max_size=20), st.lists(FOUND, max_size=20), st.integers(0, 30))
def test_tallies_of_consecutive_records_are_joined_as_if_made_at_once(
    first: list[Finding], then: list[Finding], by: int
) -> None:
    joined = Tally.of(KEEP, first).followed_by(Tally.of(KEEP, then), by)
    assert joined == Tally.of(KEEP, [*first, *(one.shifted(by) for one in then)])


def test_records_that_follow_are_counted_on() -> None:
    first = Facts(Tally(KEEP), records=41)
    then = Facts(Tally.of(KEEP, [finding("HC301", "", "rooms/7/history.json", 0)]), records=1)
    together = appended(first, then)
    assert together.records == 42
    assert together.tally.findings[0].location.pointer == "/41/UserMessage/a~1b~0c"


def test_indices_are_ordered_as_numbers() -> None:
    found = [finding("HC301", "", "users.json", index) for index in (10, 9, 100)]
    assert [one.location.index for one in Tally.of(KEEP, found).findings] == [9, 10, 100]
