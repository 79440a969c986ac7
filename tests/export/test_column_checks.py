"""Checks of columns agree with the keywords that they are compiled from, and count every colon."""

import json
import re
from collections.abc import Mapping, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt import Options, validate
from hcfmt.export import annotations, column_checks
from hcfmt.export.column_checks import check_of, decode_texts, document_check
from hcfmt.export.jsontext import Rejected
from hcfmt.export.record_types import decoder, type_of
from hcfmt.export.schemas import resolved
from tests.support.builders import PASSWORD, SAMPLE

MESSAGE_ID = resolved("messages/UserMessage")["properties"]["id"]
PATTERN = re.compile(MESSAGE_ID["pattern"].replace("$", r"\Z"))
IDS = st.uuids().map(str) | st.uuids().map(lambda number: str(number).upper())


def accepts(part: Mapping[str, object], values: list[object]) -> bool:
    check = check_of(part)
    assert check
    try:
        check(values)
    except Rejected:
        return False
    return True


@given(
    st.lists(
        IDS
        | st.builds(
            lambda text, at, new: text[:at] + new + text[at + 1 :], IDS, st.integers(0, 36), st.text("0aG-\n é")
        ),
        max_size=4,
    )
)
def test_a_column_has_the_form_of_a_pattern_if_each_value_has_it(values: list[str]) -> None:
    assert accepts(MESSAGE_ID, [*values]) == all(map(PATTERN.search, values))


def test_a_longer_value_does_not_make_up_for_a_shorter_one() -> None:
    first, second = "2088ec9e-dd0d-4214-8f74-45e2fb85109c", "6f0c7db4-ad21-4eeb-8f1a-cbcdda84b066"
    text = first + second
    assert accepts(MESSAGE_ID, [first, second])
    assert not any(accepts(MESSAGE_ID, [text[:at], text[at:]]) for at in range(len(text)) if at != len(first))


CARDS = [
    '{"icon":"a:b"}',
    '{"icon":{"url":"a:b","url@2x":"::"},"title":":"}',
    '{"description":{"a:b":"c:d"},"date":1}',
    '{"thumbnail":{"width":1.5,"height":2},"validation":{"safeurls":["a:b",":"]}}',
    "{}",
]


@given(st.lists(st.sampled_from(CARDS), max_size=6))
def test_every_colon_outside_an_escape_is_counted(texts: list[str]) -> None:
    check = document_check("embedded/card")
    assert check
    assert check([decoder("embedded/card").decode(text) for text in texts]) == "".join(texts).count(":")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("embedded/card", {"other": ":", "id": "a"}),  # no type knows the property; the strict schema does
        ("embedded/user-metadata", {"key": "x:y"}),
    ],
)
def test_an_unknown_property_of_an_open_text_is_accepted(name: str, value: dict[str, str]) -> None:
    text = {"type": "string", "x-embedded": {"schema": f"{name}.json", "syntax": "HC304", "shape": "HC305"}}
    part = {"type": "object", "required": ["data"], "properties": {"data": text}}
    record = msgspec.json.Decoder(type_of(part)).decode
    assert accepts(part, [record(json.dumps({"data": json.dumps(value)}))])
    assert not accepts(part, [record('{"data":"{"}')])


def test_json_inside_a_string_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[object] = []

    def noting(name: str, texts: Sequence[object]) -> list[object]:
        decoded.extend(texts)
        return decode_texts(name, texts)

    monkeypatch.setattr(column_checks, "decode_texts", noting)
    monkeypatch.setattr(annotations, "decode_texts", noting)
    assert validate(SAMPLE, Options(password=PASSWORD)).exit == 0
    assert len(decoded) == len(set(decoded)) == 4


def test_json_inside_a_string_elsewhere_than_in_an_object_is_refused_when_it_is_compiled() -> None:
    with pytest.raises(ValueError, match="property of an object"):
        check_of({"type": "array", "items": {"type": "string", "x-embedded": {"schema": "embedded/card.json"}}})
