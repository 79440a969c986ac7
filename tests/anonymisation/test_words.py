"""Words: each becomes another of the same length, script and letter case, and no two become the same."""

import string
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.anonymisation.permutation import Permutation
from hcfmt.anonymisation.words import WORD, WordReplacement
from hcfmt.profiles.computed_keys import mattermost_username

WORDS = WordReplacement(b"a key")
LETTERS = st.characters(categories=("Lu", "Ll", "Lo", "Nd"), codec="utf-8")


@pytest.mark.parametrize("size", [1, 2, 3, 10, 26, 100, 260, 1_000])
def test_a_permutation_moves_every_number_and_uses_each_once(size: int) -> None:
    images = [Permutation(b"a key").next(number, size) for number in range(size)]
    assert sorted(images) == list(range(size))
    assert size == 1 or all(image != number for number, image in enumerate(images))


def test_another_key_permutes_otherwise() -> None:
    assert Permutation(b"one").next(5, 10**9) != Permutation(b"two").next(5, 10**9)


def test_all_words_of_two_letters_become_different_words() -> None:
    words = ["".join(letters) for letters in product(string.ascii_lowercase, repeat=2)]
    replaced = list(map(WORDS.of_word, words))
    assert sorted(replaced) == sorted(words)
    assert all(old != new for old, new in zip(words, replaced, strict=True))


@pytest.mark.parametrize("word", ["Anna", "R2D2", "иван", "Иван", "北京", "한국어", "ψυχή", "😀", "x" * 100])
def test_a_word_becomes_another(word: str) -> None:
    assert WORDS.of_word(word) != word


def test_words_that_differ_in_accents_become_words_that_importers_spell_alike() -> None:
    words = [f"{letter}{other}na" for letter, other in product("aeioubcdn", repeat=2)]
    accented = [word.replace("n", "ñ").replace("u", "ü") for word in words]
    pairs = [(WORDS.of_word(word), WORDS.of_word(other)) for word, other in zip(words, accented, strict=True)]
    alike = sum(mattermost_username(word) == mattermost_username(other) for word, other in pairs)
    assert alike > len(pairs) * 0.8  # m and x have no form with an accent in two bytes


def test_words_that_differ_in_letter_case_become_such_words() -> None:
    assert len({WORDS.of_word(word).lower() for word in ("Müller", "müller", "MÜLLER")}) == 1


@given(st.text(LETTERS, min_size=1, max_size=80))
@settings(max_examples=200)
def test_a_word_keeps_its_length_and_its_kind_of_characters(word: str) -> None:
    replaced = WORDS.of_word(word)
    assert [len(character.encode()) for character in replaced] == [len(character.encode()) for character in word]
    assert [character.isdigit() for character in replaced] == [character.isdigit() for character in word]
    assert [character.isupper() for character in replaced if character.isascii()] == [
        character.isupper() for character in word if character.isascii()
    ]


@given(st.text(string.ascii_letters + string.digits + "äöüß -_.", max_size=30))
def test_the_case_of_a_text_makes_no_other_difference(text: str) -> None:
    if text.lower().upper().lower() == text.lower():
        assert WORDS.of_text(text).lower() == WORDS.of_text(text.lower()).lower()


@given(st.text(max_size=50))
@settings(max_examples=300)
def test_what_is_between_words_stays(text: str) -> None:
    assert WORD.split(WORDS.of_text(text)) == WORD.split(text)


def test_no_word_becomes_one_that_stays() -> None:
    kept = frozenset(string.ascii_lowercase) - {"q", "r"}
    assert {WORDS.outside("q", kept), WORDS.outside("r", kept)} == {"q", "r"}
