"""Expectations (x-should): each with a value that matches and a value that does not."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import jsonschema_rs
import pytest
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from tests.support.schema_library import (
    REGISTRY,
    SCHEMAS,
    Reference,
    Schema,
    cases,
    ecma,
    example,
    having,
    is_plain,
    reference,
)

USER = {"is_deleted": False, "account_type": "user", "email": "user@example.com", "roles": ["user"]}
TEXT = {"message": "text"}
EMPTY = {"message": ""}
DELETED = {"deleted": {"user_id": 1, "date": "2018-04-02T15:56:00Z", "reason": None}}
SENT = "2018-04-02T15:40:44Z 942827"

# (schema, where in it the expectation stands, its rule, a value that matches, a value that does not)
ROWS: list[tuple[str, str, str, Any, Any]] = [
    ("embedded/user-metadata", "", "HC713", {"confirmation_unix_time": 1, "key": "Q82tnQz5"}, {"password": "x"}),
    ("embedded/user-metadata", "", "HC713", {"guest_key": "Q82tnQz5"}, {"apiKey": "x"}),
    ("embedded/user-metadata", "", "HC713", {"inner": {"password": "x"}}, {"API_TOKEN": "x"}),
    ("embedded/user-metadata", "", "HC713", {"passed": True, "private": True}, {"old_passwd": "x"}),
    ("embedded/user-metadata", "", "HC713", {}, {"Client-Secret": "x"}),
    ("export/metadata", "", "HC713", {"include_emoticons": True}, {"admin_password": "x"}),
    ("export/preferences", "", "HC713", {"theme": "dark"}, {"api_token": "x"}),
    ("export/emoticons", "/$defs/emoticon/properties/group_id", "HC708", 1, 2),
    ("export/emoticons", "/$defs/emoticon/properties/group_id", "HC708", 1, 0),
    (
        "export/rooms",
        "/$defs/room/properties/guest_access_url",
        "HC711",
        "https://a.example/gQ82tnQz5",
        "https://a.example",
    ),
    ("export/rooms", "/$defs/room/properties/guest_access_url", "HC711", None, ""),
    ("export/rooms", "/$defs/room/properties/guest_access_url", "HC711", "https://a.example/g00000000", "g0000000"),
    ("export/autojoins", "/properties/AutoJoins", "HC310", [], None),
    ("export/emoticons", "/properties/Emoticons", "HC310", [], None),
    ("export/room-history", "", "HC310", [], None),
    ("export/rooms", "/$defs/room/properties/members", "HC310", [1], None),
    ("export/rooms", "/$defs/room/properties/owner", "HC310", 1, None),
    ("export/rooms", "/$defs/room/properties/participants", "HC310", [], None),
    ("export/rooms", "/$defs/room/properties/room_admins", "HC310", [], None),
    ("export/rooms", "/$defs/room/properties/topic", "HC310", "", None),
    ("export/user-history", "", "HC310", [], None),
    ("export/users", "/$defs/user/properties/roles", "HC310", ["user"], None),
    ("export/users", "/$defs/user/properties/rooms", "HC310", [], None),
    ("export/users", "/$defs/user/properties/title", "HC310", "", None),
    ("messages/PrivateUserMessage", "/properties/mentions", "HC310", [], None),
    ("messages/common", "/$defs/attachment/properties/url", "HC310", "", None),
    ("export/rooms", "/$defs/room/properties/name", "HC709", "ä" * 50, "ä" * 51),
    ("export/rooms", "/$defs/room/properties/name", "HC709", "\U0001f600" * 50, "\U0001f600" * 51),
    ("export/rooms", "/$defs/room/properties/topic", "HC709", "a" * 250, "a" * 251),
    ("export/users", "/$defs/user", "HC705", USER, USER | {"email": None}),
    ("export/users", "/$defs/user", "HC705", USER | {"account_type": "guest", "email": None}, USER | {"email": ""}),
    (
        "export/users",
        "/$defs/user",
        "HC705",
        USER | {"is_deleted": True, "email": ""},
        USER | {"account_type": "admin", "email": None},
    ),
    ("export/users", "/$defs/user", "HC707", USER, USER | {"account_type": "admin"}),
    (
        "export/users",
        "/$defs/user",
        "HC707",
        USER | {"account_type": "admin", "roles": ["user", "owner"]},
        USER | {"account_type": "guest", "roles": ["owner"]},
    ),
    (
        "export/users",
        "/$defs/user",
        "HC707",
        USER | {"account_type": "guest", "roles": ["moderator"]},
        USER | {"account_type": "admin", "roles": ["user", "moderator"]},
    ),
    (
        "export/users",
        "/$defs/user",
        "HC707",
        USER | {"roles": ["admin"]},
        USER | {"account_type": "admin", "roles": []},
    ),
    (
        "export/users",
        "/$defs/user",
        "HC707",
        USER | {"account_type": "guest", "roles": None},
        USER | {"account_type": "guest", "roles": ["admin"]},
    ),
    ("export/users", "/$defs/user/properties/mention_name", "HC704", "HCDCUser", "Other User"),
    ("export/users", "/$defs/user/properties/mention_name", "HC704", "Jörg_M.-2", "@all"),
    ("export/users", "/$defs/user/properties/mention_name", "HC704", "東京", ""),
    ("export/users", "/$defs/user/properties/mention_name", "HC704", "\U0001f600", "a\n"),
    ("export/users", "/$defs/user/properties/mention_name", "HC714", "m" * 64, "m" * 65),
    ("export/users", "/$defs/user/properties/name", "HC714", "ä" * 100, "ä" * 101),
    ("export/users", "/$defs/user/properties/title", "HC714", "t" * 128, "t" * 129),
    ("export/users", "/$defs/user/properties/email", "HC714", None, "e" * 129),
    ("export/users", "/$defs/user/properties/email", "HC714", "e" * 128, "e" * 129),
    ("export/users", "/$defs/user/properties/email", "HC715", None, "not-an-address"),
    ("export/users", "/$defs/user/properties/email", "HC715", "", "a@example.com, b@example.com"),
    ("export/users", "/$defs/user/properties/email", "HC715", "a.b+c@[127.0.0.1]", "a..b@example.com"),
    ("export/users", "/$defs/user/properties/email", "HC715", '"a b"@example.com', "a b@example.com"),
    ("export/users", "/$defs/user/properties/email", "HC715", "jörg@例え.jp", "<a@example.com>"),
    ("export/users", "/$defs/user/properties/email", "HC715", "a@b", "a@example.com\n"),
    ("export/users", "/$defs/user/properties/id", "HC716", 1, 0),
    ("export/users", "/$defs/user/properties/id", "HC716", 999_999_999, 1_000_000_000),
    ("export/rooms", "/$defs/room/properties/id", "HC716", 1, -1),
    ("export/rooms", "/$defs/room/properties/id", "HC716", 999_999_999, 1_000_000_000),
    ("messages/UserMessage", "/properties/sender/properties/id", "HC413", 1, 0),
    ("messages/common", "/$defs/attachment/properties/path", "HC518", "a/b", ""),
    ("export/users", "/$defs/user/properties/roles", "HC706", ["admin", "user"], ["admin"]),
    ("export/users", "/$defs/user/properties/roles", "HC706", ["user", "user"], []),
    (
        "messages/GuestAccessMessage",
        "/properties/url",
        "HC711",
        "https://a.example/gQ82tnQz5",
        "https://a.example/Q82tnQz5",
    ),
    ("messages/GuestAccessMessage", "/properties/url", "HC711", "", "https://a.example/gQ82tnQz5\n"),
    ("messages/PrivateUserMessage", "", "HC702", TEXT | {"attachment": None}, EMPTY | {"attachment": None}),
    ("messages/PrivateUserMessage", "", "HC702", EMPTY | {"attachment": {}}, EMPTY | {"attachment": None}),
    ("messages/TopicRoomMessage", "/properties/topic", "HC709", "a" * 250, "a" * 251),
    ("messages/UserMessage", "", "HC702", TEXT, EMPTY),
    ("messages/UserMessage", "", "HC702", EMPTY | {"attachment": {}}, EMPTY | {"attachment": None}),
    ("messages/UserMessage", "", "HC702", EMPTY | DELETED, EMPTY | {"metadata": []}),
    ("messages/common", "/$defs/iso-date", "HC601", "2020-02-29T23:59:59Z", "2019-02-29T00:00:00Z"),
    ("messages/common", "/$defs/iso-date", "HC601", "2018-04-02T15:31:34+14:59", "2018-04-02T15:31:34+15:00"),
    ("messages/common", "/$defs/message", "HC703", TEXT, TEXT | DELETED),
    ("messages/common", "/$defs/message", "HC703", EMPTY | DELETED, TEXT | DELETED),
    ("messages/common", "/$defs/message/properties/message", "HC701", "a" * 10_000, "a" * 10_001),
    ("messages/common", "/$defs/timestamp", "HC601", SENT, "2018-04-31T15:40:44Z 942827"),
    ("messages/common", "/$defs/timestamp", "HC601", "2018-04-02T15:40:44Z", "2018-04-02T24:00:00Z"),
    ("messages/common", "/$defs/timestamp", "HC602", SENT, "2018-04-02T15:40:44Z"),
    ("messages/common", "/$defs/timestamp", "HC602", "2018-04-31T15:40:44Z 942827", "2018-04-02T15:40:44Z 9428270"),
]
# The path of a failure, if it is not that of the value itself.
BLAMED = {"HC703": ["message"], "HC705": ["email"], "HC707": ["roles"]}

STANDARD_KEYWORDS = frozenset(
    {"description", "type", "const", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "contains"}
    | {"required", "not", "properties", "propertyNames", "if", "then", "else"}
)
INNER = ("if", "then", "else", "not", "contains", "propertyNames")

EXPECTATIONS = {
    (*location.split("#"), code): schema
    for location, part in having("x-should")
    for code, schema in part.schema["x-should"].items()
}


def _expected(_: Validator, expectations: Schema, instance: object, __: Schema) -> Iterator[ValidationError]:
    for code, schema in expectations.items():
        if not Reference(schema).is_valid(instance):
            yield ValidationError(code)


# The reference engine with x-should as a requirement; the message is the rule's code.
Expecting = extend(Reference, {"x-should": _expected})  # type: ignore[no-untyped-call]

each_row = pytest.mark.parametrize(("name", "fragment", "code", "good", "bad"), ROWS)


def inner_schemas(schema: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a schema: an object or a boolean
    """Return a schema and all schemas inside it, without booleans."""
    if not isinstance(schema, dict):
        return []
    inside = [schema[key] for key in INNER if key in schema] + list(schema.get("properties", {}).values())
    return [schema, *(found for inner in inside for found in inner_schemas(inner))]


def patterns() -> list[str]:
    """Return every regular expression of every expectation."""
    found = [
        inner["pattern"] for schema in EXPECTATIONS.values() for inner in inner_schemas(schema) if "pattern" in inner
    ]
    return sorted(set(found))


def moment(definition: str) -> str:
    """Return HC601's expression for one of the two forms of a date and time."""
    pattern: str = SCHEMAS["messages/common"]["$defs"][definition]["x-should"]["HC601"]["pattern"]
    return pattern


