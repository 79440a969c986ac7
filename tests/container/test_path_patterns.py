"""Patterns for members, and which of them matched nothing."""

import re

import pytest

from hcfmt.container.path_patterns import Selection, pattern_of
from hcfmt.errors import UsageError

MATCHES = [
    ("users.json", "users.json", True),
    ("users.json", "export/users.json", True),
    ("users.json", "users.json.gz", False),
    ("./users.json", "users.json", True),
    ("*.jpg", "rooms/1/files/a/b.jpg", True),
    ("rooms/*/history.json", "rooms/1/history.json", True),
    ("rooms/*/history.json", "rooms/1/files/history.json", False),
    ("rooms/**", "rooms/1/files/a", True),
    ("rooms/1", "rooms/1/files/a/b", True),
    ("rooms/1/", "./rooms//1/history.json", True),
    ("rooms/1", "rooms/10/history.json", False),
    ("rooms/?", "rooms/10", False),
    ("[a].txt", "[a].txt", True),
    ("[a].txt", "a.txt", False),
]


@pytest.mark.parametrize(("pattern", "path", "matches"), MATCHES)
def test_a_pattern_matches_paths_and_what_is_below_a_directory(pattern: str, path: str, *, matches: bool) -> None:
    assert (path in Selection([pattern])) is matches


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("users.json", "users.json", True),
        ("users.json", "data/users.json", True),
        ("history.json", "rooms/1/history.json", True),
        ("rooms/*/history.json", "rooms/1/history.json", True),
        ("rooms/*/history.json", "rooms/1/files/a/history.json", False),
        ("rooms/**", "rooms/1/files/a/b.png", True),
        ("rooms/**/*.png", "rooms/b.png", True),
        ("rooms/**/*.png", "rooms/1/files/a/b.png", True),
        ("rooms/?/**", "rooms/17/x", False),
        ("*.(png)", "a.(png)", True),
        ("**", "a/b\nc", True),
        ("", "", True),
    ],
)
def test_patterns_match_whole_paths_or_last_parts(glob: str, path: str, matches: bool) -> None:  # noqa: FBT001 - a column
    assert bool(re.fullmatch(pattern_of(glob), path)) is matches


def test_no_pattern_stands_for_all_members() -> None:
    selection = Selection([])
    assert "anything" in selection
    selection.require_matches()


def test_a_pattern_without_a_match_is_an_error_that_suggests_a_path() -> None:
    selection = Selection(["rooms.json", "user.json"])
    assert [path in selection for path in ("users.json", "rooms.json")] == [False, True]
    with pytest.raises(UsageError, match=r"no member 'user.json'; did you mean 'users.json'\? 'hcfmt ls ARCHIVE'"):
        selection.require_matches()
