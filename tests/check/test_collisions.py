"""Paths that collide once unpacked: found for every system, in time that grows with their length."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.check.collisions import folded, is_lookalike, overlaps

SAME = {
    "letter case": ("rooms/1/A.JPG", "rooms/1/a.jpg"),
    "letter case of a directory": ("ROOMS/1/a.jpg", "rooms/1/a.jpg"),
    "the sharp s": ("a/straße", "a/STRASSE"),
    "the kelvin sign": ("a/\u212a", "a/k"),
    "a composed letter": ("a/caf\u00e9", "a/cafe\u0301"),
    "an invisible character": ("a/b\u200d", "a/b"),
    "a byte order mark": ("a/\ufeffb", "a/b"),
    "a dot at the end": ("a/b.", "a/b"),
    "spaces and dots at the end": ("a/b. . ", "a/b"),
    "a dot at the end of a directory": ("a./b", "a/b"),
    "a stream": ("a/b::$DATA", "a/b"),
    "a named stream": ("a/b:c", "a/b"),
    "a short name": ("USERS~1.JSO", "users.json"),
    "a short name with a hash": ("rooms/1/HI1A2B~1.JSO", "rooms/1/history.json"),
    "a short name of six letters": ("rooms/1/HISTOR~12.JSO", "rooms/1/history.json"),
}


@pytest.mark.parametrize(("path", "other"), SAME.values(), ids=SAME)
def test_paths_that_are_equal_on_macos_or_windows_have_the_same_key(path: str, other: str) -> None:
    assert folded(path) == folded(other)


@pytest.mark.parametrize("path", ["a/.b", "a/b.c", "a/ b", "a~b", "a/b~1.json", "a.b/c", "...", "a/:", "caf\udce9"])
def test_ordinary_paths_fold_to_themselves(path: str) -> None:
    assert folded(path) == path


@given(path=st.lists(st.text("aA\u00e9e\u0301\u0130ß~1. :/\u200d", max_size=6), max_size=3).map("/".join))
def test_folding_twice_is_folding_once_where_nothing_is_cut_off(path: str) -> None:
    once = folded(path)
    assert once == folded(once) or any(sign in path for sign in ".: \u200d~")


def test_a_long_run_of_marks_is_compared_as_it_is() -> None:
    marks = "a" + "\u0316\u0301" * 20_000  # to sort these takes time that grows with the square
    assert folded(marks) == marks.casefold()
    assert folded("a" + "\u0316\u0301" * 15) == unicodedata.normalize("NFD", "a" + "\u0316\u0301" * 15)


@pytest.mark.parametrize(
    ("path", "extra", "is_one"),
    [
        ("USERS.JSON", "", True),
        ("users.json", "", False),
        ("users.json::$DATA", "", True),
        ("data/Rooms.json", "data/", True),
        ("DATA/rooms.json", "data/", True),
        ("Rooms.json", "data/", False),
        ("rooms/1/history.json.", "", True),
        ("rooms/01/HISTORY.JSON", "", False),
        ("rooms/1/files/a/USERS.JSON", "", False),
        ("rooms/1/files/a/img.jpg", "", False),
    ],
)
def test_a_lookalike_is_a_data_file_elsewhere_and_none_here(path: str, extra: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_lookalike(path, extra) is is_one


NAMES = st.lists(st.sampled_from(["a", "A", "b", "a-"]), min_size=1, max_size=3).map("/".join)


@pytest.mark.parametrize("key", [str, folded])
@given(files=st.sets(NAMES, max_size=8), directories=st.sets(NAMES, max_size=4))
def test_overlaps_equal_those_of_comparing_every_pair(
    key: Callable[[str], str], files: set[str], directories: set[str]
) -> None:
    def in_the_way(path: str) -> bool:
        other_keys = [key(other) for other in [*(files - {path}), *directories]]
        twins = [other for other in files if key(other) == key(path)]
        below = any(other.startswith(key(path) + "/") for other in other_keys)
        return below or any(key(other) == key(path) for other in directories) or sorted(twins).index(path) > 0

    assert sorted(overlaps(files, directories, key)) == sorted(path for path in files if in_the_way(path))
