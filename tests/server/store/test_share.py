"""Processes that share out an archive's histories, without a word to each other, leave none out and read none twice."""

from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.store.share import Share

HISTORIES = st.lists(st.tuples(st.sampled_from(["rooms", "users"]), st.integers(0, 30), st.integers(0, 1 << 40)))


@given(HISTORIES, st.integers(1, 5))
def test_every_history_is_in_one_share_whenever_it_comes(histories: list[tuple[str, int, int]], of: int) -> None:
    shares = [Share(at, of) for at in range(of)]
    dealt: dict[tuple[str, int], int] = {}
    for tree, number, size in histories:
        (taker,) = [at for at, share in enumerate(shares) if share.has(tree, number, size)]
        assert dealt.setdefault((tree, number), taker) == taker
    assert [share.is_first for share in shares] == [True] + [False] * (of - 1)


@given(st.lists(st.integers(0, 1 << 40), min_size=1), st.integers(1, 5))
def test_no_share_is_larger_than_another_by_more_than_the_largest_history(sizes: list[int], of: int) -> None:
    totals = [0] * of
    for at in range(of):
        share = Share(at, of)
        totals[at] = sum(size for number, size in enumerate(sizes) if share.has("rooms", number, size))
    assert max(totals) - min(totals) <= max(sizes)
