"""Tests of drawn records in an export: rules report only the missing objects that they refer to."""

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
FORTY = settings(max_examples=40, database=None, derandomize=True, suppress_health_check=SLOW)

# Rules that may report a record without the objects it refers to.
USERS = {"HC401", "HC402", "HC403", "HC404", "HC405", "HC406", "HC408", "HC409"}  # unknown users
FILES = {"HC501", "HC502", "HC503", "HC803"}  # missing files
OTHER_RECORDS = {
    "HC113",  # a room without history
    "HC114",  # a user without history
    "HC430",  # the copy of a private message in the other history
    "HC431",  # the owner of the history
    "HC435",  # the copy in the sender's history
    "HC432",  # the room's state, which an archive message changes
    "HC433",  # its guest access
    "HC434",  # its topic
    "HC801",  # no history has a message
}
ALLOWED = USERS | FILES | OTHER_RECORDS


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with an export of one user and one room, created before all drawn records."""
    directory = tmp_path_factory.mktemp("export")
    for name in ("rooms/1", "users/1"):
        (directory / name).mkdir(parents=True)
    for name, key in (("emoticons", "Emoticons"), ("autojoins", "AutoJoins")):
        (directory / f"{name}.json").write_text(json.dumps({key: []}))
    for name in ("metadata", "preferences"):
        (directory / f"{name}.json").write_text("{}")
    return directory


def codes(tree: Path, **records: list[Record]) -> set[str]:
    """Return the codes of the rules that report an export of these records, given by the name of their file."""
    old = "0001-01-01T00:00:00+00:00"
    wrapped = {
        "users.json": [{"User": record} for record in records.get("users", [user(1)])],
        "rooms.json": [{"Room": record} for record in records.get("rooms", [room(1) | {"created": old}])],
        "rooms/1/history.json": records.get("room_history", []),
        "users/1/history.json": records.get("user_history", []),
    }
    for name, items in wrapped.items():
        (tree / name).write_text(json.dumps(items))
    return {code for code, times in validate(str(tree)).totals.items() if times}


def test_the_export_without_drawn_records_is_sound(tree: Path) -> None:
    assert codes(tree) <= {"HC801"}


@pytest.mark.parametrize("kind", MESSAGES)
@pytest.mark.slow
def test_a_drawn_message_lacks_only_other_objects(tree: Path, kind: str) -> None:
    history = "user_history" if kind == "PrivateUserMessage" else "room_history"

    @given(st.lists(messages(kind), min_size=1, max_size=4, unique_by=lambda message: message["id"].lower()))
    @FORTY
    def prove(drawn: list[Record]) -> None:
        assert codes(tree, **{history: [{kind: message} for message in drawn]}) <= ALLOWED

    prove()


@pytest.mark.parametrize(("name", "strategy"), [("users", users), ("rooms", rooms)])
@pytest.mark.slow
def test_a_drawn_user_or_room_lacks_only_other_objects(
    tree: Path, name: str, strategy: Callable[[], st.SearchStrategy[Record]]
) -> None:
    other = user(1) if name == "users" else room(1)

    @given(strategy().filter(lambda record: record["id"] != 1))  # its name and address differ from the other's too
    @FORTY
    def prove(drawn: Record) -> None:
        assert codes(tree, **{name: [other, drawn]}) <= ALLOWED

    prove()
