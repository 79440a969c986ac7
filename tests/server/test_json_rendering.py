"""Rendering of bodies, to the byte."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server import json_rendering as wire
from hcfmt.server.errors import ApiError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def test_a_success_is_one_line_of_ascii_with_sorted_keys() -> None:
    body = {"startIndex": 0, "items": [{"name": "Zoë 🦊", "id": 1}, None], "links": {}, "maxResults": 100}
    assert wire.render(body) == (
        b'{"items": [{"id": 1, "name": "Zo\\u00eb \\ud83e\\udd8a"}, null], '
        b'"links": {}, "maxResults": 100, "startIndex": 0}'
    )


def test_an_error_has_sorted_keys_and_two_spaces_of_indentation() -> None:
    error = ApiError(
        400,
        "Value u'true' for field 'notify' is not of type 'boolean'",
        expected_type="boolean",
        field="notify",
        validation="type",
        value="true",
    )
    assert wire.render_error(error).decode("ascii") == (
        "{\n"
        '  "error": {\n'
        '    "code": 400,\n'
        '    "expected_type": "boolean",\n'
        '    "field": "notify",\n'
        "    \"message\": \"Value u'true' for field 'notify' is not of type 'boolean'\",\n"
        '    "type": "Bad Request",\n'
        '    "validation": "type",\n'
        '    "value": "true"\n'
        "  }\n"
        "}"
    )


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (413, "Content Too Large"),
        (429, "Too Many Requests"),
        (500, "Internal Server Error"),
        (503, "Service Unavailable"),
    ],
)
def test_the_type_of_an_error_is_the_name_of_its_status(status: int, name: str) -> None:
    assert json.loads(wire.render_error(ApiError(status, "No."))) == {
        "error": {"code": status, "message": "No.", "type": name}
    }


@given(VALUES)
def test_rendering_a_parsed_body_yields_the_same_bytes(value: Any) -> None:  # noqa: ANN401 - any JSON value
    written = wire.render(value)
    assert json.loads(written) == value
    assert wire.render(json.loads(written)) == written
