"""Delta debugging: what is left passes, and no single item of it can be removed."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.reduction.delta_debugging import smallest

NUMBERS = st.lists(st.integers(0, 40), unique=True, max_size=30)


@given(NUMBERS, st.sets(st.integers(0, 40), max_size=5))
@settings(max_examples=100)
def test_exactly_the_needed_items_are_left_in_their_order(items: list[int], needed: set[int]) -> None:
    needed &= set(items)
    assert list(smallest(items, needed.issubset)) == [item for item in items if item in needed]


@given(NUMBERS)
@settings(max_examples=100)
def test_no_single_item_can_be_removed(items: list[int]) -> None:
    def passes(kept: Sequence[int]) -> bool:
        return sum(kept) % 3 == sum(items) % 3

    left = list(smallest(items, passes))
    assert passes(left)
    assert not any(passes([*left[:index], *left[index + 1 :]]) for index in range(len(left)))


def test_a_few_needed_items_of_many_take_few_tests() -> None:
    tests = []

    def passes(kept: Sequence[int]) -> bool:
        tests.append(len(kept))
        return {17, 70_000} <= set(kept)

    assert smallest(range(100_000), passes) == [17, 70_000]
    assert len(tests) < 100
    assert sum(tests) < 1_000_000
