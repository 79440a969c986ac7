"""The text of a result: calm, short, and without what a terminal would obey."""

import pytest
from msgspec.structs import replace

from hcfmt.differences.result import (
    ComparedArchive,
    Differences,
    PlaceDifferences,
    RecordDifference,
    SectionDifferences,
)
from hcfmt.differences.text import conclusion, render
from hcfmt.report.text_style import Detail, TextStyle

ARCHIVE = ComparedArchive("a.tar.gz", "hc-migrate")
RECORD = RecordDifference("changed", "0001", "UserMessage", "2018-04-02T15:40:44Z 942827", ("message",))
PLACES = tuple(PlaceDifferences(f"rooms/{room}", 5, 5, changed=room, records=(RECORD,)) for room in range(1, 5))
MESSAGES = SectionDifferences("room messages", 20, 20, changed=10, properties={"message": 10}, places=PLACES)
DIFFERENT = Differences(ARCHIVE, ARCHIVE, (MESSAGES,))
EQUAL = Differences(ARCHIVE, ARCHIVE, ())


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (EQUAL, "The exports are equal."),
        (replace(EQUAL, not_compared=("x",)), "The exports are equal in all that was compared."),
        (replace(EQUAL, is_complete=False), "Not everything could be compared. Of what was compared, nothing differs."),
        (DIFFERENT, "The exports differ: 10 records differ."),
        (
            replace(DIFFERENT, is_complete=False),
            "Not everything could be compared. Of what was compared, 10 records differ.",
        ),
    ],
)
def test_the_last_line_says_whether_the_exports_are_equal(found: Differences, sentence: str) -> None:
    assert conclusion(found) == sentence
    assert [*render(found, 10)][-1] == sentence
    assert [*render(found, 10, TextStyle(detail=Detail.QUIET))] == [sentence]


def test_places_beyond_the_limit_are_counted() -> None:
    assert [*render(DIFFERENT, 2)][-5:-1] == [
        "  rooms/1: 1 changed",
        "  rooms/2: 2 changed",
        "  and 2 more places, in which 7 records differ",
        "",
    ]


def test_records_are_listed_when_asked_for_and_the_rest_is_counted() -> None:
    lines = [*render(DIFFERENT, 2, TextStyle(detail=Detail.VERBOSE))]
    assert "    ~ 0001  2018-04-02T15:40:44Z  UserMessage  message" in lines
    assert "    ~ and 1 more changed" in lines


def test_names_cannot_command_a_terminal() -> None:
    found = replace(DIFFERENT, a=ComparedArchive("\x1b[31m\n::error::.tar", "hc-migrate", ("\x1b[2J",)))
    assert "\x1b" not in "\n".join(render(found, 2))
