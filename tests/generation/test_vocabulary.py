"""Phrases are complete, and all their gaps are filled."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.generation.dialogue.lexicon import lexicon
from hcfmt.generation.dialogues.templates import gaps_of
from hcfmt.generation.vocabulary import fill_gaps, gap_words, phrases, pick, split_by_rank
from hcfmt.rng import random_for

GAP = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("name", phrases("work")["notification"])
def test_every_notification_is_complete(name: str) -> None:
    form = phrases("work")["notification"][name]
    assert 0 < len(form["from"]) <= 64
    assert form["color"] in {"yellow", "green", "red", "purple", "gray"}
    assert {*form} - {"card", "description"} == {"from", "color", "html", "url"}
    assert ("card" in form) == ("description" in form)
    words = lexicon("en")
    assert not [*gaps_of(words.template(form[key]) for key in form)]


def test_every_story_is_of_notifications_that_exist() -> None:
    stories = phrases("work")["story"]
    assert {name for story in stories for name in story["names"]} <= phrases("work")["notification"].keys()
    assert any(len(story["names"]) == 1 for story in stories)


def test_every_gap_in_the_name_of_a_room_is_filled() -> None:
    random, words = random_for(1), gap_words("x.example")
    names = [name for names in phrases("work")["room"].values() for name in names]
    for name in names:
        assert not GAP.search(fill_gaps(random, name, words)), name


@given(st.lists(st.text(), min_size=1, max_size=20, unique=True), st.integers(0, 10_000))
def test_parts_by_rank_add_up_and_the_first_is_largest(locales: list[str], total: int) -> None:
    parts = split_by_rank(locales, total)
    assert len(parts) == len(locales)
    assert sum(parts) == total
    assert parts[0] == max(parts)


@given(st.randoms(use_true_random=False), st.lists(st.integers(), min_size=1))
def test_a_picked_item_is_in_the_pool(random: Random, pool: list[int]) -> None:
    assert pick(random, pool) in pool
