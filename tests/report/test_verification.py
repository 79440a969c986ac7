"""The comparison of an archive with its receipt names each change in a line, and says how much is the same."""

from collections.abc import Sequence

import pytest

from hcfmt.receipts import MemberChange, ReceiptMember, Sameness, Verification
from hcfmt.report.text_style import TextStyle
from hcfmt.report.verification import document, text
from tests.support.report_checks import conforms, harmless

FILE = ReceiptMember("file", "users.json", "0" * 64, "1" * 64, 1)
LARGER = ReceiptMember("file", "users.json", "0" * 64, "2" * 64, 2000)
LINK = ReceiptMember("link", "rooms.json", "3" * 64, None, 0)
HOSTILE = ReceiptMember("file", "a\x1b[2J\u202e\udcff\n::error::x", "4" * 64, "1" * 64, 1)
CHANGES = (
    MemberChange("changed", FILE, LARGER),
    MemberChange("changed", FILE, LINK),
    MemberChange("renamed", FILE, HOSTILE),
    MemberChange("removed", LINK, None),
    MemberChange("added", None, LARGER),
)
RESULTS = {
    "file": Verification(Sameness.FILE, unchanged=20),
    "tar": Verification(Sameness.TAR, unchanged=20),
    "members": Verification(Sameness.MEMBERS, unchanged=20, bare=2),
    "changed": Verification(Sameness.CHANGED, CHANGES, 2000),
    "unknown": Verification(Sameness.UNKNOWN, CHANGES[4:], 3, reason="The archive cannot be read to its end."),
}


def lines(name: str, width: int = 100) -> Sequence[str]:
    return list(text(RESULTS[name], "a.tar", TextStyle(width)))


def test_each_change_has_a_line() -> None:
    assert lines("changed")[2:] == [
        "  changed  users.json  1 byte, now 2,000 bytes",
        "  changed  rooms.json  1 byte, now link",
        r"  renamed  users.json, now a\u001b[2J\u202e\udcff\u000a:\u003aerror:\u003ax",
        "  removed  rooms.json  link",
        "  added    users.json  2,000 bytes",
        "  Members: changed 2, renamed 1, removed 1, added 1, unchanged 2,000.",
    ]


def test_text_lists_a_hundred_changes_of_each_kind_and_json_lists_all() -> None:
    many = Verification(Sameness.CHANGED, (*CHANGES, *(CHANGES[4:] * 150)))
    rows = list(text(many, "a.tar", TextStyle(100)))
    assert sum(line.startswith("  added    users.json") for line in rows) == 100
    assert rows[-2] == "  added    51 more; --format json lists all"
    assert len(document(many, "a.tar")["changes"]) == 155


def test_members_without_bytes_are_mentioned() -> None:
    assert "of 2 members only path and kind were compared" in " ".join(lines("members"))


@pytest.mark.parametrize("name", RESULTS)
def test_the_first_line_says_what_the_exit_status_means(name: str) -> None:
    words = {0: "unchanged", 1: "changed", 3: "incomplete"}
    assert lines(name)[0] == f"a.tar: {words[RESULTS[name].exit]}"


@pytest.mark.parametrize("name", RESULTS)
def test_no_line_has_characters_that_a_terminal_obeys(name: str) -> None:
    assert harmless("\n".join(lines(name)))


@pytest.mark.parametrize("name", RESULTS)
def test_json_conforms_to_its_schema(name: str) -> None:
    conforms("verification.json", document(RESULTS[name], "a\udcff.tar"))
