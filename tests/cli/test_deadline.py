"""A deadline ends at one point in time, in every process and, on the calendar, on every machine."""

import pickle
import time

import pytest

from hcfmt.cli.deadline import CalendarDeadline, Deadline, deadline


@pytest.mark.parametrize(("now", "expired"), [(99.0, False), (100.0, False), (100.5, True)])
def test_a_deadline_expires_at_its_end(now: float, expired: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001 - a column
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(time, "time", lambda: now)
    for limit in (Deadline(100), CalendarDeadline(100)):
        sent = pickle.loads(pickle.dumps(limit))  # noqa: S301 - its own
        assert (sent, sent()) == (limit, expired)


def test_a_deadline_is_the_same_point_in_time_on_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(time, "time", lambda: 5000.0)
    assert deadline(30) == Deadline(130)
    assert deadline(30).on_calendar() == CalendarDeadline(5030)
    assert deadline(-1).on_calendar()()
