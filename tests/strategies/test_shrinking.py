"""Tests of shrinking: failing examples become as small as possible within few calls."""

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

import hypothesis
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from hcfmt.generation.plan import Plan
from hcfmt.strategies import MESSAGES, archives, messages, rooms, texts, users, worlds

Record = dict[str, Any]
_T = TypeVar("_T")
# Without the phase that explains the example, which costs hundreds of calls more.
SMALL = settings(max_examples=2_000, database=None, phases=[Phase.generate, Phase.shrink])
pytestmark = pytest.mark.parametrize("seed", range(3))  # several seeds, so that no lucky draw decides
MAX_CALLS = 500  # a hundred are usual; draws of Hypothesis depend on the modules that are loaded
ID, MOMENT = "00000000-0000-0000-0000-000000000000", "2000-01-01T00:00:00"
NOBODY = {"id": 0, "mention_name": "", "name": "", "version": ""}
COMMON = {"id": ID, "message": "", "sender": NOBODY, "timestamp": f"{MOMENT}Z 000000"}
SMALLEST: dict[str, Record] = {
    "ArchiveRoomMessage": COMMON | {"type": "muc_archive", "is_archived": False},
    "GuestAccessMessage": COMMON | {"type": "muc_guest_access", "enable_guest_access": False, "url": ""},
    "NotificationMessage": COMMON | {"type": "notification", "format": "", "color": "yellow"},
    "PrivateUserMessage": COMMON
    | {"type": "private", "message": "0", "attachment": None, "attachment_path": None, "mentions": []}
    | {"sender": NOBODY | {"id": 1}, "receiver": NOBODY | {"id": 1}},
    "TopicRoomMessage": COMMON | {"type": "muc_topic", "topic": ""},
    "UserMessage": COMMON | {"type": "muc_message", "message": "0", "sender": NOBODY | {"id": 1}},
}


def shrunk(strategy: st.SearchStrategy[_T], holds: Callable[[_T], Any], seed: int) -> tuple[_T, int]:
    """Return the smallest drawn value for which ``holds`` is true, and the number of calls since the first one."""
    calls = 0

    def counted(value: _T) -> bool:
        nonlocal calls
        result = bool(holds(value))
        calls += result or calls > 0
        return result

    return find(strategy, counted, settings=SMALL, random=Random(seed)), calls  # noqa: S311 - repeatable on purpose


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_smallest_message_has_only_required_properties(kind: str, seed: int) -> None:
    assert kind in SMALLEST, "add the smallest message of this kind to SMALLEST"
    message, calls = shrunk(messages(kind), lambda _: True, seed)
    assert message == SMALLEST[kind]
    assert calls < 10


def test_the_smallest_user_and_room_are_almost_empty(seed: int) -> None:
    user, user_calls = shrunk(users(), lambda _: True, seed)
    room, room_calls = shrunk(rooms(), lambda _: True, seed)
    assert (user["id"], user["title"], user["rooms"], user["metadata"]) == (1, "", [], "{}")
    assert (room["id"], room["name"], room["members"], room["topic"]) == (1, "Room", [], "")
    assert user["created"] == room["created"] == f"{MOMENT}+00:00"
    assert user_calls + room_calls < 20


@pytest.mark.parametrize("length", [20, 100, 5_000])
@pytest.mark.slow
def test_a_long_text_shrinks_to_its_length_and_one_character(length: int, seed: int) -> None:
    text, calls = shrunk(texts(0, 10_000), lambda text: len(text) >= length, seed)
    assert text == "0" * length
    assert calls < MAX_CALLS


@pytest.mark.slow
def test_a_long_message_shrinks_in_everything_else(seed: int) -> None:
    message, calls = shrunk(messages("UserMessage"), lambda message: len(message["message"]) > 100, seed)
    assert message == SMALLEST["UserMessage"] | {"message": "0" * 101}
    assert calls < MAX_CALLS


@pytest.mark.slow
def test_a_message_with_a_file_shrinks_in_everything_else(seed: int) -> None:
    message, calls = shrunk(messages("UserMessage"), lambda message: message.get("attachment"), seed)
    assert {**message, "message": "", "attachment": None} == SMALLEST["UserMessage"] | {
        "message": "",
        "attachment": None,
    }
    assert len(message["message"]) <= 1
    assert (message["attachment"]["name"], message["attachment"]["size"]) == ("", 0)
    assert "thumbnail" not in message["attachment"]
    assert calls < MAX_CALLS


def test_a_notification_with_a_card_shrinks_in_everything_else(seed: int) -> None:
    message, calls = shrunk(messages("NotificationMessage"), lambda message: message.get("card"), seed)
    assert message == SMALLEST["NotificationMessage"] | {"card": "{}"}
    assert calls < MAX_CALLS


@pytest.mark.parametrize("kind", ["PrivateUserMessage", "UserMessage"])
@pytest.mark.slow
def test_a_deleted_message_shrinks_in_everything_else(kind: str, seed: int) -> None:
    message, calls = shrunk(messages(kind), lambda message: "deleted" in message, seed)
    deletion = {"user_id": 1, "date": f"{MOMENT}+00:00", "reason": None}
    assert message == SMALLEST[kind] | {"message": "", "deleted": deletion}
    assert calls < MAX_CALLS


@pytest.mark.parametrize(
    ("holds", "users", "rooms", "messages"),
    [
        (lambda _: True, 1, 0, 0),
        (lambda plan: plan.private_messages, 1, 0, 1),
        (lambda plan: plan.attachments > 1, 1, 0, 2),
        (lambda plan: plan.archived_rooms, 1, 1, 1),
        (lambda plan: plan.guests, 2, 0, 0),
    ],
)
def test_a_plan_shrinks_to_the_users_rooms_and_messages_that_matter(
    holds: Callable[[Plan], Any], users: int, rooms: int, messages: int, seed: int
) -> None:
    plan, calls = shrunk(worlds(), holds, seed)
    assert (plan.users, plan.rooms, plan.messages, plan.nasty) == (users, rooms, messages, False)
    assert calls < MAX_CALLS


@pytest.mark.slow
def test_an_archive_shrinks_as_its_plan_does(seed: int) -> None:
    sample, _ = shrunk(archives(), lambda sample: sample.plan.archived_rooms, seed)
    assert (sample.plan.users, sample.plan.rooms, sample.plan.messages, sample.plan.private_messages) == (1, 1, 1, 0)


@pytest.mark.slow
def test_most_drawn_messages_have_text_and_many_are_hard_to_handle(seed: int) -> None:
    drawn: list[Record] = []

    @hypothesis.seed(seed)
    @settings(max_examples=500, database=None, phases=[Phase.generate])
    @given(messages("UserMessage"))
    def draw(message: Record) -> None:
        drawn.append(message)

    draw()
    deleted = sum("deleted" in message for message in drawn)
    assert 0 < deleted < 0.4 * len(drawn)
    assert sum(not message["message"] for message in drawn) < 0.4 * len(drawn)
    assert sum(not message["message"].isascii() for message in drawn) > 0.15 * len(drawn)
