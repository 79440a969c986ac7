"""Tests of drawn records: both engines accept them, texts are hard to handle, and failing examples shrink."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from hcfmt.errors import UsageError
from hcfmt.export import schemas
from hcfmt.export.schema_errors import explain
from hcfmt.export.strict_schemas import strict_validator
from hcfmt.strategies import MESSAGES, documents, messages, rooms, texts, users

DOCUMENTS = [name for name in schemas.names() if name.startswith(("export/", "embedded/"))]
FEW = settings(max_examples=40)
MANY = settings(max_examples=2_000, database=None, derandomize=True, phases=[Phase.generate])
SMALL = settings(MANY, max_examples=300, phases=[Phase.generate, Phase.shrink])

JSON = (
    st.none() | st.booleans() | st.sampled_from([-1, 0, 1, 2**53 + 1, 0.5, "", "a", "9" * 300, [], [1], {}, {"a": 0}])
)


def check(name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    assert explain(name, value) == []
    assert strict_validator(name)(value)
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_message_is_sound(kind: str) -> None:
    @given(messages(kind))
    @FEW
    def prove(message: dict[str, Any]) -> None:
        check(f"messages/{kind}", message)

    prove()


@given(users())
@FEW
def test_every_user_is_sound(user: dict[str, Any]) -> None:
    check("export/users", [{"User": user}])


@given(rooms())
@FEW
def test_every_room_is_sound(room: dict[str, Any]) -> None:
    check("export/rooms", [{"Room": room}])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_sound(name: str) -> None:
    @given(documents(name))
    @settings(FEW, max_examples=15)
    def prove(document: Any) -> None:  # noqa: ANN401 - any JSON value
        check(name, document)

    prove()


def test_messages_are_of_every_kind() -> None:
    types = set()

    @given(messages())
    @settings(FEW, max_examples=100, derandomize=True)
    def collect(message: dict[str, Any]) -> None:
        types.add(message["type"])

    collect()
    assert len(types) == len(MESSAGES)


# Changed records: the strict schema never accepts a record with a flaw.


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - any JSON value
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from paths(child, (*path, key))


@st.composite
def mutated(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Draw a message in which one value is replaced or removed, or has a new property beside it."""
    message: dict[str, Any] = json.loads(json.dumps(draw(messages(kind))))
    *path, last = draw(st.sampled_from([path for path in paths(message) if path]))
    parent: Any = message
    for step in path:
        parent = parent[step]
    change = draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "remove":
        del parent[last]
    elif change == "add" and isinstance(parent, dict):
        parent[draw(st.sampled_from(["deleted", "attachment", "card", "password"]) | texts())] = draw(JSON)
    else:
        parent[last] = draw(JSON)
    return message


@pytest.mark.parametrize("kind", MESSAGES)
@pytest.mark.slow
def test_the_reference_engine_accepts_changed_messages_that_the_strict_schema_accepts(kind: str) -> None:
    name = f"messages/{kind}"

    @given(mutated(kind))
    @settings(FEW, max_examples=100)
    def prove(message: dict[str, Any]) -> None:
        flaws = explain(name, message)
        if strict_validator(name)(message):  # it does not examine the JSON text of a card
            assert [flaw for _, flaw in flaws if flaw.path != ("card",)] == []

    prove()


# Nasty texts.

# A name, the least number of such texts in a thousand (at most a third of the number measured), and the test.
NASTY: list[tuple[str, int, Callable[[str], bool]]] = [
    ("astral", 80, lambda text: any(char > "\uffff" for char in text)),
    ("right to left", 30, lambda text: any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)),
    ("an override of direction", 5, lambda text: "\u202e" in text),
    ("combining marks", 20, lambda text: any(unicodedata.combining(char) for char in text)),
    ("a line separator of JavaScript", 5, lambda text: "\u2028" in text),
    ("an escape sequence", 10, lambda text: "\x1b[" in text),
    ("markup", 60, lambda text: "<" in text),
    ("a formula of a table", 15, lambda text: text.startswith(("=", "+", "-", "@"))),
    ("a template", 5, lambda text: "{{7*7}}" in text),
    ("nothing", 0, lambda text: not text),
    ("many", 20, lambda text: len(text) == 10_000),
]


@pytest.fixture(scope="module")
def sampled_texts() -> list[str]:
    """Return 2,000 drawn texts."""
    drawn: list[str] = []

    @given(texts(longest=10_000))
    @MANY
    def collect(text: str) -> None:
        drawn.append(text)

    collect()
    return drawn


@pytest.mark.parametrize(("kind", "least", "matches"), NASTY, ids=[kind for kind, *_ in NASTY])
def test_texts_are_nasty(sampled_texts: list[str], kind: str, least: int, matches: Callable[[str], bool]) -> None:
    assert sum(map(matches, sampled_texts)) > least * len(sampled_texts) / 1_000, kind


@given(texts(0, 0))
@FEW
def test_texts_of_length_zero_are_empty(text: str) -> None:
    assert text == ""


@given(texts(1, 9))
@FEW
def test_texts_have_the_requested_lengths_and_can_be_encoded(text: str) -> None:
    assert 1 <= len(text) <= 9
    assert "\0" not in text
    text.encode()


# Shrinking.


def test_a_user_shrinks_to_almost_nothing() -> None:
    smallest = find(users(), lambda user: not user["is_deleted"], settings=SMALL)
    assert {key: smallest[key] for key in ("id", "name", "title", "rooms", "metadata")} == {
        "id": 1,
        "name": "",
        "title": "",
        "rooms": [],
        "metadata": "{}",
    }


def test_a_text_shrinks_to_the_character_that_matters() -> None:
    assert len(find(texts(), lambda text: any(char > "\uffff" for char in text), settings=SMALL)) == 1


@pytest.mark.parametrize("kind", ["", "Message", "common", "users"])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(
        UsageError, match=r"^There is no message kind '.*'; (did you mean .*\? T|t)here are ArchiveRoomMessage, "
    ):
        messages(kind)
