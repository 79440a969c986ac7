"""Paths have their kinds, and parts chosen by users are hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.export.layout import MOST_LEVELS, Kind, canonical, extra_directory, hidden_path, layout_of

PLACED = [
    ("users.json", Kind.USERS),
    ("rooms.json", Kind.ROOMS),
    ("emoticons.json", Kind.EMOTICONS),
    ("autojoins.json", Kind.AUTOJOINS),
    ("metadata.json", Kind.METADATA),
    ("preferences.json", Kind.PREFERENCES),
    ("rooms/1/history.json", Kind.ROOM_HISTORY),
    ("users/2588117/history.json", Kind.USER_HISTORY),
    ("rooms/1/files/BcudLU14VxUEeUK/img.JPG", Kind.ROOM_FILE),
    ("rooms/1/files/lonely", Kind.ROOM_FILE),
    ("users/files/0Lp9rkaHfzLpPow/img.JPG", Kind.PRIVATE_FILE),
    ("users/files/a/users.json", Kind.PRIVATE_FILE),
    ("users/1/avatars/PrypXtu4rN8sEFL_36.jpg", Kind.AVATAR),
    ("files/img/emoticons/1/hcdc-1522683674@2x.jpg", Kind.EMOTICON),
    ("rooms/1/files/x/line\nbreak", Kind.ROOM_FILE),
    ("emoticons/yasss.jpg", Kind.EMOTICON),  # as Server and Cloud have it
]

PLACELESS = [
    "",
    "Users.json",
    "users.json/",
    "users.json\n",
    "rooms/01/history.json",
    "rooms/-1/history.json",
    "rooms/\u0661/history.json",
    "rooms/1/history.json.bak",
    "rooms/default/history.json",
    "users/1/files/x/y",
    "users/1/avatars/a/b.jpg",
    "users/files/",
    "README.txt",
    "emoticons/a/b.jpg",
]


@pytest.mark.parametrize(("path", "kind"), PLACED)
def test_a_documented_path_has_its_kind(path: str, kind: Kind) -> None:
    place = layout_of(path)
    assert place is not None
    assert place.kind is kind


@pytest.mark.parametrize("path", PLACELESS)
def test_any_other_path_has_no_kind(path: str) -> None:
    assert layout_of(path) is None


@pytest.mark.parametrize("extra", ["", "data/", "tmp/out/", "a/" * MOST_LEVELS])
@pytest.mark.parametrize("path", [path for path, _ in PLACED])
def test_the_directory_above_the_layout_is_found(extra: str, path: str) -> None:
    assert extra_directory(extra + path) == extra


@pytest.mark.parametrize(
    "path",
    [
        "a/" * (MOST_LEVELS + 1) + "users.json",
        "README",
        "a/README",
        "a/b/README",
        "rooms/5/metadata.json",
        "data/users/5/rooms.json",
    ],
)
def test_any_other_path_has_no_extra_directory(path: str) -> None:
    assert extra_directory(path) == ""


CANONICAL = [
    ("users.json", "users.json"),
    ("./users.json", "users.json"),
    ("././/users.json", "users.json"),
    ("rooms/./1//files/", "rooms/1/files"),
    ("./", ""),
    ("...", "..."),
]


@pytest.mark.parametrize(("path", "unpacked"), CANONICAL)
def test_a_path_is_canonical_as_after_unpacking(path: str, unpacked: str) -> None:
    assert canonical(path) == unpacked


HIDDEN = [
    ("users.json", "users.json"),
    ("rooms/1/history.json", "rooms/1/history.json"),
    ("rooms/1/files/BcudLU14VxUEeUK/salaries 2018.pdf", "rooms/1/files/BcudLU14VxUEeUK/[13 characters].pdf"),
    ("rooms/1/files/BcudLU14VxUEeUK/img_thumb.jpg", "rooms/1/files/BcudLU14VxUEeUK/[3 characters]_thumb.jpg"),
    ("users/1/avatars/PrypXtu4rN8sEFL_36.jpg", "users/1/avatars/[15 characters]_36.jpg"),
    ("rooms/1/files/BcudLU14VxUEeUK/JohnsSalary2018", "rooms/1/files/BcudLU14VxUEeUK/[15 characters]"),
    ("rooms/1/files/BcudLU14VxUEeUK/x", "rooms/1/files/BcudLU14VxUEeUK/[1 character]"),
    ("files/img/emoticons/1/bob@2x.png", "files/img/emoticons/1/[3 characters]@2x.png"),
    ("./secret/plan", "[1 character]/[6 characters]/[4 characters]"),
    ("../../etc/passwd", "[2 characters]/[2 characters]/[3 characters]/[6 characters]"),
    (
        "AcmeCorporation/SecretPlans2018/9998887776/notes.json",
        "[15 characters]/[15 characters]/[10 characters]/[5 characters].json",
    ),
    ("rooms/1/files/BcudLU14VxUEeUK/report.John", "rooms/1/files/BcudLU14VxUEeUK/[11 characters]"),
    ("rooms/1/files/two words/x.png", "rooms/1/files/[9 characters]/[1 character].png"),
    ("/users.json", "/users.json"),
    ("a.verylongsuffix", "[16 characters]"),
    (".png", "[4 characters]"),
    ("", ""),
]


@pytest.mark.parametrize(("path", "shown"), HIDDEN)
def test_parts_of_a_path_chosen_by_users_are_hidden(path: str, shown: str) -> None:
    assert hidden_path(path) == shown


@given(before=st.text(max_size=20), after=st.text(max_size=20), place=st.sampled_from([path for path, _ in PLACED]))
def test_no_name_chosen_by_users_is_shown(before: str, after: str, place: str) -> None:
    path = f"{place.rpartition('/')[0]}/{before}swordfish{after}"
    assert "swordfish" not in hidden_path(path)
