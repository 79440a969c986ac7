"""Safe names: every file system can hold them, and tells them apart."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.container import Budget
from hcfmt.container.safe_names import LONGEST_NAME, SafeNames, folded_name, is_device_name, safe_name
from hcfmt.errors import Fault

ROWS = {
    "climbing": ("..", "__"),
    "the directory itself": (".", "_"),
    "an empty name": ("", "unnamed"),
    "a dot at the end": ("notes.", "notes_"),
    "spaces at the end": ("notes. ", "notes__"),
    "a stream of Windows": ("users.json::$DATA", "users.json__$DATA"),
    "a drive": ("C:", "C_"),
    "a backslash": ("..\\..\\evil", ".._.._evil"),
    "what Windows does not allow": ('a"b*c<d>e?f|g', "a_b_c_d_e_f_g"),
    "control characters": ("a\x00b\x1b[2J\x7f\x9b", "a_b_[2J__"),
    "a character that reorders the line": ("gpj.\u202eexe", "gpj._exe"),
    "a line break": ("a\nb\u2028c", "a_b_c"),
    "a device": ("CON", "_CON"),
    "a device with an extension": ("nul.tar.gz", "_nul.tar.gz"),
    "a device with a space": ("aux .txt", "_aux .txt"),
    "a device with a superscript": ("COM\u00b9", "_COM\u00b9"),
    "a console": ("conin$", "_conin$"),
    "a short name of Windows": ("USERS~1.JSO", "USERS_1.JSO"),
    "a byte that is not UTF-8": ("caf\udce9", "caf%E9"),
    "a lone surrogate": ("a\ud83d", "a_"),
    "a hidden file": (".DS_Store", ".DS_Store"),
    "an ordinary name": ("Größe (2) ~ 日本.tar.gz", "Größe (2) ~ 日本.tar.gz"),
    "almost a device": ("console.log", "console.log"),
    "an emoji of several characters": ("👩‍👩‍👧.png", "👩‍👩‍👧.png"),
}
NAMES = st.text(
    st.sampled_from("aA.~1 :\\\x00\u202e\udcff\u00e9e\u0301ßs_-%\u200d/") | st.characters(), max_size=12
) | st.sampled_from(["con", "NUL.txt", "x" * 255, "é" * 128, "x" * 254 + ".", "a" * 300 + ".json", "USERS~1.JSO"])
PATHS = st.lists(NAMES, max_size=5).map("/".join)
UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|]|[ .]$')


@pytest.mark.parametrize(("name", "safe"), ROWS.values(), ids=ROWS)
def test_a_name_becomes_a_safe_one(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(NAMES)
def test_a_safe_name_is_one_that_every_system_holds_and_stays_as_it_is(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= LONGEST_NAME
    assert not UNSAFE.search(safe)
    assert not is_device_name(safe)
    assert safe_name(safe) == safe


def test_long_names_keep_their_extension_and_differ_by_their_hash() -> None:
    first, second = (safe_name(f"{'x' * 300}{end}.jpeg") for end in "ab")
    assert first.endswith(".jpeg")
    assert len(first) == len(second) == LONGEST_NAME
    assert first != second


@given(st.lists(st.tuples(st.booleans(), PATHS), max_size=12))
@example([(False, "a"), (False, "a/b"), (True, "a"), (False, "A/b"), (False, "a-2")])
@example([(False, "caf\u00e9"), (False, "cafe\u0301"), (False, "CAFE\u0301"), (False, "x" * 255), (False, "X" * 255)])
def test_no_two_files_have_paths_that_any_system_takes_for_one(members: list[tuple[bool, str]]) -> None:
    names = SafeNames(Budget())
    files, above = set(), set()
    for is_directory, path in members:
        parts = names.directory(path) if is_directory else names.file(path)
        key = tuple(map(folded_name, parts))
        assert all(safe_name(part) == part for part in parts)
        if not is_directory:
            assert key not in files
            files.add(key)
        above |= {key[:end] for end in range(len(key) + is_directory)}
    assert not files & above, "a file is in the place of a directory"


def test_a_directory_keeps_the_name_that_it_got_first() -> None:
    names = SafeNames(Budget())
    assert names.file("users.json") == ("users.json",)
    assert names.file("USERS.JSON/1") == ("USERS-2.JSON", "1")
    assert names.directory("./USERS.JSON//") == ("USERS-2.JSON",)
    assert names.file("/etc/passwd") == ("etc", "passwd")
    assert names.directory("/") == ()


def test_a_directory_that_is_too_deep_is_one_below_the_root() -> None:
    names = SafeNames(Budget())
    first, second, third = names.file("d/" * 40 + "a"), names.file("d/" * 40 + "b"), names.file("d/" * 41 + "a")
    assert first[0].startswith("deep-")
    assert [len(first), first[:1], second[1]] == [2, second[:1], "b"]
    assert third[0] != first[0]
    assert len("/".join(names.file(f"{'n' * 250}/" * 3 + "a"))) < 700


def test_directories_beyond_the_budget_are_refused() -> None:
    names = SafeNames(Budget(names=10_000))
    with pytest.raises(Fault, match="--max-names"):
        [names.file(f"{number}/" * 30 + "file") for number in range(100)]


def test_as_many_ordinary_members_as_are_allowed_fit_the_budget() -> None:
    names = SafeNames(Budget(names=10_000))
    assert len({names.file(f"rooms/{number // 10}/files/{number}/file.pdf") for number in range(5_000)}) == 5_000


def test_many_members_of_one_name_take_no_time_each() -> None:
    names = SafeNames(Budget())
    assert [names.file("a.txt") for _ in range(20_000)][-1] == ("a-20000.txt",)
