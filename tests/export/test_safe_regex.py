"""Regular expressions of clients: matches, and bounded time and memory."""

import pytest

from hcfmt.export.safe_regex import is_supported, matches


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
def test_a_pattern_matches_anywhere(pattern: str, text: str, *, found: bool) -> None:
    assert is_supported(pattern)
    assert matches(pattern, text) is found


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "a(?=b)", "x" * 1_001, "(a{1000}){1000}", "\ud800"], ids=ascii)
def test_patterns_without_bounded_time_and_memory_are_unsupported(pattern: str) -> None:
    assert not is_supported(pattern)
    assert not matches(pattern, "a")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*a){20}$"])
def test_no_pattern_backtracks(pattern: str) -> None:
    assert not matches(pattern, "a" * 10_000 + "b")


def test_lone_surrogates_match_nothing() -> None:
    assert not matches("a", "a\ud800")
