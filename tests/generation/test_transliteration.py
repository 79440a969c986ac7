"""Names of any script in the letters a to z and digits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.generation.transliteration import latin


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
        ("Ωβ", "ov"),
        ("王伟", "wangwei"),
        ("אברהם", "vrhm"),
        ("🦊", "fox"),
        ("…!", ""),
        ("ＡＢ１", "ab1"),  # noqa: RUF001 - wide on purpose
    ],
)
def test_a_word_is_spelled_in_latin_letters(word: str, spelled: str) -> None:
    assert latin(word) == spelled


@given(st.text())
def test_no_other_character_is_left(word: str) -> None:
    assert re.fullmatch("[a-z0-9]*", latin(word))
