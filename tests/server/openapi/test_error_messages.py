"""Error messages for invalid values: HipChat's wording, and bounded quotes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.schema_errors import Mismatch
from hcfmt.server.openapi.error_messages import MAX_QUOTED, MESSAGES, mismatch_error, quote

LONG = "x" * 500
CUT = "x" * MAX_QUOTED

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("keyword", "says", "value", "message"),
    [
        ("type", "boolean", "true", "Value u'true' for field 'a' is not of type 'boolean'"),
        ("type", ["string", "null"], 1, "Value 1 for field 'a' is not of type 'string'"),
        ("type", ["integer", "string", "null"], [], "Value [] for field 'a' is not of type 'integer, string'"),
        ("type", "string", None, "Value None for field 'a' is not of type 'string'"),
        ("type", "string", {"b": "secret"}, "Value {...} for field 'a' is not of type 'string'"),
        ("enum", ["red", None], "blue", "Value u'blue' for field 'a' is not in the enumeration: [u'red', None]"),
        ("pattern", "^a$", "b", "Value u'b' for field 'a' does not match regular expression '^a$'"),
        ("minLength", 1, "", "Length of value u'' for field 'a' must be greater than or equal to 1"),
        ("maxLength", 2, "abc", "Length of value u'abc' for field 'a' must be less than or equal to 2"),
        ("minItems", 1, [], "Length of value [] for field 'a' must be greater than or equal to 1"),
        ("maxItems", 1, ["a", 2], "Length of value [u'a', 2] for field 'a' must be less than or equal to 1"),
        ("minimum", 0, -1, "Value -1 for field 'a' is less than minimum value: 0"),
        ("maximum", 9, 10, "Value 10 for field 'a' is greater than maximum value: 9"),
        ("unheard-of", 9, 10, "Value 10 for field 'a' is not valid"),
    ],
)
def test_each_keyword_has_its_message(keyword: str, says: object, value: object, message: str) -> None:
    error = mismatch_error(Mismatch(keyword, says, ("a",), value))
    assert (error.status, error.message) == (400, message)
    assert (error.details["field"], error.details["validation"]) == ("a", keyword)
    assert ("expected_type" in error.details) == (keyword == "type")


def test_a_missing_property_has_hipchat_s_message() -> None:
    error = mismatch_error(Mismatch("required", ["message"], ("message",), None))
    assert error.message == "Required field 'message' is missing"
    assert error.details == {"field": "message", "validation": "optional", "value": None}


@pytest.mark.parametrize(
    ("path", "field"), [((), "body"), (("a", "b"), "a.b"), (("roles", 0), "roles.0")], ids=["root", "inner", "item"]
)
def test_the_field_is_named_by_its_path(path: tuple[str | int, ...], field: str) -> None:
    assert mismatch_error(Mismatch("type", "string", path, 1)).details["field"] == field


@pytest.mark.parametrize("keyword", MESSAGES)
def test_a_long_value_is_cut(keyword: str) -> None:
    error = mismatch_error(Mismatch(keyword, [], ("a",), LONG))
    assert error.details["value"] == CUT
    assert f"u'{CUT}'" in error.message
    assert f"{CUT}x" not in error.message


def test_a_text_is_quoted_as_python_2_did() -> None:
    assert [quote(text) for text in ("é", "\U0001f600", "it's", "a\n")] == [
        "u'\\xe9'",
        "u'\\U0001f600'",
        'u"it\'s"',
        "u'a\\n'",
    ]


@given(value=JSON_VALUES, keyword=st.sampled_from([*MESSAGES, "const"]))
def test_every_message_is_short_and_printable(value: Any, keyword: str) -> None:  # noqa: ANN401 - any JSON value
    error = mismatch_error(Mismatch(keyword, [], ("a",), value))
    assert error.message.isascii()
    assert error.message.isprintable()
    assert len(error.message) < 12 * MAX_QUOTED
    assert not isinstance(error.details["value"], (list, dict))
