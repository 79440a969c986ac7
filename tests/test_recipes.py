"""Recipes change what they say and nothing else; read here by other code than hcfmt's own."""

import gzip
import io
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.counterparts import counterpart
from tests.recipes import PASSWORD, SAMPLE, UNCHANGED, cook


def packed(recipe: str) -> dict[str, bytes | str]:
    """Return what tarfile finds in the tar of a recipe: a file's content, a link's target, a directory's empty text."""
    found: dict[str, bytes | str] = {}
    with tarfile.open(fileobj=io.BytesIO(cook(f"layers tar\n{recipe}").data)) as archive:
        for member in archive.getmembers():
            stream = archive.extractfile(member) if member.isfile() else None
            found[member.name] = member.linkname if stream is None else stream.read()
    return found


def opened(path: Path) -> bytes:
    command = [counterpart("openssl"), "enc", "-d", "-aes-256-cbc", "-md", "md5", "-k", PASSWORD, "-in", str(path)]
    return gzip.decompress(subprocess.run(command, check=True, capture_output=True).stdout)


def test_no_change_gives_the_content_of_the_sample(tmp_path: Path) -> None:
    cooked = cook(UNCHANGED)
    again = tmp_path / cooked.name
    again.write_bytes(cooked.data)
    with (
        tarfile.open(fileobj=io.BytesIO(opened(SAMPLE))) as ours,
        tarfile.open(fileobj=io.BytesIO(opened(again))) as new,
    ):
        assert [(one.name, one.type, one.size) for one in new] == [(one.name, one.type, one.size) for one in ours]


def test_a_recipe_gives_the_same_bytes_each_time() -> None:
    assert cook("users.json = []").data == cook("users.json = []").data


@pytest.mark.parametrize(
    ("recipe", "changed"),
    [
        (r"users.json = [\xff]", {"users.json": b"[\xff]"}),
        ("users.json =", {"users.json": b""}),
        (r"caf\xc3\xa9\x20.txt = a b", {"café .txt": b"a b"}),
        ("rooms/1/link -> /etc/passwd", {"rooms/1/link": "/etc/passwd"}),
        ("rename metadata.json other.json", {"metadata.json": None, "other.json": b"{}"}),
        ("metadata.json -", {"metadata.json": None}),
        ("metadata.json += []", {"metadata.json": b"[]"}),
        ("empty/ =", {"empty": ""}),
    ],
)
def test_a_line_changes_members(recipe: str, changed: dict[str, bytes | str | None]) -> None:
    expected = {**packed(""), **changed}
    assert packed(recipe) == {path: content for path, content in expected.items() if content is not None}


def test_a_prefix_stands_before_every_path() -> None:
    assert list(packed("prefix data/")) == [f"data/{path}" for path in packed("")]


@pytest.mark.parametrize(
    ("recipe", "content"),
    [
        ('metadata.json#/a = "\\u0000"', {"a": "\0"}),
        ("metadata.json#/a = {}\nmetadata.json#/a/b~1c = 1\nmetadata.json#/a/b~1c = 2", {"a": {"b/c": 2}}),
        ("metadata.json = [1]\nmetadata.json#/- = 2", [1, 2]),
        ("metadata.json = [1, 2]\nmetadata.json#/0 -", [2]),
        ("metadata.json = [1, 2]\nmetadata.json#/1 = 3", [1, 3]),
    ],
)
def test_a_line_changes_one_json_value(recipe: str, content: object) -> None:
    assert json.loads(packed(recipe)["metadata.json"]) == content


@pytest.mark.parametrize("layers", ["tar", "gzip tar", "aes gzip tar", "aes tar"])
@pytest.mark.parametrize(
    ("edit", "kept", "behind"),
    [("cut 30", 30, 0), ("cut -30", -30, 0), ("flip 30", 30, 31), ("flip -30", -30, -29)],
)
def test_a_line_cuts_or_flips_a_layer(layers: str, edit: str, kept: int, behind: int) -> None:
    outermost = layers.partition(" ")[0]
    before = cook(f"layers {layers}").data
    after = cook(f"layers {layers}\n{outermost} {edit}").data
    middle = b"" if edit.startswith("cut") else bytes([before[kept] ^ 0xFF])
    assert after == before[:kept] + middle + (before[behind:] if behind else b"")


def test_a_line_adds_bytes_to_a_layer() -> None:
    assert cook("layers tar\n" + r"tar add a b\x00").data == cook("layers tar").data + b"a b\0"


def test_what_is_packed_names_the_file_unless_told() -> None:
    assert [cook(recipe).name for recipe in (UNCHANGED, "layers gzip tar", "layers zip", "name export.zip")] == [
        "archive.tar.gz.aes",
        "archive.tar.gz",
        "archive.zip",
        "export.zip",
    ]


def test_a_zip_holds_the_same_files() -> None:
    with zipfile.ZipFile(io.BytesIO(cook("layers zip").data)) as archive:
        assert archive.read("metadata.json") == b"{}"
        assert archive.testzip() is None


def test_a_padding_byte_takes_the_place_of_the_padding(tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    sealed.write_bytes(cook(r"aes pad \x00").data)
    command = [counterpart("openssl"), "enc", "-d", "-nopad", "-aes-256-cbc", "-md", "md5", "-k", PASSWORD]
    plain = subprocess.run([*command, "-in", str(sealed)], check=True, capture_output=True).stdout
    compressed = cook("layers gzip tar").data
    assert plain == compressed + bytes(-len(compressed) % 16)


def test_an_option_is_handed_on_as_a_limit() -> None:
    assert cook("option --max-depth 16\noption --max-members 3").limits == {"depth": 16, "members": 3}


@pytest.mark.parametrize(
    "recipe",
    [
        "please",
        "other.json -",
        "other.json += []",
        "other.json#/a = 1",
        "rename other.json users.json",
        "users.json#/2/User/id = 1",
        "users.json#/0/User/nothing -",
        "users.json#/0/User/id/deeper = 1",
        "users.json#/0/User/id = nothing",
        "digest sha512",
        "layers tar gzip",
        "name ../elsewhere",
        "layers tar\ngzip cut 3",
        "tar cut 1000000000",
        f"{UNCHANGED}\nmetadata.json -",
    ],
)
def test_a_line_that_cannot_be_done_is_refused(recipe: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cook(recipe)
