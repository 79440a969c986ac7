"""Templates are read as hcfmt/generation/dialogues/README.md describes them, and checks find what is wrong."""

from typing import Any

import pytest

from hcfmt.generation.dialogues.templates import Line, Turn, parsed
from tests.support.dialogue_checks import CHECKS

THREAD: dict[str, Any] = {"kind": "question", "rooms": ["any"], "lines": ["asker: how?", "helper: so"]}


def test_a_line_has_a_role_and_a_text_and_may_have_a_mark_and_alternatives() -> None:
    lines = ["asker: how?", ["?helper: so", "?helper: like\nso: x"], "&asker: <file>", "bot: alert: it is {n}"]
    (thread,) = parsed("xx", {"a.toml": {"thread": [THREAD | {"lines": lines}]}}).threads
    assert thread.turns == (
        Turn((Line("asker", "how?"),)),
        Turn((Line("helper", "so"), Line("helper", "like\nso: x")), is_optional=True),
        Turn((Line("asker", "", is_file=True),), is_tied=True),
        Turn((Line("bot", "it is {n}", "alert"),)),
    )
    assert thread.roles == ("asker", "helper")
    assert (thread.hours, len(thread.days), thread.weight) == (range(24), 7, 1)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"lines": ["no role"]}, "is no line"),
        ({"lines": [[]]}, "is no line"),
        ({"lines": ["bot: Alert!"]}, "names no notification"),
        ({"lines": [["?asker: a", "asker: b"]]}, "the same mark"),
        ({"days": ["someday"]}, "not in tuple"),
        ({"line": []}, "unknown keys: line"),
    ],
)
def test_a_thread_that_cannot_be_read_is_named(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=rf"xx/a.toml, thread 1 \(question\): .*{problem}"):
        parsed("xx", {"a.toml": {"thread": [THREAD | change]}})


def test_an_unknown_section_is_named() -> None:
    with pytest.raises(ValueError, match=r"xx/a.toml has unknown keys: threads"):
        parsed("xx", {"a.toml": {"threads": []}})


def test_the_files_of_a_folder_are_read_together() -> None:
    one = {"thread": [THREAD], "words": {"reason": ["dns"]}, "table": {"food": [{"what": "soup"}]}, "complete": True}
    other = {"thread": [THREAD], "words": {"reason": ["tls"]}, "table": {"food": [{"what": "rice"}]}}
    found = parsed("xx", {"a.toml": one, "b.toml": other})
    assert (len(found.threads), found.words, found.is_complete) == (2, {"reason": ["dns", "tls"]}, True)
    assert found.tables == {"food": [{"what": "soup"}, {"what": "rice"}]}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "quarrel"}, "no such kind"),
        ({"rooms": ["cellar"]}, "no such purpose: cellar"),
        ({"hours": [18, 9]}, "hours are"),
        ({"weight": 0}, "the weight"),
        ({"cast": {"boss": "sales"}}, "cast boss = sales"),
        ({"rooms": ["self"]}, "2 roles, where 1 to 1"),
        ({"rooms": ["private"], "lines": ["a: hi", "bot: alert"]}, "rooms only"),
        ({"files": ["cat"], "lines": ["a: <file>"]}, "no such subject: cat"),
        ({"files": ["log"]}, "files are those of"),
        ({"lines": ["a: hi"] * 15}, "more than 14 lines"),
        ({"lines": ["?a: hi"]}, "the first line"),
        ({"lines": ["a: hi", "&a: ho"]}, "& follows"),
        ({"lines": [["a: hi", "a: <file>"]], "files": ["log"]}, "alternatives are all"),
        ({"lines": ["a: hi", "bot: party"]}, "no such notification: party"),
        ({"lines": ["a: hi @a"]}, "mentions @a"),
        ({"lines": ["a: {nothing}"]}, "nothing fills {nothing}"),
        ({"lines": ["a: {first.b}"]}, "nothing fills {first.b}"),
        ({"lines": ["a: see www.atlassian.com"]}, "www.atlassian.com may exist"),
        ({"lines": ["a: https://wiki.{domain}.org/x"]}, "may exist"),
        ({"lines": ["a: ping 8.8.8.8"]}, "8.8.8.8 may exist"),
        ({"lines": ["a: " + "x" * 2_001]}, "longer than"),
    ],
)
def test_a_check_finds_a_wrong_thread(change: dict[str, Any], problem: str) -> None:
    found = parsed("xx", {"a.toml": {"thread": [THREAD | change]}})
    assert any(problem in sentence for check in CHECKS for sentence in check(found))


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ({"words": {"reason": ["{cause}"], "cause": ["{reason}"]}}, "cause: its texts hold itself"),
        ({"words": {"reason": ["{nothing}"]}}, "reason: nothing fills {nothing}"),
        ({"table": {"hat": [{"size": "1"}, {"colour": "red"}]}}, "other columns than the first row"),
        ({"table": {"food": [{"what": "soup"}]}}, "table food, row 1 lacks place, reaction"),
        ({"title": {"crew": ["Captain"]}}, "title.crew: no such team"),
        ({"title": {"sales": ["x" * 51]}}, "longer than 50"),
        ({"topic": {"cellar": ["Wine"]}}, "topic.cellar: no such purpose"),
        ({"calendar": {"weekdays": ["Mo"], "months": [], "date": "{day}"}}, "7 weekdays"),
        ({"words": {"yes": ["yes"]}, "variants": {"yes": ["yes"]}}, "in words and in variants"),
        ({"complete": True}, "no thread for lunch"),
        ({"complete": True}, "no thread of one line at any time for self"),
        ({"complete": True}, "table howto has 0 of at least 15 rows"),
        ({"thread": [THREAD, THREAD]}, "has the lines of"),
    ],
)
def test_a_check_finds_a_wrong_section(section: dict[str, Any], problem: str) -> None:
    found = parsed("xx", {"a.toml": section})
    assert any(problem in sentence for check in CHECKS for sentence in check(found))
