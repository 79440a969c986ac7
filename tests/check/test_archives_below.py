"""Archives are found below directories, by their names or by the data files of an unpacked export."""

from pathlib import Path

import pytest

from hcfmt.check.archives_below import archives_below

FILES = (
    "a/one.tar.gz.aes",
    "a/deep/two.TGZ",
    "a/notes.txt",
    "a/unpacked/users.json",
    "a/unpacked/rooms/1/files/x/inside.tar",
    "b/history.json",
    "b/three.tar",
    "empty/readme.md",
)


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for file in FILES:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).touch()


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        (["a"], ["a/deep/two.TGZ", "a/one.tar.gz.aes", "a/unpacked"]),
        (["a/unpacked"], ["a/unpacked"]),
        (["b", "a/notes.txt"], ["b/three.tar", "a/notes.txt"]),
        (["empty", "missing", "-"], ["empty", "missing", "-"]),
    ],
)
def test_directories_are_replaced_by_the_archives_below_them(inputs: list[str], found: list[str]) -> None:
    assert archives_below(inputs) == found


def test_links_to_directories_are_not_followed() -> None:
    Path("b/link").symlink_to("../a")
    assert archives_below(["b"]) == ["b/three.tar"]
