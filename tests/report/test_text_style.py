"""JSON that a log can show."""

import json

from hypothesis import given
from hypothesis import strategies as st

from hcfmt.report.text_style import json_text


@given(st.text('#\\"x[\n'), st.sampled_from([None, 2]))
def test_json_text_has_no_two_number_signs_and_the_same_value(text: str, indent: int | None) -> None:
    escaped = json_text([text, {text: 1}], indent)
    assert "##" not in escaped
    assert json.loads(escaped) == [text, {text: 1}]
