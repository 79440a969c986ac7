"""Moments are read as they are spelled, and spelled as they are read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.store.moments import moments, second, spelled

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ANY = st.datetimes(timezones=st.just(UTC))


@given(ANY)
def test_a_moment_is_spelled_as_it_was_read(when: datetime) -> None:
    text = f"{when:%Y}".zfill(4) + f"{when:-%m-%dT%H:%M:%SZ %f}"
    (moment,) = moments([text])
    assert moment == (when - EPOCH) // timedelta(microseconds=1)
    assert spelled(moment) == text
    assert second(moment) == text[:20]


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
def test_other_digits_are_read_too(text: str, micros: int) -> None:
    assert moments([text]) == [micros]


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "2018-01-04", "2018-01-04T10:16:02", "2018-01-04T10:16:02+00:00", "2018-01-04T10:16:02.5Z"),
        *("2018-02-30T10:16:02Z 000000", "2018-01-04T24:16:02Z 000000", "2018-01-04T10:60:02Z 000000"),
        *("0000-01-04T10:16:02Z 000000", "2018-1-004T10:16:02Z 000000", "2018-01-04 10:16:02Z 000000"),
        *("2018-01-04T10:16:02Z x", " 018-01-04T10:16:02Z 000000"),
    ],
)
def test_what_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        moments([text])


@pytest.mark.parametrize("value", [None, 5, ["2018-01-04T10:16:02Z"], {"a": 1}])
def test_what_is_no_text_is_refused(value: Any) -> None:  # noqa: ANN401 - any JSON value
    with pytest.raises((TypeError, ValueError, KeyError)):
        moments([value])


@pytest.mark.parametrize("moment", [1 << 62, -(1 << 62), 1 << 200])
def test_a_moment_beyond_the_calendar_has_no_spelling(moment: int) -> None:
    with pytest.raises(ValueError, match="calendar"):
        spelled(moment)
