"""Patterns that clients give: what they find, and that none takes long."""

import pytest

from hcfmt.server.api.safe_regex import is_supported, matches


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^/deploy", "/deploy now", True),
        ("^/deploy", "please /deploy", False),
        ("build", "the build is red", True),
        ("(?i)BUILD", "the build is red", True),
        (r"\bbuild\b", "rebuild", False),
        ("gr(ü|ue)n", "grün", True),
    ],
)
def test_a_pattern_is_looked_for_anywhere(pattern: str, text: str, *, found: bool) -> None:
    assert is_supported(pattern)
    assert matches(pattern, text) is found


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "a(?=b)", "x" * 1_001, "(a{1000}){1000}", "\ud800"], ids=ascii)
def test_what_cannot_be_matched_in_bounded_time_and_memory_is_no_pattern(pattern: str) -> None:
    assert not is_supported(pattern)
    assert not matches(pattern, "a")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*a){20}$"])
def test_no_pattern_goes_back_and_forth(pattern: str) -> None:
    assert not matches(pattern, "a" * 10_000 + "b")


def test_text_that_is_no_unicode_matches_nothing() -> None:
    assert not matches("a", "a\ud800")
