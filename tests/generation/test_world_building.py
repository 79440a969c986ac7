"""People and rooms of a world: created over time, some deleted, a few with most of the messages."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hcfmt.generation.activity import DAY
from hcfmt.generation.plan import planned
from hcfmt.generation.scenarios import PURGED_PERSON
from hcfmt.generation.vocabulary import phrases
from hcfmt.generation.world_building import build_world, read_world, write_world
from tests.support.company import PLAN, company_world, in_rooms


@pytest.mark.parametrize("kind", ["people", "rooms"])
def test_about_half_are_created_at_the_beginning_and_the_others_over_time(kind: str) -> None:
    days = [(item.created - PLAN.first_second) / DAY for item in getattr(company_world(), kind)]
    founding, second_half = sum(day < 3 for day in days), sum(day > PLAN.days / 2 for day in days)
    assert 0.3 < founding / len(days) < 0.75
    assert second_half < (len(days) - founding) / 2
    assert PLAN.days / 4 < max(days) < PLAN.days


@pytest.mark.parametrize("kind", ["people", "rooms"])
def test_ids_follow_the_time_of_creation(kind: str) -> None:
    items = getattr(company_world(), kind)
    assert sorted(items, key=lambda item: item.id) == sorted(items, key=lambda item: item.created)


def test_the_owner_of_a_room_is_older_and_active_on_all_its_days() -> None:
    person = company_world().person
    for room in company_world().rooms:
        owner = person[room.owner]
        assert owner.created < room.created
        assert room.owner in room.talkers
        assert owner.days.start <= room.days.start < room.days.stop <= owner.days.stop


def test_guests_and_deleted_people_are_created_at_any_time() -> None:
    people = company_world().people
    assert [sum(person.is_deleted for person in people), sum(person.account_type == "guest" for person in people)] == [
        PLAN.deleted_users, PLAN.guests,
    ]  # fmt: skip
    assert min(person.id for person in people if person.is_deleted) < PLAN.users / 2


def test_deleted_people_and_archived_rooms_end_before_the_others() -> None:
    over = [person.days.stop for person in company_world().people if person.is_deleted]
    over += [room.days.stop for room in company_world().rooms if room.is_archived or room.is_deleted]
    assert len(over) == 11
    assert max(over) < PLAN.days - 7
    last_days = [person.days.stop for person in company_world().people if not person.is_deleted]
    assert {*last_days} == {PLAN.days - 1}


def test_the_largest_room_has_many_messages_and_most_have_few() -> None:
    messages = sorted(share.messages for share in company_world().room_quotas.values())
    assert 0.12 < messages[-1] / sum(messages) < 0.7
    assert messages[len(messages) // 2] < sum(messages) / len(messages)


def test_rooms_with_a_lively_purpose_are_among_the_busiest_more_often() -> None:
    liveliness, plan = phrases("work")["liveliness"], planned("medium", users=60, messages=20_000)
    busiest, rooms = Counter[bool](), Counter[bool]()  # by whether their purpose is lively
    for seed in range(20):
        world = build_world(replace(plan, seed=seed))
        ordered = sorted(world.rooms, key=lambda room: -world.room_quotas[room.id].messages / len(room.days))
        busiest.update(liveliness[room.purpose] > 1 for room in ordered[:5])
        rooms.update(liveliness[room.purpose] > 1 for room in ordered)
    assert busiest[True] / rooms[True] > 3 * busiest[False] / rooms[False] > 0


def test_every_purpose_of_rooms_is_lively_or_less_so() -> None:
    work = phrases("work")
    assert work["liveliness"].keys() == work["room"].keys()
    assert min(work["liveliness"].values()) > 0


def test_the_first_talker_of_a_room_sends_many_messages() -> None:
    shares = []
    for room in company_world().rooms:
        messages = Counter(
            message["sender"]["id"]
            for number, kind, message in in_rooms()
            if (number, kind) == (room.id, "UserMessage")
        )
        if messages.total() >= 100:
            shares.append((max(messages.values()) / messages.total(), 1 / len(room.talkers)))
    assert len(shares) >= 4
    assert all(equal < top < 0.8 for top, equal in shares)
    assert sum(top for top, _ in shares) > 1.5 * sum(equal for _, equal in shares)


def test_an_emoticon_is_uploaded_by_an_active_user() -> None:
    for emoticon in company_world().emoticons:
        day = (int(emoticon.path.rpartition("-")[2].partition(".")[0]) - PLAN.first_second) // DAY
        assert day in company_world().person[emoticon.user_id].days


SMALL: list[dict[str, Any]] = [
    {"users": 1},
    {"users": 2, "rooms": 1, "guests": 1},
    {"until": date(2018, 10, 15)},
    {"until": date(2018, 10, 16), "users": 40, "rooms": 20, "deleted_users": 9},
    {"rooms": 0, "private_share": 1.0},
]


@pytest.mark.parametrize("changes", SMALL)
@pytest.mark.parametrize("seed", range(4))
def test_small_companies_have_all_planned_messages_too(changes: dict[str, Any], seed: int) -> None:
    plan = planned("small", seed=seed, **changes)
    small = build_world(plan)
    ends = [*(person.days for person in small.people), *(person.days for person in small.rooms)]
    assert all(4 <= days.start < days.stop < plan.days for days in ends)
    assert sum(share.messages for share in small.room_quotas.values()) == plan.messages - plan.private_messages
    assert sum(share.messages for share in small.pair_quotas.values()) == plan.private_messages
    assert all(small.days_of(pair) for pair in small.pair_quotas)


def test_uploads_are_numbered_across_all_rooms_and_pairs() -> None:
    ranges = [share.uploads for share in (*company_world().room_quotas.values(), *company_world().pair_quotas.values())]
    assert [number for range_ in ranges for number in range_] == list(range(PLAN.attachments))


def test_another_seed_gives_other_dates() -> None:
    other = build_world(replace(PLAN, seed=PLAN.seed + 1))
    assert [person.created for person in other.people] != [person.created for person in company_world().people]


def test_other_processes_read_a_world_after_its_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world(PLAN)
    assert world.shortcuts_before(PLAN.first_second + 1000 * DAY)
    write_world(PLAN, tmp_path / "world")
    monkeypatch.setattr("hcfmt.generation.world_building._worlds", {})
    found = read_world(PLAN, tmp_path / "world")
    assert found == world
    assert found is not world
    assert build_world(PLAN) is found


def test_people_who_come_later_are_welcomed_in_one_room_each() -> None:
    world, liked = company_world(), ("company", "onboarding", "development", "support")
    welcomed = [(world.room[room], person) for room, found in world.newcomers.items() for person in found]
    assert len(welcomed) > 5
    assert len({person.id for _, person in welcomed}) == len(welcomed)
    for room, person in welcomed:
        assert room.purpose in liked
        assert person.id in room.talkers
        assert person.days.start in room.days
        assert not person.guest_key
    first = min(person.days.start for person in world.people)
    assert min(person.days.start for _, person in welcomed) > first + 7


def test_a_purged_person_has_no_notes() -> None:
    plan = planned("small", seed=47, deleted_users=5, messages=1_000, attachments=200, scenarios=(PURGED_PERSON,))
    world = build_world(plan)
    former = {person.id for person in world.former}
    assert former
    assert not [pair for pair in world.pair_quotas if former.issuperset(pair)]
    assert [*world.pairs] == [*world.pair_quotas]
