"""Numbers as short text."""

from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.server.page.static_export.numbers import increasing_text, numbers_text, signed
from tests.support.static_pages import numbers_of, summed


@given(st.lists(st.integers(0, 1 << 60)))
@example([0, 31, 32, 1023, 1024, (1 << 15) - 1, 1 << 15, (1 << 30) - 1, 1 << 30])
def test_numbers_are_read_from_their_text(numbers: list[int]) -> None:
    assert numbers_of(numbers_text(numbers)) == numbers


@given(st.lists(st.integers(0, 1 << 60)).map(sorted), st.integers(0, 5))
def test_increasing_numbers_are_written_as_differences(numbers: list[int], before: int) -> None:
    numbers = [number + before for number in numbers]
    assert list(summed(numbers_of(increasing_text(numbers, before)), before)) == numbers


def test_small_numbers_have_one_digit() -> None:
    assert len(numbers_text(range(32))) == 32


@given(st.lists(st.integers()))
def test_signed_numbers_are_odd_if_negative(numbers: list[int]) -> None:
    assert [-(number + 1) // 2 if number % 2 else number // 2 for number in signed(numbers)] == numbers
