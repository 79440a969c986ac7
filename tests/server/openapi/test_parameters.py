"""Query parameters: types, defaults, unknown names, invalid values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.schema_errors import first_mismatch
from hcfmt.server.errors import ApiError
from hcfmt.server.openapi import contract

OPERATIONS = {operation.id: operation for operation in contract.operations()}
HISTORY, EMOTICONS, ROOMS = (OPERATIONS[name] for name in ("getRoomHistory", "getAllEmoticons", "getAllRooms"))
NAMES = sorted({parameter.name for operation in OPERATIONS.values() for parameter in operation.parameters})


def test_a_missing_parameter_has_its_default_or_is_absent() -> None:
    assert HISTORY.query([]) == {
        "date": "recent",
        "timezone": "UTC",
        "start-index": 0,
        "max-results": 100,
        "reverse": True,
        "include_deleted": True,
        "expand": [],
        "auth_test": False,
    }


@pytest.mark.parametrize(
    ("operation", "defaults"),
    [
        ("getAllRooms", {"include-private": True, "include-archived": False, "max-results": 100}),
        ("getAllUsers", {"include-guests": False, "include-deleted": False}),
        ("getLatestRoomHistory", {"max-results": 75, "include_deleted": True}),
        ("getAllRoomParticipants", {"include-offline": False, "fields": []}),
        ("getAllEmoticons", {"type": "all"}),
        ("getFile", {"thumbnail": False}),
    ],
)
def test_defaults_are_the_documented_ones(operation: str, defaults: dict[str, Any]) -> None:
    found = OPERATIONS[operation].query([])
    assert {name: found[name] for name in defaults} == defaults


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        *(("reverse", text, True) for text in ("true", "True", "TRUE", "tRuE", "1")),
        *(("reverse", text, False) for text in ("false", "False", "FALSE", "0")),
        ("start-index", "7", 7),
        ("start-index", "007", 7),
        ("start-index", "123456789012345678901234567890", 123456789012345678901234567890),
        ("max-results", "0", 0),
        ("max-results", "1000", 1000),
        ("date", "2018-06-15T10:00:00 00:00", "2018-06-15T10:00:00 00:00"),
        ("date", "1529000000", "1529000000"),
        ("date", "", ""),
        ("end-date", "2018-06-15", "2018-06-15"),
        ("expand", "items,items.owner", ["items", "items.owner"]),
        ("expand", " items , ,owner,", ["items", "owner"]),
        ("expand", "", []),
    ],
)
def test_a_value_has_its_documented_type(name: str, text: str, value: object) -> None:
    found = HISTORY.query([(name, text)])[name]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("reverse", "2", "Value u'2' for field 'reverse' is not of type 'boolean'"),
        ("reverse", "", "Value u'' for field 'reverse' is not of type 'boolean'"),
        ("start-index", "-1", "Value -1 for field 'start-index' is less than minimum value: 0"),
        ("start-index", "1.0", "Value u'1.0' for field 'start-index' is not of type 'integer'"),
        ("start-index", "+1", "Value u'+1' for field 'start-index' is not of type 'integer'"),
        ("start-index", "\u0661", "Value u'\\u0661' for field 'start-index' is not of type 'integer'"),
        ("start-index", "1\n", "Value u'1\\n' for field 'start-index' is not of type 'integer'"),
        ("max-results", "1001", "Value 1001 for field 'max-results' is greater than maximum value: 1000"),
    ],
)
def test_an_invalid_value_has_hipchat_s_message(name: str, text: str, message: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        HISTORY.query([(name, text)])
    assert (excinfo.value.status, excinfo.value.message) == (400, message)
    assert excinfo.value.details["field"] == name


def test_a_value_outside_the_enumeration_is_refused() -> None:
    with pytest.raises(ApiError, match=r"not in the enumeration: \[u'group', u'global', u'all'\]"):
        EMOTICONS.query([("type", "Group")])


def test_an_unknown_parameter_is_ignored() -> None:
    assert ROOMS.query([("auth_token", "secret"), ("start_index", "x"), ("", "")]) == ROOMS.query([])


def test_the_last_of_repeated_values_wins_and_lists_are_joined() -> None:
    found = HISTORY.query([("reverse", "nonsense"), ("expand", "a"), ("reverse", "false"), ("expand", "b,c")])
    assert (found["reverse"], found["expand"]) == (False, ["a", "b", "c"])


def test_default_lists_are_not_shared() -> None:
    HISTORY.query([])["expand"].append("items")
    assert HISTORY.query([])["expand"] == []


def query_or_error(
    operation: contract.Operation, pairs: list[tuple[str, str]]
) -> tuple[dict[str, Any], ApiError | None]:
    """Return a query and None, or an empty one and the error."""
    try:
        return operation.query(pairs), None
    except ApiError as error:
        return {}, error


@given(
    name=st.sampled_from(sorted(OPERATIONS)),
    pairs=st.lists(
        st.tuples(
            st.sampled_from(NAMES) | st.text(max_size=5),
            st.sampled_from(["true", "FALSE", "1", "-1", "all", "recent"]) | st.text(max_size=20),
        ),
        max_size=6,
    ),
)
def test_any_accepted_query_is_as_documented(name: str, pairs: list[tuple[str, str]]) -> None:
    operation = OPERATIONS[name]
    found, error = query_or_error(operation, pairs)
    if error:
        assert error.status == 400
        assert error.details["field"].partition(".")[0] in {parameter for parameter, _ in pairs}
    documented = {parameter.name: parameter.schema for parameter in operation.parameters}
    assert set(found) <= set(documented)
    for key, value in found.items():
        assert first_mismatch(documented[key], value) is None
