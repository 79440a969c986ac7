"""Phrases of all languages are complete, and all their gaps are filled."""

import re
from importlib.resources import files
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.generation.vocabulary import fill_gaps, gap_words, phrases, pick, split_by_rank
from hcfmt.rng import random_for

LANGUAGES = ("en", "de", "fr", "es", "ja")
ZONES = frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())
GAP = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("language", [*LANGUAGES, "work"])
def test_every_gap_is_filled(language: str) -> None:
    random, words = random_for(1), gap_words(language, "x.example")
    for kind, items in phrases(language).items():
        for phrase in () if kind in {"words", "notification"} else items:
            for _ in range(5):
                assert not GAP.search(fill_gaps(random, phrase, words)), phrase


@pytest.mark.parametrize("name", phrases("work")["notification"])
def test_every_notification_is_complete(name: str) -> None:
    notification = phrases("work")["notification"][name]
    assert 0 < len(notification["from"]) <= 64
    assert notification["color"] in {"yellow", "green", "red", "purple", "gray"}
    assert set(notification) <= {"from", "color", "html", "card"}
    words = gap_words("en", "x.example")
    assert not GAP.search(fill_gaps(random_for(1), notification["html"] + notification.get("card", ""), words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_kinds(language: str) -> None:
    assert set(phrases(language)) == set(phrases("en"))
    assert all("@@" in phrase for phrase in phrases(language)["mentioning"])
    assert all(phrase.startswith("/me ") for phrase in phrases(language)["me"])
    assert all(len(title) <= 50 for title in phrases(language)["title"])


@given(st.lists(st.text(), min_size=1, max_size=20, unique=True), st.integers(0, 10_000))
def test_parts_by_rank_add_up_and_the_first_is_largest(locales: list[str], total: int) -> None:
    parts = split_by_rank(locales, total)
    assert len(parts) == len(locales)
    assert sum(parts) == total
    assert parts[0] == max(parts)


@given(st.randoms(use_true_random=False), st.lists(st.integers(), min_size=1))
def test_a_picked_item_is_in_the_pool(random: Random, pool: list[int]) -> None:
    assert pick(random, pool) in pool
