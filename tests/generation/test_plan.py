"""Plans: fields that are not given follow from the given ones, and values that contradict each other are refused."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hcfmt
from hcfmt import UsageError
from hcfmt.export.dialects import CHECKED
from hcfmt.generation.files.contents import LEAST
from hcfmt.generation.plan import PROFILES, Plan, planned
from hcfmt.generation.plan_fields import LARGEST_LEAST
from hcfmt.generation.scenarios import SCENARIOS

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"users": 3, "guests": 2, "deleted_users": 1}, "guests is 2 and deleted_users is 1 but users is 3: one user must"),
    ({"users": 0}, "users must be 1 or more, not 0"),
    ({"users": -1}, "users must be 0 or more, not -1"),
    ({"rooms": 0, "private_share": 0.5}, "rooms is 0 but private_share is 0.5: the other messages need a room"),
    ({"rooms": 0, "notification_share": 0.5}, "rooms is 0 but notification_share is 0.5: notifications need a room"),
    ({"rooms": 3, "messages": 0}, "rooms is 3 but messages is 0: the histories would look lost"),
    ({"private_share": float("nan")}, "private_share must be between 0 and 1, not nan"),
    ({"notification_share": float("nan")}, "notification_share must be between 0 and 1, not nan"),
    ({"private_share": 1.1}, "private_share must be between 0 and 1, not 1.1"),
    ({"notification_share": -0.1}, "notification_share must be between 0 and 1, not -0.1"),
    (
        {"private_share": 0.9, "notification_share": 0.2},
        "private_share is 0.9 and notification_share is 0.2: together they must be 1 or less",
    ),
    ({"attachments": 0, "attachment_bytes": 2_000_000}, "attachment_bytes is 2,000,000 but attachments is 0"),
    ({"attachment_bytes": 5}, "attachment_bytes is 5 but attachments is 1: each attachment needs 12,288 bytes"),
    ({"attachments": 4, "attachment_bytes": 4}, "attachment_bytes is 4 but attachments is 4: each attachment needs"),
    ({"messages": 10, "attachments": 11}, "attachments is 11 but messages is 10 and notification_share is 0.08: only"),
    ({"since": date(1960, 1, 1)}, "since must be 1970-01-01 or later, not 1960-01-01"),
    (
        {"since": date(2018, 1, 1), "until": date(2018, 1, 2)},
        "until is 2018-01-02 but since is 2018-01-01: until must be at least 7 days later",
    ),
    ({"since": date(9999, 12, 30)}, "until is 9999-12-31 but since is 9999-12-30"),
    ({"until": date(1970, 1, 3)}, "until is 1970-01-03 but since is 1970-01-01"),
    (
        {"rooms": 8, "archived_rooms": 5, "deleted_rooms": 5},
        "archived_rooms is 5 and deleted_rooms is 5 but rooms is 8",
    ),
    ({"rooms": 8, "private_rooms": 9}, "private_rooms is 9 but rooms is 8"),
    ({"rooms": 8, "renamed_rooms": 9}, "renamed_rooms is 9 but rooms is 8"),
    ({"locales": ()}, r"locales must be a tuple of names such as .*, not \(\)"),
    ({"locales": "de_DE"}, "locales must be a tuple of names such as .*, not 'de_DE'"),
    ({"dialect": "cloudy"}, "There is no dialect 'cloudy'; did you mean 'cloud'"),
    ({"scenarios": "code"}, "scenarios must be a tuple of names such as .*, not 'code'"),
    ({"scenarios": ("code", "codes")}, "There is no scenario 'codes'; did you mean 'code'"),
    ({"messages": -1}, "messages must be 0 or more, not -1"),
    ({"seed": -2}, "seed must be 0 or more, not -2"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG)
def test_an_error_names_the_fields_and_their_values(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Plan(**changes)
    with pytest.raises(UsageError, match=sentence):
        planned("small", **changes)


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="tiny, small"):
        planned("gigantic")


DERIVED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"users": 1}, {"guests": 0, "deleted_users": 0}),
    ({"users": 3, "guests": 2}, {"deleted_users": 0}),
    ({"users": 3, "deleted_users": 2}, {"guests": 0}),
    ({"guests": 30}, {"users": 31, "deleted_users": 0}),
    ({"rooms": 1}, {"private_rooms": 1, "archived_rooms": 1, "deleted_rooms": 0}),
    ({"deleted_rooms": 8}, {"archived_rooms": 0}),
    ({"archived_rooms": 6, "deleted_rooms": 5}, {"rooms": 11}),
    ({"private_share": 1.0}, {"notification_share": 0}),
    ({"notification_share": 1.0}, {"private_share": 0, "attachments": 0, "attachment_bytes": 0}),
    ({"messages": 10}, {"attachments": 9, "attachment_bytes": 900_000}),
    ({"attachments": 500}, {"attachment_bytes": 50_000_000}),
    ({"attachments": 9_200}, {"messages": 10_000, "attachment_bytes": 920_000_000}),
    ({"attachments": 0}, {"attachment_bytes": 0}),
    ({"attachment_bytes": 30_000}, {"attachments": 2}),
    (
        {"rooms": 0},
        {
            "private_rooms": 0,
            "archived_rooms": 0,
            "deleted_rooms": 0,
            "private_share": 1.0,
            "notification_share": 0,
        },
    ),
    (
        {"messages": 0},
        {
            "rooms": 0,
            "private_rooms": 0,
            "archived_rooms": 0,
            "deleted_rooms": 0,
            "private_share": 1.0,
            "notification_share": 0,
            "attachments": 0,
            "attachment_bytes": 0,
        },
    ),
    ({"since": date(2020, 1, 1)}, {"until": date(2020, 2, 3)}),
    ({"until": date(2010, 1, 1)}, {"since": date(2009, 11, 29)}),
    ({"messages": 5, "users": 1, "attachments": 0}, {"guests": 0, "deleted_users": 0, "attachment_bytes": 0}),
]


@pytest.mark.parametrize(("fields_given", "derived"), DERIVED)
def test_fields_that_are_not_given_follow_from_the_given_ones(
    fields_given: dict[str, Any], derived: dict[str, Any]
) -> None:
    assert planned("small", **fields_given) == replace(PROFILES["small"], **fields_given, **derived)
    assert Plan(**fields_given) == planned("small", **fields_given)


ANY = {
    "users": st.integers(1, 10**7),
    "private_share": st.floats(0, 1),
    "notification_share": st.floats(0, 1),
    "attachment_bytes": st.just(0) | st.integers(LARGEST_LEAST, 10**13),
    "since": st.dates(date(1970, 1, 1), date(9999, 12, 24)),
    "until": st.dates(date(1970, 1, 8), date(9999, 12, 31)),
    "locales": st.lists(st.sampled_from(["de_DE", "ja_JP", "en_GB"]), min_size=1).map(tuple),
    "nasty": st.booleans(),
    "dialect": st.sampled_from(CHECKED),
    "scenarios": st.sampled_from(sorted(SCENARIOS)).map(lambda name: (name,)),
}
COUNTS = st.integers(0, 10**7)


@given(st.sampled_from([*PROFILES]), st.sampled_from([field.name for field in fields(Plan)]), st.data())
def test_any_one_field_may_be_given_alone(profile: str, name: str, data: st.DataObject) -> None:
    value = data.draw(ANY.get(name, COUNTS), label=name)
    alone: dict[str, Any] = {name: value}
    assert getattr(Plan(**alone), name) == value
    assert getattr(planned(profile, **alone), name) == value


@pytest.mark.parametrize(
    "alone",
    [{"attachments": 0}, {"messages": 10}, {"messages": 0}, {"rooms": 1}, {"rooms": 0}, {"users": 1}, {"guests": 25}],
)
def test_a_plan_with_one_field_gives_a_valid_export(alone: dict[str, int], tmp_path: Path) -> None:
    hcfmt.generate(tmp_path / "export.tar", Plan(**alone))  # type: ignore[arg-type]
    assert hcfmt.validate(tmp_path / "export.tar").verdict == hcfmt.Verdict.VALID


def test_a_plan_of_all_fields_stays_as_it_is() -> None:
    for plan in PROFILES.values():
        assert Plan(**{field.name: getattr(plan, field.name) for field in fields(Plan)}) == plan
    assert Plan() == PROFILES["small"] == planned("small")


def test_the_largest_of_the_smallest_files_fits() -> None:
    assert max(LEAST.values()) == LARGEST_LEAST


FIELDS = {
    "users": st.integers(1, 300),
    "rooms": st.integers(1, 300),
    "messages": st.integers(1, 3_000),
    "private_share": st.sampled_from([0.0, 0.1, 0.5, 1.0]),
}


@given(st.sampled_from(["tiny", "small"]), st.fixed_dictionaries({}, optional=FIELDS))
def test_any_totals_may_be_given_together(profile: str, given_fields: dict[str, Any]) -> None:
    plan = planned(profile, **given_fields)
    assert {name: getattr(plan, name) for name in given_fields} == given_fields
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
