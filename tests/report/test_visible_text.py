"""Text that is made visible before a terminal shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.report.visible_text import visible

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text, Ünïcödé, 漢字, 😀", "plain text, Ünïcödé, 漢字, 😀"),
        ("\x1b[31m", "\\u001b[31m"),
        ("a\r\nb\tc", "a\\u000d\\u000ab\\u0009c"),
        ("\0\x7f\x9b", "\\u0000\\u007f\\u009b"),
        ("\u202egpj.exe\u2066", "\\u202egpj.exe\\u2066"),
        ("\u200b\ufeff\u00ad\u2028", "\\u200b\\ufeff\\u00ad\\u2028"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("::error::x", "\\u003a\\u003aerror:\\u003ax"),
        ("  :", "  \\u003a"),
        ("a: b ::stop-commands::c", "a: b :\\u003astop-commands:\\u003ac"),
        ("\n::debug::", "\\u000a:\\u003adebug:\\u003a"),
        ("##vso[task.complete]", "#\\u0023vso[task.complete]"),
        ("a ##[error] ##teamcity[x] #1", "a #\\u0023[error] #\\u0023teamcity[x] #1"),
    ],
)
def test_invisible_characters_are_written_as_escapes(text: str, escaped: str) -> None:
    assert visible(text) == escaped


@given(ANY_TEXT)
def test_visible_text_is_printable_and_stays_as_it_is(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


@given(ANY_TEXT | st.text(":# x"))
def test_visible_text_has_nothing_that_a_runner_takes_for_a_command_and_stays_as_it_is(text: str) -> None:
    escaped = visible(text)
    assert "::" not in escaped
    assert not f"{escaped}:".lstrip().startswith("::")
    assert "##" not in escaped
    assert visible(escaped) == escaped
