"""Dates: the forms that clients send, and those of responses."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.server.api import dates
from hcfmt.server.errors import ApiError

NOON = 1_529_064_000_000_000  # 2018-06-15T12:00:00 UTC, in microseconds
HOUR = 3_600_000_000

FORMS = {
    "1529064000": NOON,
    "1529064000.5": NOON + 500_000,
    "0": 0,
    "2018-06-15": NOON - 12 * HOUR,
    "2018-06-15T12:00": NOON,
    "2018-06-15T12:00:00": NOON,
    "2018-06-15 12:00:00": NOON,
    "2018-06-15T12:00:00Z": NOON,
    "2018-06-15t12:00:00z": NOON,
    "2018-06-15T12:00:00.809766Z": NOON + 809_766,
    "2018-06-15T12:00:00.8Z": NOON + 800_000,
    "2018-06-15T12:00:00.809766999": NOON + 809_766,
    "2018-06-15T12:00:00+00:00": NOON,
    "2018-06-15T12:00:00+0000": NOON,
    "2018-06-15T12:00:00+00": NOON,
    "2018-06-15T14:00:00+02:00": NOON,
    "2018-06-15T14:00:00 02:00": NOON,
    "2018-06-15T12:00:00.000000 00:00": NOON,
    "2018-06-15T06:30:00-0530": NOON,
    "2018-06-15 12:00:00 +00:00": NOON,
    " 2018-06-15T12:00:00Z ": NOON,
    "9999-12-31T23:59:59.999999Z": 253_402_300_799_999_999,
    "0001-01-01": -62_135_596_800_000_000,
}
NONE = [
    "",
    "yesterday",
    "recent",
    "2018-02-29",
    "2018-13-01",
    "2018-06-15T24:00:00",
    "2018-06-15T12:00:60",
    "2018-06-15T12",
    "2018-06-15T12:00:00+25:00",
    "2018-06-15T12:00:00Z+00:00",
    "0000-01-01",
    "999999999999",
    "-5",
    "1e9",
    "2018-06-15T12:00:00ZZ",
    "\uff12\uff10\uff11\uff18-06-15",
    "9" * 5_000,
    "\ud800",
]


@pytest.mark.parametrize(("text", "moment"), FORMS.items())
def test_dates_are_accepted_in_many_forms(text: str, moment: int) -> None:
    assert dates.read(text, "UTC", "date") == moment


@pytest.mark.parametrize("text", NONE)
def test_any_other_form_is_refused_with_the_name_of_the_parameter(text: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        dates.read(text, "UTC", "end-date")
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, "end-date")
    assert excinfo.value.message == f"Value u'{text[:100]}' for field 'end-date' is not of type 'date'"


@pytest.mark.parametrize(
    ("text", "zone", "hours"),
    [
        ("2018-06-15T12:00:00", "America/Denver", 6),
        ("2018-06-15T12:00:00", "america/denver", 6),
        ("2018-01-15T12:00:00", "America/Denver", 7),
        ("2018-06-15", "Asia/Tokyo", -9),
        ("2018-06-15T12:00:00Z", "America/Denver", 0),
        ("2018-06-15T12:00:00+01:00", "America/Denver", -1),
    ],
)
def test_a_date_without_an_offset_is_in_the_time_zone(text: str, zone: str, hours: int) -> None:
    plain = text.removesuffix("Z").removesuffix("+01:00")
    assert dates.read(text, zone, "date") - dates.read(plain, "UTC", "date") == hours * HOUR


@pytest.mark.parametrize("zone", ["", "Nowhere/At All", "../../etc/passwd", "/etc/localtime", "UTC\0", "PST "])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        dates.time_zone(zone)
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, "timezone")


@given(st.datetimes(timezones=st.just(UTC)))
def test_dates_of_responses_are_read_as_the_same_instant(moment: datetime) -> None:
    time = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    text = dates.to_api(time)
    assert len(text) == 32
    assert datetime.fromisoformat(text) == moment
    assert dates.read(text, "UTC", "date") == time
    assert dates.read(text.replace("+", " "), "Asia/Tokyo", "date") == time
    assert dates.read(dates.to_api_second(time), "UTC", "date") == time - time % 1_000_000


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?Z?"))
def test_any_accepted_text_is_an_instant(text: str) -> None:
    with suppress(ApiError):
        moment = dates.read(text, "UTC", "date")
        assert dates.read(dates.to_api(moment), "UTC", "date") == moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (dates.to_api(1_515_060_962_809_766), "2018-01-04T10:16:02.809766+00:00"),
        (dates.to_api(1_515_060_962_000_000), "2018-01-04T10:16:02.000000+00:00"),
        (dates.to_api_second(1_515_060_962_809_766), "2018-01-04T10:16:02+00:00"),
        (dates.last_active(1_421_029_691_500_000), "1421029691"),
        (dates.last_active(1_518_066_595_500_000, "server"), "2018-02-08T05:09:55+0000"),
        (dates.last_active(None), None),
        (dates.last_active(None, "server"), None),
        (dates.to_instant(1_515_060_962.809766), 1_515_060_962_809_766),
        (dates.with_offset("2013-12-02T18:04:15Z"), "2013-12-02T18:04:15+00:00"),
        (dates.with_offset("2013-12-02T18:04:15+00:00"), "2013-12-02T18:04:15+00:00"),
        (dates.with_offset(""), None),
        (dates.with_offset(7), None),
    ],
)
def test_each_kind_of_object_shows_dates_in_its_form(text: object, expected: object) -> None:
    assert text == expected
