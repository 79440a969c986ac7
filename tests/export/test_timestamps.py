"""Timestamps: read and written alike, and accepted exactly as the rules have always accepted them."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.export import timestamps
from hcfmt.export.timestamps import FIRST_DAY, LAST_BIT, days_and_hours, format_date, format_timestamp, parse_timestamps

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ANY = st.datetimes(timezones=st.just(UTC))
_COMMON = json.loads((Path(__file__).parents[2] / "schemas/messages/common.json").read_text("utf-8"))["$defs"]


def _odd_texts(pattern: str) -> st.SearchStrategy[str]:
    """Return texts that match a schema's pattern: any digits, and digits near those that calendars and clocks have."""
    near = st.tuples(
        *(st.integers(*span) for span in [(2015, 2020), (0, 13), (0, 32), (0, 25), (58, 61), (58, 61)]),
        st.sampled_from(["Z", "+00:00", "+00:60", "-00:59", "+14:59", "+15:00", "-14:60", "+23:59", "+24:00"]),
        st.sampled_from(["", " 000000", " 7", " 1234567", " 0000000000000000000001", " " + "9" * 40]),
    ).map(lambda parts: "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}".format(*parts))
    return st.from_regex(pattern.replace("$", r"\Z").replace("[0-9]+)", "[0-9]{1,20})")) | near


DATES = _odd_texts(_COMMON["iso-date"]["pattern"]).map(lambda text: text.partition(" ")[0])
TIMESTAMPS = _odd_texts(_COMMON["timestamp"]["pattern"]).map(lambda text: f"{text[:19]}Z{text.partition(' ')[2]}")


@given(ANY)
def test_a_timestamp_is_written_as_it_was_read(time: datetime) -> None:
    text = f"{time:%Y}".zfill(4) + f"{time:-%m-%dT%H:%M:%SZ %f}"
    (instant,) = parse_timestamps([text])
    assert instant == timestamps.instant_of(time) == (time - EPOCH) // timedelta(microseconds=1)
    assert timestamps.datetime_of(instant) == time
    assert format_timestamp(instant) == text
    assert format_date(instant) == text[:20]


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T00:00:01Z ", 1_000_000),
        ("1970-01-01T00:00:01Z 7", 1_000_007),
        ("1970-01-01T00:00:01Z 1234567", 1_123_456),
        ("2016-02-29T23:59:59Z 999999", 1_456_790_399_999_999),
    ],
)
def test_any_number_of_digits_is_read(text: str, micros: int) -> None:
    assert parse_timestamps([text]) == [micros]


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "2018-01-04", "2018-01-04T10:16:02", "2018-01-04T10:16:02+00:00", "2018-01-04T10:16:02.5Z"),
        *("2018-02-30T10:16:02Z 000000", "2018-01-04T24:16:02Z 000000", "2018-01-04T10:60:02Z 000000"),
        *("0000-01-04T10:16:02Z 000000", "2018-1-004T10:16:02Z 000000", "2018-01-04 10:16:02Z 000000"),
        *("2018-01-04T10:16:02Z x", " 018-01-04T10:16:02Z 000000"),
    ],
)
def test_a_timestamp_outside_the_calendar_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        parse_timestamps([text])


@pytest.mark.parametrize("value", [None, 5, ["2018-01-04T10:16:02Z"], {"a": 1}])
def test_a_timestamp_that_is_not_text_is_refused(value: Any) -> None:  # noqa: ANN401 - any JSON value
    with pytest.raises((TypeError, ValueError, KeyError)):
        parse_timestamps([value])


@pytest.mark.parametrize("instant", [1 << 62, -(1 << 62), 1 << 200])
def test_an_instant_outside_the_calendar_is_refused(instant: int) -> None:
    with pytest.raises(ValueError, match="before the year 1 or after 9999"):
        format_timestamp(instant)


# The readings that this module replaced, word for word; the verdicts of rules depend on what they accepted.


