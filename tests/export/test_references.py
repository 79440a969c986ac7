"""The integrity annotations give the things and files that schemas/README.md documents."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.references import (
    all_annotations,
    identifier,
    is_excepted,
    is_unsafe,
    named_files,
    targets,
    template_values,
    variant_path,
)

ATTACHMENT = "x-file UserMessage attachment path"
AVATAR = "x-file User avatar"
EMOTICON = "x-file Emoticon path"

UNSAFE = ["/a", "\\a", "C:a", "c:\\a", "a:b", "..", "../a", "a/../b", "a/..", "..\\a", "a\\..\\b", "a/..\\b"]
SAFE = ["a", "a/b", "a..b/c", "..a/b", "a../b", "...", "a/.../b", "aC:b", "\u2025/a", "."]


@pytest.mark.parametrize("path", UNSAFE)
def test_a_path_that_leaves_its_directory_is_unsafe(path: str) -> None:
    assert is_unsafe(path)


@pytest.mark.parametrize("path", SAFE)
def test_a_path_that_stays_is_safe(path: str) -> None:
    assert not is_unsafe(path)


SIZES = [
    ("a/b.jpg", "_36", "a/b_36.jpg"),
    ("a/b", "_36", "a/b_36"),
    ("a.b/c", "@2x", "a.b/c@2x"),
    ("a/b.c.png", "@2x", "a/b.c@2x.png"),
    (".png", "@2x", "@2x.png"),
]


@pytest.mark.parametrize(("path", "suffix", "expected"), SIZES)
def test_a_size_stands_before_the_extension(path: str, suffix: str, expected: str) -> None:
    assert variant_path(path, suffix) == expected


TARGETS: list[tuple[Any, dict[str, Any], list[tuple[str, Any]]]] = [
    (7, {"user": True}, [("user", 7)]),
    ("pref:autoJoin:7", {"user": "^pref:autoJoin:([0-9]+)$"}, [("user", "7"), ("user", 7)]),
    ("pref:autoJoin:7\n", {"user": "^pref:autoJoin:([0-9]+)$"}, []),
    ("1_Team@conf.x", {"canonical name": "^[0-9]+_([^@]+)@conf[.]", "user": "^[0-9]+_([0-9]+)@chat[.]"},
     [("canonical name", "team")]),
    ("pref:autoJoin:07", {"user": "^pref:autoJoin:([0-9]+)$"}, [("user", "07")]),
    (f"pref:autoJoin:{'9' * 5000}", {"user": "^pref:autoJoin:([0-9]+)$"}, [("user", "9" * 5000)]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "to", "expected"), TARGETS)
def test_a_value_refers_to_things(value: Any, to: dict[str, Any], expected: list[tuple[str, Any]]) -> None:  # noqa: ANN401 - any JSON value
    assert list(targets(value, to)) == expected


IDENTIFIERS = [
    ("AnnaM", "mention name", "annam"),
    ("STRASSE", "mention name", "strasse"),
    ("Straße", "mention name", "strasse"),
    ("AnnaM", "shortcut", "AnnaM"),
    (7, "user", 7),
    (None, "e-mail address", None),
    ("", "e-mail address", None),
]


@pytest.mark.parametrize(("value", "thing", "expected"), IDENTIFIERS)
def test_case_is_folded_where_the_schema_says_so(value: Any, thing: str, expected: Any) -> None:  # noqa: ANN401 - any JSON value
    assert identifier(value, thing) == expected


EXCEPTIONS = [
    ("x-refers-to UserMessage sender id", 0, {}, True),
    ("x-refers-to UserMessage sender id", 1, {}, False),
    ("x-refers-to PrivateUserMessage sender id", 0, {}, False),
    ("x-refers-to UserMessage attachment senderid", 0, {"sender": {"id": 0}}, True),
    ("x-refers-to UserMessage attachment senderid", 0, {"sender": {"id": 1}}, False),
    ("x-refers-to UserMessage attachment senderid", 1, {"sender": {"id": 0}}, False),
]


@pytest.mark.parametrize(("label", "value", "record", "expected"), EXCEPTIONS)
def test_zero_refers_to_nobody_where_an_integration_may_speak(
    label: str,
    value: int,
    record: dict[str, Any],
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert is_excepted(all_annotations()[label], value, record) is expected


NAMED: list[tuple[str, str, dict[str, Any], list[tuple[str, str, Any]]]] = [
    (ATTACHMENT, "a/b.txt", {"size": 3}, [("", "rooms/7/files/a/b.txt", 3)]),
    (ATTACHMENT, "b.txt", {"size": 3}, [("HC513", "b.txt", None), ("", "rooms/7/files/b.txt", 3)]),
    (ATTACHMENT, "../b.txt", {"size": 3}, [("HC514", "../b.txt", None)]),
    ("x-file PrivateUserMessage attachment path", "a/b.txt", {"size": 3}, [("", "users/files/a/b.txt", 3)]),
    ("x-file PrivateUserMessage attachment_path", "a/b.txt", {}, []),
    ("x-file PrivateUserMessage attachment_path", "/b.txt", {}, [("HC514", "/b.txt", None)]),
    (AVATAR, "files/photos/7/a.jpg", {"id": 7}, [("", "users/7/avatars/a.jpg", None)]),
    (AVATAR, "files/photos/7/a.jpg", {"id": 7.0}, [("", "users/7/avatars/a.jpg", None)]),
    (AVATAR, "files/photos/8/a.jpg", {"id": 7}, [("HC515", "files/photos/8/a.jpg", None)]),
    (AVATAR, "a.jpg", {"id": 7}, [("HC503", "a.jpg", None)]),
    (AVATAR, "https://a.example/b.png?s=80", {"id": 7}, [("HC517", "https://a.example/b.png?s=80", None)]),
    (AVATAR, "HTTP://a.example", {"id": 7}, [("HC517", "HTTP://a.example", None)]),
    (AVATAR, "https://a.example/../b", {"id": 7}, [("HC517", "https://a.example/../b", None)]),
    (AVATAR, "//a.example/b.png", {"id": 7}, [("HC517", "//a.example/b.png", None)]),
    (AVATAR, "//a/b.png", {"id": 7}, [("HC514", "//a/b.png", None)]),
    (AVATAR, "files/photos/7/../b", {"id": 7}, [("HC514", "files/photos/7/../b", None)]),
    (AVATAR, "https:/a.example", {"id": 7}, [("HC503", "https:/a.example", None)]),
    (AVATAR, "ftp://a.example/b.png", {"id": 7}, [("HC503", "ftp://a.example/b.png", None)]),
    (AVATAR, "files/photos/7/a.jpg\n", {"id": 7}, [("", "users/7/avatars/a.jpg\n", None)]),
    (EMOTICON, "1/a.png", {"width": 2, "height": 3}, [("", "files/img/emoticons/1/a.png", (2, 3))]),
]  # fmt: skip


@pytest.mark.parametrize(("label", "value", "owner", "expected"), NAMED)
def test_a_value_names_a_file(
    label: str, value: str, owner: dict[str, Any], expected: list[tuple[str, str, Any]]
) -> None:
    assert list(named_files(all_annotations()[label], value, owner, 7)) == expected


@given(st.text(), st.sampled_from([ATTACHMENT, AVATAR, EMOTICON]))
def test_the_files_named_by_any_text_are_in_documented_directories(value: str, label: str) -> None:
    paths = [path for code, path, _ in named_files(all_annotations()[label], value, {"id": 7}, 7) if not code]
    assert all(path.startswith(("rooms/7/files/", "users/", "files/img/emoticons/")) for path in paths)
    assert not any(".." in path.split("/") for path in paths)


def test_values_are_read_back_from_paths() -> None:
    paths = ["rooms/1/files/a/b", "rooms/2/files/a/b", "rooms/x/files/a/c", "users/files/a/d", "users/3/files/a/b"]
    assert template_values("rooms/*/files/{value}", paths) == {"a/b": "rooms/1/files/a/b"}
    assert template_values("rooms/{room}/files/{value}", paths) == {"a/b": "rooms/1/files/a/b"}
    assert template_values("users/files/{value}", paths) == {"a/d": "users/files/a/d"}
