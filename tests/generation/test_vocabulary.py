"""Tests of what words are drawn from: gaps, shares, spelling, time zones of every locale."""

import re
from importlib.resources import files
from itertools import islice
from random import Random

import pytest
from faker.config import AVAILABLE_LOCALES
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.canonical_names import proposed_mention_name
from hcfmt.generation.names_registry import NamesRegistry
from hcfmt.generation.time_zones import zones
from hcfmt.generation.transliteration import latin
from hcfmt.generation.vocabulary import drawn, filled, phrases, shares, words
from hcfmt.rng import random_for

LANGUAGES = ("en", "de", "fr", "es", "ja")
ZONES = frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())
GAP = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("locale", sorted(AVAILABLE_LOCALES))
def test_every_locale_has_time_zones(locale: str) -> None:
    assert set(zones(locale)) <= ZONES
    assert zones(locale) != ("UTC",)


def test_a_locale_without_a_territory_that_is_known_is_at_utc() -> None:
    assert zones("xx_XX") == ("UTC",)


@pytest.mark.parametrize("language", [*LANGUAGES, "work"])
def test_every_gap_is_filled(language: str) -> None:
    random, known = random_for(1), words(language, "x.example")
    for kind, some in phrases(language).items():
        for phrase in () if kind in {"words", "notice"} else some:
            for _ in range(5):
                assert not GAP.search(filled(random, phrase, known)), phrase


@pytest.mark.parametrize("notice", phrases("work")["notice"], ids=lambda notice: notice["html"][:40])
def test_every_notice_is_whole(notice: dict[str, str]) -> None:
    assert 0 < len(notice["from"]) <= 64
    assert notice["color"] in {"yellow", "green", "red", "purple", "gray"}
    assert set(notice) <= {"from", "color", "html", "card"}
    known = words("en", "x.example")
    assert not GAP.search(filled(random_for(1), notice["html"] + notice.get("card", ""), known))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_kinds(language: str) -> None:
    assert set(phrases(language)) == set(phrases("en"))
    assert all("@@" in phrase for phrase in phrases(language)["mentioning"])
    assert all(phrase.startswith("/me ") for phrase in phrases(language)["me"])
    assert all(len(title) <= 50 for title in phrases(language)["title"])


@given(st.lists(st.text(), min_size=1, max_size=20, unique=True), st.integers(0, 10_000))
def test_shares_add_up_and_the_first_has_most(locales: list[str], total: int) -> None:
    parts = shares(locales, total)
    assert len(parts) == len(locales)
    assert sum(parts) == total
    assert parts[0] == max(parts)


@given(st.randoms(use_true_random=False), st.lists(st.integers(), min_size=1))
def test_what_is_drawn_is_in_the_pool(random: Random, pool: list[int]) -> None:
    assert drawn(random, pool) in pool


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("Müller", "mueller"),
        ("Gâteau", "gateau"),
        ("Łukasz", "lukasz"),
        ("O'Neill-Smith", "oneillsmith"),
        ("Иван", "ivan"),
        ("김", "gim"),
        ("ひら", "hira"),
        ("Ωβ", "ob"),
        ("巫", ""),
        ("🦊", ""),
        ("ＡＢ１", "ab1"),  # noqa: RUF001 - wide on purpose
    ],
)
def test_a_word_is_spelled_in_latin_letters_or_not_at_all(word: str, spelled: str) -> None:
    assert latin(word) == spelled


@given(st.text())
def test_what_is_spelled_is_plain(word: str) -> None:
    assert re.fullmatch("[a-z0-9]*", latin(word))


@pytest.mark.parametrize(("name", "run"), [("Anna Müller", "AnnaMüller"), ("李 飞", "李飞"), ("=cmd|' /C", "cmdC")])
def test_a_name_is_run_together(name: str, run: str) -> None:
    assert proposed_mention_name(name) == run


def test_a_taken_name_gets_a_number_within_the_limit() -> None:
    register = NamesRegistry("ALL")
    assert [register.first_free(name, 4) for name in ("all", "abcd", "ABCD", "abcd")] == [
        "all2",
        "abcd",
        "ABC2",
        "abc3",
    ]
    assert not register.is_free("AbC2")


def test_a_name_that_was_passed_over_is_not_offered_again() -> None:
    register = NamesRegistry()
    assert list(islice(register.numbered("a", 9, " "), 3)) == ["a", "a 2", "a 3"]
    assert next(register.numbered("a", 9, " ")) == "a 4"
