"""Plans: what cannot be is refused with the reason, and what nobody named fits what somebody did."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt import UsageError
from hcfmt.generation.plan import PROFILES, Plan, planned

IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"users": 3, "guests": 2, "deleted_users": 1}, "at least one must be neither"),
    ({"users": 0}, "at least one must be neither"),
    ({"rooms": 0}, "need a room: ask for one, or for a private share of 1"),
    ({"messages": 0}, "look as if histories were lost: ask for a message, or for no rooms"),
    ({"private_share": float("nan")}, "a part of 1"),
    ({"notification_share": float("nan")}, "a part of 1"),
    ({"attachments": 0, "attachment_bytes": 5}, "need an attachment"),
    ({"attachment_bytes": 5}, "at least 12,288 bytes each"),
    ({"since": date(1960, 1, 1)}, "not be before 1970"),
    ({"since": date(2020, 1, 1)}, "these are 2020-01-01 and 2018-12-07"),
    ({"archived_rooms": 5, "deleted_rooms": 5}, "more archived, deleted or private"),
    ({"rooms": 8, "private_rooms": 9}, "more archived, deleted or private"),
    ({"rooms": 8, "renamed_rooms": 9}, "more renamed rooms"),
    ({"private_share": 1.1}, "a part of 1"),
    ({"notification_share": -0.1}, "a part of 1"),
    ({"private_share": 0.9, "notification_share": 0.2}, "cannot be more than 1 together"),
    ({"messages": 10, "attachments": 11}, "more attachments than"),
    ({"attachments": 4, "attachment_bytes": 4}, "at least"),
    ({"until": date(2017, 1, 10)}, "days after since"),
    ({"locales": ()}, "locale"),
    ({"messages": -1}, "negative"),
]


@pytest.mark.parametrize(("changes", "reason"), IMPOSSIBLE)
def test_what_cannot_be_is_refused_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        planned("small", **changes)


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="tiny, small"):
        planned("gigantic")


FITTING: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"users": 1}, {"guests": 0, "deleted_users": 0}),
    ({"users": 3, "guests": 2}, {"deleted_users": 0}),
    ({"users": 3, "deleted_users": 2}, {"guests": 0}),
    ({"rooms": 1}, {"private_rooms": 1, "archived_rooms": 1, "deleted_rooms": 0}),
    ({"deleted_rooms": 8}, {"archived_rooms": 0}),
    ({"private_share": 1.0}, {"notification_share": 0}),
    ({"notification_share": 1.0}, {"private_share": 0, "attachments": 0, "attachment_bytes": 0}),
    ({"messages": 10}, {"attachments": 9, "attachment_bytes": 900_000}),
    ({"attachments": 500}, {"attachment_bytes": 50_000_000}),
    ({"attachments": 0}, {"attachment_bytes": 0}),
    ({"attachment_bytes": 30_000}, {"attachments": 2}),
    (
        {"rooms": 0, "private_share": 1},
        {"private_rooms": 0, "archived_rooms": 0, "deleted_rooms": 0, "notification_share": 0},
    ),
    ({"messages": 5, "users": 1, "attachments": 0}, {"guests": 0, "deleted_users": 0, "attachment_bytes": 0}),
]


@pytest.mark.parametrize(("named", "fitting"), FITTING)
def test_what_nobody_named_fits_what_somebody_did(named: dict[str, Any], fitting: dict[str, Any]) -> None:
    assert planned("small", **named) == replace(PROFILES["small"], **named, **fitting)


FIELDS = {
    "users": st.integers(1, 300),
    "rooms": st.integers(1, 300),
    "messages": st.integers(1, 3_000),
    "private_share": st.sampled_from([0.0, 0.1, 0.5, 1.0]),
}


@given(st.sampled_from(["tiny", "small"]), st.fixed_dictionaries({}, optional=FIELDS))
def test_whatever_wholes_are_named_there_is_a_plan_with_them(profile: str, named: dict[str, Any]) -> None:
    plan = planned(profile, **named)
    assert {name: getattr(plan, name) for name in named} == named
    assert planned(profile) == PROFILES[profile]


@given(st.integers(0, 9), st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from([0.0, 0.25, 0.5]))
def test_parts_of_few_messages_are_no_more_than_these(messages: int, private: float, notified: float) -> None:
    if private + notified <= 1:
        plan = Plan(
            rooms=min(1, messages), private_rooms=0, archived_rooms=0, deleted_rooms=0, messages=messages,
            private_share=private if messages else 1.0, notification_share=notified if messages else 0.0,
            attachments=0, attachment_bytes=0,
        )  # fmt: skip
        assert plan.private_messages + plan.notifications <= messages