def all_or_none(pattern: str, texts: list[str], *, matching: bool) -> bool:
    """Whether all texts match, or none does, to two regex engines."""
    python = ecma(pattern)
    inner = {"pattern": pattern} if matching else {"not": {"pattern": pattern}}
    rust = jsonschema_rs.Draft202012Validator({"items": inner}, pattern_options=jsonschema_rs.RegexOptions())
    return rust.is_valid(texts) and all((python.search(text) is not None) == matching for text in texts)


def judge(pattern: str, texts: set[str], real: set[str], end: str) -> None:
    """Assert that an expression matches exactly the real ones of some texts, each with an end added."""
    assert real <= texts
    assert all_or_none(pattern, [text + end for text in real], matching=True)
    assert all_or_none(pattern, [text + end for text in texts - real], matching=False)


def is_real(text: str) -> bool:
    """Whether Python accepts a date and time."""
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def test_every_expectation_has_a_row() -> None:
    rows = {row[:3] for row in ROWS}
    assert EXPECTATIONS.keys() - rows == set(), "these lack a row in ROWS, with a good and a bad value"
    assert rows - EXPECTATIONS.keys() == set(), "no schema has the expectations of these rows"


@each_row
def test_a_good_value_matches_and_a_bad_one_does_not(
    name: str, fragment: str, code: str, good: object, bad: object
) -> None:
    schema = EXPECTATIONS[name, fragment, code]
    rust = jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions())
    assert [error.message for error in Reference(schema).iter_errors(good)] == []
    assert rust.is_valid(good)
    assert [list(error.absolute_path) for error in Reference(schema).iter_errors(bad)] == [BLAMED.get(code, [])]
    assert not rust.is_valid(bad)