def _by_strptime(date: str) -> datetime | None:
    try:
        instant = datetime.strptime(date, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None
    return instant if abs(instant.utcoffset() or timedelta()) < timedelta(hours=15) else None


def _by_astimezone(date: str) -> str | None:
    try:
        return datetime.fromisoformat(date).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return None


def _by_slicing(stamp: str) -> str:
    try:
        datetime.fromisoformat(stamp[:20])
    except ValueError:
        return ""
    digits = stamp[21:].lstrip("0")[:12]
    return f"{stamp[:20]} {digits:0>6}"


@given(DATES)
@example("2018-01-01T00:00:00+00:60")
@example("2018-01-01T00:00:00-14:59")
@example("2018-01-01T00:00:00+15:00")
@example("2018-01-01T23:59:60Z")
@example("0001-01-01T00:00:00+00:01")
@example("9999-12-31T23:59:59-00:01")
def test_dates_are_accepted_as_before(date: str) -> None:
    assert timestamps.parse_possible(date) == _by_strptime(date)
    if date[11:13] != "24":  # which Python reads differently from version to version
        assert timestamps.to_utc(date) == _by_astimezone(date)


@given(TIMESTAMPS)
@example("2018-01-01T00:00:00Z 1234567")
@example("2018-01-01T00:00:00Z 0000000000000000007")
@example("2018-02-30T00:00:00Z 000000")
def test_timestamps_are_ordered_as_before(timestamp: str) -> None:
    if timestamp[11:13] != "24":
        assert timestamps.sort_key(timestamp) == _by_slicing(timestamp)


@given(st.lists(ANY, min_size=2, max_size=2))
def test_sort_keys_sort_by_time(times: list[datetime]) -> None:
    keys = [timestamps.sort_key(format_timestamp(timestamps.instant_of(time))) for time in times]
    assert (keys[0] < keys[1]) == (times[0] < times[1])


@pytest.mark.parametrize("date", ["2018-01-04T24:00:00Z", "2018-01-04T24:00:00+00:00", "2018-01-04T25:00:00Z"])
def test_the_hour_24_is_no_hour_in_any_version_of_python(date: str) -> None:
    assert timestamps.parse_possible(date) is None
    assert timestamps.to_utc(date) is None
    assert timestamps.sort_key(date[:19] + "Z") == ""


@pytest.mark.parametrize(
    ("text", "showable"),
    [
        ("2018-01-04T10:16:02Z", True),
        ("2018-01-04T10:16:02Z 809766", True),
        ("2018-13-44T99:16:02+99:99", True),
        ("2018-01-04T10:16:02 by Anna", False),
        ("2018-01-04", False),
        ("2018-01-04T" + "0" * 25, False),
    ],
)
def test_only_dates_are_showable(text: str, showable: bool) -> None:  # noqa: FBT001 - a table's column
    assert timestamps.is_showable(text) is showable


_PATTERNS = [
    re.compile(pattern.replace("$", r"\Z"))
    for pattern in (
        _COMMON["timestamp"]["pattern"],
        *(expected["pattern"] for expected in _COMMON["timestamp"]["x-should"].values()),
    )
]
_DAYS_TO_2041 = 14_976  # from the first day that is counted
_SIX_DIGITS = st.tuples(
    st.sampled_from([0, 4, 100, 999, 1000, 1900, 1996, 2000, 2018, 9999]),
    st.sampled_from([0, 1, 2, 9, 10, 12, 13, 20]),
    st.sampled_from([0, 1, 28, 29, 30, 31, 32, 40]),
    st.sampled_from([0, 19, 20, 23, 24, 30]),
    *[st.sampled_from([0, 59, 60, 99])] * 2,
).map(lambda parts: "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z 000000".format(*parts))
_EDITED = st.builds(
    lambda text, at, character, gone: text[:at] + character + text[at + gone :],
    _SIX_DIGITS,
    st.integers(0, 28),
    st.sampled_from(["0", "9", " ", "Z", "\n", "-", "\u0660", ""]),
    st.integers(0, 2),
)


@given(st.lists(_SIX_DIGITS | _EDITED | TIMESTAMPS, max_size=3), st.lists(_SIX_DIGITS, max_size=3))
def test_a_column_is_exact_if_every_pattern_of_the_schema_matches_every_value(odd: list[str], more: list[str]) -> None:
    column = [*more, *odd, *more]
    assert timestamps.are_exact(column) == all(pattern.search(text) for text in column for pattern in _PATTERNS)


@given(st.lists(ANY), st.sampled_from(["Z 809766", "Z", "Z 1234567"]))
def test_the_hour_of_the_week_is_that_of_the_calendar(times: list[datetime], suffix: str) -> None:
    times.sort()
    stamps = [f"{time:%Y}".zfill(4) + f"{time:-%m-%dT%H:%M:%S}{suffix}" for time in times]
    months = [(stamp[:7], 1) for stamp in stamps]
    days, hours = days_and_hours(stamps, months)
    assert list(hours) == [time.weekday() * 24 + time.hour for time in times]
    counted = {(time.date() - FIRST_DAY).days for time in times if 2000 <= time.year <= 2040}
    assert days & ((1 << _DAYS_TO_2041) - 1) == sum(1 << day for day in counted)
    assert days.bit_length() < LAST_BIT + 31
