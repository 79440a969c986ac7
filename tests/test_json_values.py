"""JSON values in plain types: what strict readers of JSON accept."""

import json
from enum import StrEnum
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from hcfmt.json_values import plain, well_formed

ANY_TEXT = st.text(st.characters(exclude_categories=()))


Word = StrEnum("Word", ["ONE"])


@given(ANY_TEXT)
def test_well_formed_text_can_be_encoded_and_other_text_is_kept(text: str) -> None:
    written = well_formed(text)
    assert json.loads(json.dumps(written)).encode().decode() == written
    assert written == text or any("\ud800" <= character <= "\udfff" for character in text)


def test_plain_values_are_of_the_types_that_json_has() -> None:
    value = plain({"a": (1, 2.5, None, True), "b": MappingProxyType({"\udcff": [Word.ONE]})})
    assert value == {"a": [1, 2.5, None, True], "b": {"\\udcff": ["one"]}}
    assert isinstance(value, dict)
    assert [type(item) for item in value.values()] == [list, dict]
    assert type(value["b"]["\\udcff"][0]) is str