@pytest.mark.parametrize(("name", "fragment", "code", "good", "bad"), [row for row in ROWS if type(row[4]) is not dict])
def test_a_bad_value_matches_its_schema_otherwise(name: str, fragment: str, code: str, good: Any, bad: Any) -> None:  # noqa: ANN401 - any JSON value
    assert reference(name, fragment).is_valid(good), code
    assert reference(name, fragment).is_valid(bad), code


@pytest.mark.parametrize("case", cases("positive"))
def test_an_example_fails_exactly_the_rules_in_its_name(case: str) -> None:
    name, document = example("positive", case)
    checked = Expecting(reference(name).schema, registry=REGISTRY)
    codes = {code for *_, code in EXPECTATIONS}
    assert {error.message for error in checked.iter_errors(document)} == codes & set(re.findall("HC[0-9]{3}", case))


def test_an_expectation_has_one_sentence_at_its_top() -> None:
    for location, schema in EXPECTATIONS.items():
        assert re.fullmatch(r"[A-Z].*[^ .]\.", schema["description"]), location
        assert not [inner for inner in inner_schemas(schema)[1:] if "description" in inner], location


def test_an_expectation_uses_only_plain_keywords() -> None:
    for location, schema in EXPECTATIONS.items():
        assert {key for inner in inner_schemas(schema) for key in inner} <= STANDARD_KEYWORDS, location


