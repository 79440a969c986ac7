"""Processes divide the histories of an archive without communication: each history is loaded once."""

from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.store.partition import Partition

HISTORIES = st.lists(st.tuples(st.sampled_from(["rooms", "users"]), st.integers(0, 30), st.integers(0, 1 << 40)))


@given(HISTORIES, st.integers(1, 5))
def test_every_history_is_in_one_partition_wherever_it_is(histories: list[tuple[str, int, int]], of: int) -> None:
    partitions = [Partition(at, of) for at in range(of)]
    dealt: dict[tuple[str, int], int] = {}
    for directory, number, size in histories:
        (taker,) = [at for at, partition in enumerate(partitions) if partition.contains(directory, number, size)]
        assert dealt.setdefault((directory, number), taker) == taker
    assert [partition.is_first for partition in partitions] == [True] + [False] * (of - 1)


@given(st.lists(st.integers(0, 1 << 40), min_size=1), st.integers(1, 5))
def test_no_partition_is_larger_than_another_by_more_than_the_largest_history(sizes: list[int], of: int) -> None:
    totals = [0] * of
    for at in range(of):
        partition = Partition(at, of)
        totals[at] = sum(size for number, size in enumerate(sizes) if partition.contains("rooms", number, size))
    assert max(totals) - min(totals) <= max(sizes)
