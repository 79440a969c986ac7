"""How facts meet: whatever the grouping, and between members whatever the order, the result is the same."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hcfmt.check.facts import Facts, Found, Tally

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
FACTS = st.builds(
    Facts,
    tally=st.lists(FOUND, max_size=12).map(lambda found: Tally.of(KEEP, found)),
    records=st.integers(0, 30),
    kinds=COUNTS,
    examined=COUNTS,
    unread=COUNTS,
    stopped=st.booleans(),
)


@given(FACTS, FACTS, FACTS)
def test_consecutive_facts_may_be_grouped_in_any_way(one: Facts, two: Facts, three: Facts) -> None:
    assert one.followed_by(two).followed_by(three) == one.followed_by(two.followed_by(three))


@given(FACTS, FACTS, FACTS)
def test_facts_of_different_members_may_be_grouped_in_any_way(one: Facts, two: Facts, three: Facts) -> None:
    assert one.beside(two).beside(three) == one.beside(two.beside(three))


@given(FACTS, FACTS)
def test_facts_of_different_members_may_come_in_any_order(one: Facts, two: Facts) -> None:
    assert one.beside(two) == two.beside(one)


@given(st.lists(FOUND, max_size=40), st.integers(0, 40))
def test_totals_are_exact_and_the_first_of_each_code_are_kept(found: list[Found], cut: int) -> None:
    tally = Tally.of(KEEP, found[:cut]) + Tally.of(KEEP, found[cut:])
    assert tally == Tally.of(KEEP, found)
    assert tally.totals == Counter(one.code for one in found)
    for code in tally.totals:
        everything = sorted((one for one in found if one.code == code), key=lambda one: one.order)
        assert [one for one in tally.kept if one.code == code] == everything[:KEEP]


def test_records_that_follow_are_counted_on() -> None:
    first = Facts(Tally(KEEP), records=41)
    then = Facts(Tally.of(KEEP, [Found("HC301", "", "rooms/7/history.json", 0, ("UserMessage", "a/b~c"))]), records=1)
    together = first.followed_by(then)
    assert together.records == 42
    assert together.tally.kept[0].pointer == "/41/UserMessage/a~1b~0c"


def test_indices_are_ordered_as_numbers() -> None:
    found = [Found("HC301", "", "m", index, ()) for index in (10, 9, 100)]
    assert [one.index for one in Tally.of(KEEP, found).kept] == [9, 10, 100]
