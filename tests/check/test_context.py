"""Redaction: what a sentence and its values show of the archive, and what they hide."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.check.context import CheckContext, Redaction
from hcfmt.findings import Flaw, MemberPath, PropertyPath, Quoted

HIDDEN, SHOWN = Redaction(), Redaction(show_values=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("value", "sentence", "data"),
    [
        (3, "3", 3),
        ("2018-04-02", "2018-04-02", "2018-04-02"),
        (["integer", None], "integer, None", ["integer", None]),
        (Quoted("secret"), "a string of 6 characters", "a string of 6 characters"),
        (Quoted(7), "an integer", "an integer"),
        (Quoted({"secret": 1}), "an object of 1 property", "an object of 1 property"),
        (MemberPath("users/1/history.json"), "users/1/history.json", "users/1/history.json"),
        ([MemberPath("secret.txt")], "[6 characters].txt", ["[6 characters].txt"]),
        (PropertyPath(()), "its top", ""),
        (PropertyPath((0, "sender", "my secret")), "/0/sender/[9 characters]", "/0/sender/[9 characters]"),
        (PropertyPath(("secret",)), "/[6 characters]", "/[6 characters]"),
        (PropertyPath(("secret",), new_name=True), "/secret", "/secret"),
        (PropertyPath(("secret", "secret"), new_name=True), "/[6 characters]/secret", "/[6 characters]/secret"),
        (PropertyPath(("my secret",), new_name=True), "/[9 characters]", "/[9 characters]"),
    ],
)
def test_values_are_hidden_in_the_sentence_and_in_the_data_alike(value: object, sentence: str, data: object) -> None:
    assert HIDDEN.text(value) == sentence
    assert HIDDEN.data(value) == data


@given(JSON)
@pytest.mark.slow
def test_a_shown_value_is_the_value_itself_unless_it_is_long(value: object) -> None:
    text, data = SHOWN.text(Quoted(value)), SHOWN.data(Quoted(value))
    if len(json.dumps(value, ensure_ascii=False)) <= 80:
        assert data == value
        assert json.loads(text) == value
    else:
        assert data == text
        assert re.fullmatch(r".{80}[.]{3} [(].*[)]", text, re.DOTALL)


def test_a_finding_holds_the_values_of_its_sentence() -> None:
    flaw = Flaw("{count:,} of {name} {} {Unchanged} {4}", {"count": 12_345, "name": Quoted("secret"), "more": 1})
    found = CheckContext().found("HC301", flaw)
    assert found.message == "12,345 of a string of 6 characters {} {Unchanged} {4}"
    assert found.values == {"count": 12_345, "name": "a string of 6 characters", "more": 1}


def test_a_sentence_without_values_may_hold_braces() -> None:
    assert CheckContext().found("HC301", Flaw("It is {count}.")).message == "It is {count}."
