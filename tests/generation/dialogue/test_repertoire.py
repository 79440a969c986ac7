"""A history tells threads by their weights, none of them again soon, and each of them fits what is left of its day."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.generation.dialogue.repertoire import Choice, ScriptOrder, repertoire
from hcfmt.generation.dialogues.names import PRIVATE, PURPOSES, SELF
from hcfmt.rng import random_for

PLACES = sorted(PURPOSES | {PRIVATE, SELF})
MONDAY, SATURDAY = 0, 5


def order(purpose: str, seed: int, *, with_bots: bool = True) -> ScriptOrder:
    return repertoire("en").orders(purpose, random_for(seed, "deck").random)[with_bots]


@given(st.sampled_from(PLACES), st.integers(0, 1_000), st.data())
def test_a_thread_fits_what_is_left_of_a_day_and_who_is_there(purpose: str, seed: int, data: st.DataObject) -> None:
    threads = order(purpose, seed)
    for _ in range(30):
        left, people = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 5))
        weekday, bots = data.draw(st.integers(MONDAY, 6)), data.draw(st.integers(0, 3))
        script, take = threads.take(left, people, weekday, bots)
        assert 1 <= take.messages <= left
        assert len(script.roles) <= people
        assert weekday in script.days
        assert take.notifications <= script.bots <= bots


@pytest.mark.parametrize("purpose", sorted(PURPOSES - {"lunch"} | {PRIVATE}))  # of lunch there are few threads
def test_no_thread_comes_again_soon(purpose: str) -> None:
    threads = order(purpose, 3, with_bots=False)
    told = [threads.take(12, 12, MONDAY + 1, 0)[0] for _ in range(400)]
    assert sum(script in told[max(0, place - 3) : place] for place, script in enumerate(told)) <= 4
    assert not any(one is other for one, other in pairwise(told))
    assert len({*told}) > 20


def test_no_thread_of_one_order_comes_again_soon_in_the_other_of_a_history() -> None:
    orders = repertoire("en").orders("company", random_for(3, "deck").random)
    told = [orders[number % 2].take(12, 12, MONDAY + 1, 9)[0] for number in range(400)]
    assert sum(script in told[max(0, place - 9) : place] for place, script in enumerate(told)) <= 4


def test_a_single_message_is_seldom_left_for_another_thread() -> None:
    threads = order("development", 5, with_bots=False)
    left = Counter(7 - threads.take(7, 9, MONDAY, 0)[1].messages for _ in range(500))
    assert left[1] < 0.02 * left.total()


@pytest.mark.parametrize(("left", "people"), [(12, 2), (1, 12), (2, 2)])
def test_where_few_threads_fit_all_of_them_are_told(left: int, people: int) -> None:
    choice = repertoire("en").choice("social", "", with_bots=False)
    draw, threads = random_for(2, "fitting").random, order("social", 7, with_bots=False)
    drawn = {choice.draw(draw, left) for _ in range(2_000)}
    fitting = {script for script in drawn if script and len(script.roles) <= people and MONDAY in script.days}
    told = {threads.take(left, people, MONDAY, 0)[0] for _ in range(600)}
    assert len(told & fitting) >= min(8, 0.6 * len(fitting))


def test_weekends_have_their_threads_too() -> None:
    threads = order("social", 7, with_bots=False)
    assert len({threads.take(5, 4, SATURDAY, 0)[0] for _ in range(100)}) > 10


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=20), st.integers(1, 12), st.integers(0, 1_000))
def test_a_sample_has_each_script_once_and_heavy_ones_always(weights: list[float], count: int, seed: int) -> None:
    draw = random_for(seed, "sample").random
    scripts = repertoire("en").choice("company", "", with_bots=True).sample(draw, 20)
    weighted = [*zip(weights, scripts, strict=False)]
    sample = Choice(weighted).sample(draw, count)
    assert len({*sample}) == len(sample) <= count
    step = sum(weight for weight, _ in weighted) / count
    assert {script for weight, script in weighted if weight > step * 1.001} <= {*sample}


def test_nothing_is_chosen_where_nothing_is_to_choose_from() -> None:
    nothing, draw = Choice([]), random_for(1).random
    assert (nothing.draw(draw, 5), nothing.sample(draw, 5)) == (None, ())
