"""No rule about a record alone speaks of a drawn one: in an export it only lacks whom and what it refers to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcfmt import validate
from hcfmt.strategies import MESSAGES, messages, rooms, users
from tests.support.synthetic import room, user

Record = dict[str, Any]
SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
SOME = settings(max_examples=40, database=None, derandomize=True, suppress_health_check=SLOW)

# Rules that may speak of a record beside which there is nothing.
USERS = {"HC401", "HC402", "HC403", "HC404", "HC405", "HC406", "HC408", "HC409"}  # who is no user
FILES = {"HC501", "HC502", "HC503"}  # which no member is
ELSEWHERE = {
    "HC113",  # the history of the room
    "HC114",  # that of the user
    "HC430",  # the other history of a private message
    "HC431",  # whose history it is
    "HC432",  # the room's state, which an archive message changes
    "HC433",  # its guest access
    "HC434",  # its topic
    "HC801",  # no history has a message
}
ALLOWED = USERS | FILES | ELSEWHERE


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small export as files: one user and one room, made before all that is drawn."""
    directory = tmp_path_factory.mktemp("export")
    for name in ("rooms/1", "users/1"):
        (directory / name).mkdir(parents=True)
    for name, key in (("emoticons", "Emoticons"), ("autojoins", "AutoJoins")):
        (directory / f"{name}.json").write_text(json.dumps({key: []}))
    for name in ("metadata", "preferences"):
        (directory / f"{name}.json").write_text("{}")
    return directory


def codes(tree: Path, **records: list[Record]) -> set[str]:
    """Return the codes of the rules that speak of the export with some records, by the name of their file."""
    old = "0001-01-01T00:00:00+00:00"
    wrapped = {
        "users.json": [{"User": one} for one in records.get("users", [user(1)])],
        "rooms.json": [{"Room": one} for one in records.get("rooms", [room(1) | {"created": old}])],
        "rooms/1/history.json": records.get("room_history", []),
        "users/1/history.json": records.get("user_history", []),
    }
    for name, listed in wrapped.items():
        (tree / name).write_text(json.dumps(listed))
    return {code for code, times in validate(str(tree)).totals.items() if times}


def test_nothing_is_said_of_the_export_without_them(tree: Path) -> None:
    assert codes(tree) <= {"HC801"}


@pytest.mark.parametrize("kind", MESSAGES)
def test_of_a_message_only_what_is_elsewhere_is_missed(tree: Path, kind: str) -> None:
    history = "user_history" if kind == "PrivateUserMessage" else "room_history"

    @given(st.lists(messages(kind), min_size=1, max_size=4, unique_by=lambda one: one["id"].lower()))
    @SOME
    def prove(drawn: list[Record]) -> None:
        assert codes(tree, **{history: [{kind: one} for one in drawn]}) <= ALLOWED

    prove()


@pytest.mark.parametrize(("name", "strategy"), [("users", users), ("rooms", rooms)])
def test_of_a_user_or_a_room_only_what_is_elsewhere_is_missed(
    tree: Path, name: str, strategy: Callable[[], st.SearchStrategy[Record]]
) -> None:
    other = user(1) if name == "users" else room(1)

    @given(strategy().filter(lambda one: one["id"] != 1))  # nor does it share a name or an address with the other
    @SOME
    def prove(drawn: Record) -> None:
        assert codes(tree, **{name: [other, drawn]}) <= ALLOWED

    prove()