@pytest.mark.parametrize("pattern", patterns())
def test_an_expression_means_the_same_to_every_engine(pattern: str) -> None:
    assert is_plain(pattern)


def test_a_mention_name_has_no_white_space_control_character_or_ascii_punctuation() -> None:
    pattern = EXPECTATIONS["export/users", "/$defs/user/properties/mention_name", "HC704"]["pattern"]
    letters = {chr(code) for code in range(0x3100)} | {"\ufeff", "\uffff", "\U0010ffff"}
    odd = {
        char
        for char in letters
        if char.isspace() or re.match(r"[\x00-\x1f\x7f-\x9f\ufeff]|(?![_.-])[!-/:-@\[-`{-~]", char)
    }
    judge(pattern, letters, letters - odd, "")
    judge(pattern, letters, letters - odd, "a")


def test_exactly_the_days_of_the_calendar_are_accepted() -> None:
    first, last = date(1896, 1, 1), date(2104, 12, 31)
    real = {(first + timedelta(days)).isoformat() for days in range((last - first).days + 1)}
    years = range(first.year, last.year + 1)
    texts = {f"{year:04}-{month:02}-{day:02}" for year, month, day in product(years, range(14), range(33))}
    judge(moment("iso-date"), texts, real, "T00:00:00Z")


def test_exactly_leap_years_have_a_29_february() -> None:
    texts = {f"{year:04}-02-{day}" for year in range(10_000) for day in (28, 29)}
    real = {text for text in texts if is_real(f"{text}T00:00:00Z")}
    judge(moment("iso-date"), texts, real, "T23:59:59Z")


def test_exactly_the_seconds_of_a_day_are_accepted() -> None:
    edges = product(range(31), range(71), (0, 1, 59, 60, 61, 70, 99))
    texts = {f"2018-04-02T{hour:02}:{minute:02}:{second:02}" for hour, minute, second in edges}
    texts |= {f"2018-04-02T23:59:{second:02}" for second in range(100)}
    real = {text for text in texts if int(text[11:13]) < 24 and int(text[14:16]) < 60 and int(text[17:]) < 60}
    assert all(is_real(f"{text}Z") for text in sorted(real)[::97])
    judge(moment("iso-date"), texts, real, "Z")


def test_an_offset_has_at_most_14_hours_and_59_minutes() -> None:
    texts = {f"{sign}{hour:02}:{minute:02}" for sign, hour, minute in product("+-", range(31), range(71))}
    real = {offset for offset in texts if int(offset[1:3]) <= 14 and int(offset[4:]) <= 59}
    moments = {f"2018-04-02T15:31:34{offset}" for offset in texts}
    judge(moment("iso-date"), moments, {f"2018-04-02T15:31:34{offset}" for offset in real}, "")


def test_timestamps_and_dates_have_the_same_expression() -> None:
    assert moment("timestamp").endswith("Z")
    assert moment("iso-date").startswith(moment("timestamp").removesuffix("Z") + "(Z|")
