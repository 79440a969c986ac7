"""Queries: their words and phrases, what they match, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.page.search_query import parse_query
from hcfmt.server.store.search_words import words


@pytest.mark.parametrize(
    ("text", "needles"),
    [
        ("", []),
        ("  ?! ", []),
        ("Hello", [" hello"]),
        ("Hello ", [" hello "]),
        ("hello wor", [" hello ", " wor"]),
        ("wor wor", [" wor ", " wor"]),
        ('"hello world"', [" hello world "]),
        ('"hello world" x', [" hello world ", " x"]),
        ('x "hello wor', [" x ", " hello wor "]),
        ("e-mail", [" e mail"]),
        ("e-mail ", [" e mail "]),
        ("東京", [" 東 京"]),
        ("Été", [" ete"]),
        ("a!", [" a"]),
    ],
)
def test_a_query_has_words_phrases_and_a_last_word_that_may_be_incomplete(text: str, needles: list[str]) -> None:
    assert parse_query(text).needles == needles


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("world", "Hello world, World!", ["world", "World"]),
        ("wor", "a word, sword", ["word"]),
        ("wor ", "a word", None),
        ("hello world", "the world: Hello!", ["world", "Hello"]),
        ('"hello world"', "world hello. Hello, world", ["Hello, world"]),
        ("hello world", "hello", None),
        ("京へ", "東京へ行く", ["京へ"]),
        ("京行", "東京へ行く", None),
        ("creme", "Crème brûlée", ["Crème"]),
        ("e-mail", "my E-Mail, email", ["E-Mail"]),
        ("a ab", "ab a", ["ab", "a"]),
        ("", "anything", None),
    ],
)
def test_a_query_matches_and_marks_what_it_found(query: str, text: str, marked: list[str] | None) -> None:
    parsed = parse_query(query)
    assert parsed.matches(text) is (marked is not None)
    if marked is not None:
        assert [text[start:stop] for start, stop in parsed.marks(text)] == marked
        assert parsed.may_match(text)


TEXT = st.lists(st.sampled_from(["ab", "abc", "b", "東", "京", "ä", "-", " ", "x_y", "½"]), max_size=8).map("".join)


@given(TEXT, TEXT)
def test_every_match_has_a_mark_and_may_match(query: str, text: str) -> None:
    parsed = parse_query(query)
    if parsed.matches(text):
        assert parsed.may_match(text)
        marks = parsed.marks(text)
        assert marks
        assert all(0 <= start < stop <= len(text) for start, stop in marks)
        assert marks == sorted(marks)


@given(st.text(min_size=1, max_size=150))
def test_a_text_is_found_by_itself(text: str) -> None:
    phrase = text.replace('"', " ")
    if words(text).strip():
        assert parse_query(phrase).matches(text)
        assert parse_query(f'"{phrase}"').matches(text)


def test_a_query_is_bounded() -> None:
    assert len(parse_query("a b c d e f g h i j k l m n o p q r s t u v w x y z " * 9).needles) == 20
    assert len(parse_query("x" * 1_000_000).needles[0]) == 201
