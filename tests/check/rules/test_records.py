"""Rules of one record: their findings, the places of these, and the cases that belong to other rules."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.check.catalogue import RULES
from hcfmt.check.context import Redaction
from hcfmt.check.rules.records import (
    attachment_path_disagrees,
    deleted_before_sent,
    odd_canonical_name,
    unclosed_html_tag,
    unknown_timezone,
)
from hcfmt.export.layout import LAYOUT
from hcfmt.findings import Flaw, Quoted

FIRST = datetime(1, 1, 3, tzinfo=UTC)  # so far from the calendar's ends that every offset stays inside
LAST = datetime(9999, 12, 28, tzinfo=UTC)
SECONDS = st.integers(0, int((LAST - FIRST).total_seconds()))
OFFSETS = st.integers(-(15 * 60) + 1, 15 * 60 - 1)  # minutes


Check = Callable[[dict[str, Any]], Iterable[Flaw]]


def found(check: Check, record: dict[str, Any]) -> list[Flaw]:
    return list(check(record))


def sentences(flaws: Iterable[Flaw]) -> list[str]:
    """Return the sentences of a report that shows values."""
    return [
        flaw.sentence(lambda value: repr(value.value) if isinstance(value, Quoted) else str(value)) for flaw in flaws
    ]


def deletion(timestamp: str, date: str) -> dict[str, Any]:
    return {"timestamp": timestamp, "deleted": {"user_id": 1, "date": date, "reason": None}}


def iso_date(seconds: int, minutes: int) -> str:
    """Return an instant, in seconds after FIRST, as ISO 8601 with an offset in minutes."""
    instant = (FIRST + timedelta(seconds=seconds)).astimezone(timezone(timedelta(minutes=minutes)))
    return instant.isoformat(timespec="seconds")


def attached(path: str | None, repeated: str | None) -> dict[str, Any]:
    """Return a private message; a path of None means no attachment at all."""
    return {"attachment": None if path is None else {"path": path, "size": 1}, "attachment_path": repeated}


# HC511


@pytest.mark.parametrize(
    ("path", "repeated"),
    [("a/b.txt", "a/b.txt"), (None, None), (None, ""), ("", None), ("", "")],
)
def test_two_equal_paths_or_none_at_all_agree(path: str | None, repeated: str | None) -> None:
    assert found(attachment_path_disagrees, attached(path, repeated)) == []


def test_a_room_message_of_hc_migrate_has_no_second_path_to_compare() -> None:
    assert found(attachment_path_disagrees, {"attachment": {"path": "a/b.txt"}}) == []


@pytest.mark.parametrize(
    ("path", "repeated", "sentence"),
    [
        ("a/b.txt", "a/c.txt", "attachment_path is 'a/c.txt', attachment.path 'a/b.txt'."),
        ("a/b.txt", "A/b.txt", "attachment_path is 'A/b.txt', attachment.path 'a/b.txt'."),
        ("a/b.txt", None, "attachment.path is 'a/b.txt', and attachment_path is not set."),
        ("a/b.txt", "", "attachment.path is 'a/b.txt', and attachment_path is not set."),
        (None, "a/b.txt", "attachment_path is 'a/b.txt', and attachment.path is not set."),
        ("", "a/b.txt", "attachment_path is 'a/b.txt', and attachment.path is not set."),
    ],
)
def test_the_sentence_says_whether_the_paths_differ_or_one_is_not_set(
    path: str | None, repeated: str | None, sentence: str
) -> None:
    flaws = found(attachment_path_disagrees, attached(path, repeated))
    assert sentences(flaws) == [sentence]
    assert [flaw.path for flaw in flaws] == [("attachment_path",)]


# HC604


@pytest.mark.parametrize(
    ("timestamp", "date"),
    [
        ("2018-04-02T15:55:05Z 500005", "2018-04-02T15:55:04Z"),
        ("2018-04-02T15:55:05Z", "2018-04-02T15:55:04Z"),
        ("2018-04-02T15:55:05Z 500005", "2018-04-02T17:55:04+02:00"),
        ("2018-04-02T15:55:05Z 500005", "2018-04-02T15:55:06+00:01"),
        ("2018-03-01T00:00:00Z 000000", "2018-02-28T23:59:59Z"),
        ("0001-01-01T10:00:00Z 000000", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_deletion_before_the_message_is_reported_at_its_date(timestamp: str, date: str) -> None:
    flaws = found(deleted_before_sent, deletion(timestamp, date))
    assert sentences(flaws) == [f"The message was deleted on {date}, but sent on {timestamp[:20]}."]
    assert [flaw.path for flaw in flaws] == [("deleted", "date")]


@pytest.mark.parametrize(
    ("timestamp", "date"),
    [
        ("2018-04-02T15:55:05Z 500005", "2018-04-02T15:55:05Z"),
        ("2018-04-02T15:55:05Z 999999", "2018-04-02T10:55:05-05:00"),
        ("2018-04-02T15:55:05Z 500005", "2018-04-02T15:55:06Z"),
    ],
)
def test_a_deletion_in_the_same_second_or_later_is_not_reported(timestamp: str, date: str) -> None:
    assert found(deleted_before_sent, deletion(timestamp, date)) == []


@pytest.mark.parametrize(
    "date",
    [
        "2017-02-29T15:55:05Z",
        "2017-13-01T15:55:05Z",
        "2017-04-31T15:55:05Z",
        "2017-04-02T24:00:00Z",
        "2017-04-02T15:60:05Z",
        "2017-04-02T15:55:60Z",
        "2017-04-02T15:55:05+15:00",
        "2017-04-02T15:55:05-15:00",
        "2017-04-02T15:55:05+99:00",
        "2017-04-02T15:55:05+01:60",
        "0000-04-02T15:55:05Z",
    ],
)
def test_an_impossible_date_is_left_to_another_rule(date: str) -> None:
    assert found(deleted_before_sent, deletion("2018-04-02T15:55:05Z 500005", date)) == []
    if date.endswith("Z"):
        assert found(deleted_before_sent, deletion(date, "0001-01-01T00:00:00Z")) == []


@settings(max_examples=60)
@given(SECONDS, st.integers(-3, 3), OFFSETS, st.integers(0, 999_999))
def test_a_deletion_is_reported_if_and_only_if_it_is_earlier_in_any_time_zone(
    sent: int, later: int, minutes: int, micros: int
) -> None:
    timestamp = f"{iso_date(sent, 0).removesuffix('+00:00')}Z {micros:06}"
    flaws = found(deleted_before_sent, deletion(timestamp, iso_date(sent + later, minutes)))
    assert bool(flaws) == (later < 0)


def test_deletions_are_checked_in_every_kind_of_message() -> None:
    kinds = {kind for row in LAYOUT if "history" in row.kind for kind in row.wrappers}
    assert set(RULES["HC604"].subjects) == kinds


# HC710


@pytest.mark.parametrize(
    ("name", "canonical_name"),
    [
        ("Default", "default"),
        ("Mesan: Old", "mesan_old"),
        ("R & D", "r__d"),
        ('"It\'s" <here>/@home', "its_herehome"),
        ("ÄRGER", "ärger"),
        ("a_b-c.d", "a_b-c.d"),
        ("a\tb", "a\tb"),
        ("@", ""),
    ],
)
def test_the_canonical_name_that_hipchat_derives_is_accepted(name: str, canonical_name: str) -> None:
    assert found(odd_canonical_name, {"name": name, "canonical_name": canonical_name}) == []


@pytest.mark.parametrize(
    ("name", "canonical_name", "expected"),
    [
        ("The Lounge", "default", "the_lounge"),
        ("Default", "Default", "default"),
        ("R & D", "r_d", "r__d"),
        ("R & D", "r_&_d", "r__d"),
        ("Default", "", "default"),
    ],
)
def test_another_canonical_name_is_reported_with_the_expected_one(
    name: str, canonical_name: str, expected: str
) -> None:
    flaws = found(odd_canonical_name, {"name": name, "canonical_name": canonical_name})
    sentence = f"The canonical name is {canonical_name!r}; HipChat would derive {expected!r} from the room's name."
    assert sentences(flaws) == [sentence]
    assert [flaw.path for flaw in flaws] == [("canonical_name",)]


@settings(max_examples=60)
@given(st.text())
def test_an_expected_canonical_name_has_neither_spaces_nor_dropped_characters(name: str) -> None:
    (flaw,) = found(odd_canonical_name, {"name": name, "canonical_name": " "})
    expected = flaw.values["expected"]
    assert isinstance(expected, Quoted)
    assert isinstance(expected.value, str)
    assert not set(expected.value) & set(" \"&'/:<>@")
    assert found(odd_canonical_name, {"name": name, "canonical_name": expected.value}) == []


# HC712


@pytest.mark.parametrize("name", ["UTC", "America/Denver", "Europe/Berlin", "US/Pacific", "Asia/Calcutta", "Etc/GMT+5"])
def test_an_iana_name_is_accepted(name: str) -> None:
    assert found(unknown_timezone, {"timezone": name}) == []


@pytest.mark.parametrize(
    "name",
    ["", "Mountain Time (US & Canada)", "america/denver", " UTC", "UTC+1", "America", "../zones", "UTC\nUTC", "a\0b"],
)
def test_any_other_name_is_reported(name: str) -> None:
    flaws = found(unknown_timezone, {"timezone": name})
    assert sentences(flaws) == [f"The time zone is {name!r}, which is not an IANA name."]
    assert [flaw.path for flaw in flaws] == [("timezone",)]


# All of them


@pytest.mark.parametrize(
    ("check", "record"),
    [
        (attachment_path_disagrees, attached("private/one", "private/two")),
        (attachment_path_disagrees, attached("private/one", None)),
        (attachment_path_disagrees, attached(None, "private/two")),
        (odd_canonical_name, {"name": "private one", "canonical_name": "private two"}),
        (unknown_timezone, {"timezone": "private"}),
        (unclosed_html_tag, {"message": "private <style>"}),
    ],
)
def test_no_sentence_contains_a_value_of_the_archive(check: Check, record: dict[str, Any]) -> None:
    (flaw,) = found(check, record)
    hidden = flaw.sentence(Redaction().text)
    assert flaw.values
    assert "private" not in hidden


@pytest.mark.parametrize(
    ("code", "properties"),
    [("HC511", ("attachment", "attachment_path")), ("HC604", ("deleted",)), ("HC710", ()), ("HC712", ())],
)
def test_a_rule_runs_only_on_records_that_have_something_to_compare(code: str, properties: tuple[str, ...]) -> None:
    assert RULES[code].only_if_present == properties
    kinds = {kind for row in LAYOUT for kind in row.wrappers}
    assert set(RULES[code].subjects) <= kinds


# HC718


@pytest.mark.parametrize(
    "text",
    ["", "<b>bold", "a < b", "<style></style>", "<SCRIPT>x</script >", "<style/>", "<styles>", "<head", "<br><body>"],
)
def test_a_text_whose_tags_are_closed_is_not_reported(text: str) -> None:
    assert found(unclosed_html_tag, {"message": text}) == []


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("put it into <style> there", "style"),
        ("<Script src='a>b'>", "script"),
        ("<head><title>", "head"),
        ("you forgot the </head>", "head"),
        ("<style></style><script>", "script"),
    ],
)
def test_a_tag_that_is_not_closed_or_not_opened_is_reported(text: str, tag: str) -> None:
    (flaw,) = found(unclosed_html_tag, {"message": text})
    assert (flaw.values, flaw.path) == ({"tag": tag}, ("message",))
    assert re.search(RULES["HC718"].only_if_matches, text)
