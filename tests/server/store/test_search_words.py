"""The words of texts, by which messages are found."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.server.store.search_words import split_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "  "),
        ("?!", "  "),
        ("Hello, World!", " hello world "),
        ("snake_case e-mail\tx1", " snake case e mail x1 "),
        ("Crème brûlée", " creme brulee "),
        ("Straße ﬁn ½", " straße fin 1 2 "),
        ("Привет, ёж", " привет еж "),
        ("ΟΔΟΣ οδός", " οδοσ οδοσ "),
        ("İstanbul", " istanbul "),
        ("東京へ", " 東 京 へ "),
        ("\uff46\uff55\uff4c\uff4c が", " full が "),
        ("안녕 하세요", " 안 녕 하 세 요 "),
        ("हिन्दी में।", " हिन्दी में "),
        ("שָׁלוֹם", " שלום "),
        ("مَرحَبا", " مرحبا "),
        ("a\u200bb", " a b "),
    ],
)
def test_words_are_told_without_case_and_accents(text: str, expected: str) -> None:
    assert words(text) == expected


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    assert words(words(text)) == words(text)


@given(st.text(st.characters(categories=("L", "N", "P", "Z")), max_size=20))
def test_composed_and_decomposed_texts_have_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(st.text(), st.text())
def test_a_line_break_separates_words(one: str, other: str) -> None:
    assert words(f"{one}\n{other}").split() == words(one).split() + words(other).split()


@given(st.text())
@example("\u1112\u1161\u11ab \u0be6")
def test_the_words_of_pieces_are_those_of_the_text(text: str) -> None:
    assert [word for word, _, _ in split_words(text)] == words(text).split()


def test_each_word_has_its_offsets() -> None:
    text = "Cre\u0300me, 東京 ½ x_y"
    pieces = [(word, text[start:stop]) for word, start, stop in split_words(text)]
    assert pieces == [
        ("creme", "Cre\u0300me"),
        ("東", "東"),
        ("京", "京"),
        ("1", "½"),
        ("2", "½"),
        ("x", "x"),
        ("y", "y"),
    ]
