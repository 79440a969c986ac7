"""A history has exactly the planned messages, in the order of time, by people who are there."""

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hcfmt.generation.activity import DAY
from hcfmt.generation.dialogue.days import Numbers, told
from hcfmt.generation.dialogue.notifications import Notification
from hcfmt.generation.dialogue.repertoire import repertoire
from hcfmt.generation.dialogue.scenes import Stage
from hcfmt.generation.dialogue.telling import Shown, Teller, Told
from hcfmt.generation.dialogues.names import ANY, FALLBACKS, PRIVATE, PURPOSES, SELF
from hcfmt.generation.files.subjects import SUBJECTS
from hcfmt.generation.plan import Plan, planned
from hcfmt.generation.world import Person
from hcfmt.generation.world_building import build_world
from hcfmt.rng import random_for

PLAN = planned(
    "small", users=30, attachments=60, attachment_bytes=60 * 12_288, since=date(2017, 1, 9), until=date(2018, 12, 7)
)
MOST = {PRIVATE: 2, SELF: 1}
SHOWN = sorted(SUBJECTS)
WELCOMING = (
    "please welcome @",
    "this is @",
    "is here! First week",
    "a warm welcome to @",
    "starts with us, coming",
    "is no longer empty: welcome @",
    "say hi to @",
    "meet @",
    "since this morning: welcome, @",
    "is one of us.",
)  # in the first lines of the thread


@cache
def people(count: int, days: range) -> list[Person]:
    """Return some people, the first of whom is there on all days, and the others on some."""
    first, *others = build_world(PLAN).people[:count]
    return [replace(first, days=days), *others]


def tell(seed: int, purpose: str, numbers: Numbers, count: int, plan: Plan = PLAN) -> list[Told]:
    teller = Teller(Stage(plan, random_for(seed, "talk"), {}), repertoire("en"), purpose, numbers.days)
    some = people(min(count, MOST.get(purpose, count)), numbers.days)
    return [*chain.from_iterable(told(plan, numbers, some, teller))]


@given(
    st.integers(0, 2**32),
    st.sampled_from(sorted(PURPOSES | FALLBACKS.keys() | {PRIVATE, SELF})),
    st.integers(1, 12),
    st.integers(0, 80),
    st.integers(0, 12),
    st.integers(0, 30),
)
@settings(max_examples=150)
@example(1, "development", 5, 1, 1, 0)
@example(1, "development", 5, 0, 0, 30)
def test_messages_uploads_and_notifications_are_as_many_as_planned(
    seed: int, purpose: str, count: int, messages: int, uploads: int, notifications: int
) -> None:
    bots = 0 if purpose in MOST else notifications
    shown = [Shown(number, SHOWN[number % len(SHOWN)], {}) for number in range(min(uploads, messages))]
    numbers = Numbers(range(20, 20 + 30 * count), messages, shown, bots)
    result = tell(seed, purpose, numbers, count)
    kinds = Counter("people" if speaker else "bot" for _, speaker, _, _ in result)
    files = [more for _, _, _, more in result if isinstance(more, int)]
    assert sorted(files) == [*range(len(shown))]
    assert (kinds["bot"], kinds["people"]) == (bots, messages)
    assert result == sorted(result, key=lambda told: told[0])
    first, last = (PLAN.first_second + day * DAY for day in (numbers.days.start - 1, numbers.days.stop))
    assert all(first < second < last + 18 * DAY // 24 for second, *_ in result)


def test_who_is_new_is_welcomed_once_and_in_the_first_days() -> None:
    days, start = range(5, 120), 50
    *others, last = people(7, days)
    newcomer = replace(last, days=range(start, 120))
    some = [*(replace(person, days=days) for person in others), newcomer]
    teller = Teller(Stage(PLAN, random_for(4, "talk"), {}), repertoire("en"), "company", days)
    result = [*chain.from_iterable(told(PLAN, Numbers(days, 2_000, (), 0), some, teller, [newcomer]))]
    ((second, text),) = [(second, text) for second, _, text, _ in result if any(word in text for word in WELCOMING)]
    first_day = PLAN.first_second + start * DAY
    assert f"@{newcomer.mention_name}" in text
    assert first_day <= second < first_day + 4 * DAY


def test_nobody_is_welcomed_where_nobody_is_new() -> None:
    result = tell(4, "company", Numbers(range(5, 120), 2_000, (), 0), 7)
    assert not [text for _, _, text, _ in result if any(word in text for word in WELCOMING)]


def test_messages_around_a_file_name_what_its_name_does() -> None:
    shown = [Shown(number, "report", {"customer": "Xyzzy"}) for number in range(200)]
    result = tell(6, "sales", Numbers(range(5, 300), 900, shown, 0), 7)
    named = [text for _, _, text, _ in result if "Xyzzy" in text]
    assert len(named) > 20
    asked = [text for text in named if text.endswith(" asked for it in writing, so")]
    assert asked == ["Xyzzy asked for it in writing, so"] * len(asked) != []


def test_several_people_take_part_and_answer_each_other() -> None:
    result = tell(3, "development", Numbers(range(5, 300), 600, (), 0), 12)
    speakers = Counter(speaker for _, speaker, _, _ in result)
    assert len(speakers) > 6
    turns = sum(one[1] != other[1] for one, other in pairwise(result))
    assert turns > 0.5 * len(result)


@pytest.mark.parametrize("purpose", sorted(PURPOSES | FALLBACKS.keys()))
def test_rooms_talk_about_their_purpose(purpose: str) -> None:
    choice, draw = repertoire("en").choice(purpose, "", with_bots=True), random_for(4).random
    rooms = [script.thread.rooms for script in (choice.draw(draw, 8) for _ in range(500)) if script]
    own = [purposes for purposes in rooms if purposes & {purpose, FALLBACKS.get(purpose)}]
    assert len(own) > 80
    assert all(purposes & {purpose, FALLBACKS.get(purpose), ANY} for purposes in rooms)


def test_integrations_take_part_in_threads_and_tell_stories_to_their_end() -> None:
    result = tell(5, "development", Numbers(range(5, 300), 400, (), 120), 8)
    reports = [more.message for _, _, _, more in result if isinstance(more, Notification)]
    assert len(reports) == 120
    failed = [message for message in reports if "<b>FAILED</b>" in message]
    fixed = [message for message in reports if "back to normal" in message]
    assert failed
    assert fixed
    broken = {message.split("</a>")[0].split(">")[-1] for message in failed}
    assert {message.split("</a>")[0].split(">")[-1] for message in fixed} <= broken
