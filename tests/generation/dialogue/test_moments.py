"""Numbers rise with time, and times and dates agree with the moment of a thread."""

import re
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.generation.dialogue.lexicon import filled, lexicon
from hcfmt.generation.dialogue.scenes import Scene, Stage
from hcfmt.generation.plan import planned

PLAN = planned("small", seed=8)
LAST = PLAN.first_second + PLAN.days * 86_400
SECONDS = st.integers(PLAN.first_second, LAST)
ABOUT = {"service": "billing", "prefix": "OPS", "project": "Falcon"}


def at(second: int, text: str, seed: int = 1, offset: int = 0) -> str:
    words, stage = lexicon("en"), Stage(PLAN, Random(seed), ABOUT)  # noqa: S311 - no secret
    return filled(words.template(text), Scene(stage, words.fillers, (), (), second, offset))


@pytest.mark.parametrize("gap", ["ticket", "build", "pull", "version", "next_version"])
@given(sooner=SECONDS, later=SECONDS)
def test_numbers_rise_with_time(gap: str, sooner: int, later: int) -> None:
    first, last = (
        [int(number) for number in re.findall(r"\d+", at(second, f"{{{gap}}}"))] for second in sorted((sooner, later))
    )
    assert first <= last


@given(SECONDS, st.integers(0, 100))
def test_what_a_thread_is_about_stays_the_same(second: int, seed: int) -> None:
    text = at(second, "{ticket} {link.ticket} {ticket} {service} {version} {version} {build} {link.build}", seed)
    ticket, url, again, service, version, same, build, log = text.split()
    assert (ticket, version, service) == (again, same, "billing")
    assert url.endswith(f"/browse/{ticket}")
    assert log.endswith(f"/billing/{build[1:]}")


@given(SECONDS, st.integers(-12, 14), st.integers(0, 100))
def test_times_and_dates_are_those_of_the_first_speaker(second: int, hours: int, seed: int) -> None:
    here = datetime.fromtimestamp(second, UTC) + timedelta(hours=hours)
    earlier, later, date, weekday = at(second, "{earlier}|{time}|{date}|{weekday}", seed, hours * 3_600).split("|")
    minutes = [int(hour) * 60 + int(minute) for hour, minute in (time.split(":") for time in (earlier, later))]
    assert minutes[0] <= here.hour * 60 + here.minute
    assert minutes[1] >= min(here.hour * 60 + here.minute, 23 * 60 + 45)
    assert str(here.day) in date
    assert weekday in {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}


def test_a_gap_that_nothing_fills_stays() -> None:
    text = "{nothing} for @all (custom), 5 % off {service} %(service)s"
    assert at(PLAN.first_second, text) == "{nothing} for @all (thumbsup), 5 % off billing %(service)s"
