"""A recipe changes what it names and nothing else; other programs than hcfmt read the archives here."""

import gzip
import io
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from hcfmt.errors import UsageError
from hcfmt.export.editable_members import EditableMember
from hcfmt.export.editing import Change, EditableExport
from hcfmt.export.writer import ArchiveForm
from hcfmt.recipes import apply, parse
from tests.support.counterparts import counterpart
from tests.support.recipes import PASSWORD, SAMPLE, UNCHANGED, cook


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


def test_the_layers_determine_the_file_name_by_default() -> None:
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


def test_a_padding_byte_replaces_the_padding(tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    sealed.write_bytes(cook(r"aes pad \x00").data)
    command = [counterpart("openssl"), "enc", "-d", "-nopad", "-aes-256-cbc", "-md", "md5", "-k", PASSWORD]
    plain = subprocess.run([*command, "-in", str(sealed)], check=True, capture_output=True).stdout
    compressed = cook("layers gzip tar").data
    assert plain == compressed + bytes(-len(compressed) % 16)


def test_an_option_becomes_a_limit() -> None:
    assert cook("option --max-depth 16\noption --max-members 3").limits == {"depth": 16, "members": 3}


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        ("other.json -", "line 1: The archive has no member 'other.json'."),
        ("other.json += []", "line 1: The archive has no member 'other.json'."),
        ("other.json#/a = 1", "line 1: The archive has no member 'other.json'."),
        ("\n\nrename other.json users.json", "line 3: The archive has no member 'other.json'."),
        ("header other.json 0 x", "line 1: The archive has no member 'other.json'."),
        ("users.json#/2/User/id = 1", "line 1: In 'users.json', the list at the top has 2 items and no item '2'; "),
        ("users.json#/01/User/id = 1", "line 1: In 'users.json', the list at the top has 2 items and no item '01'; "),
        ("users.json#/\u0661/User/id = 1", "no item '\u0661'"),
        ("users.json#/-1 -", "no item '-1'"),
        ("users.json#/- -", "no item '-'"),
        ("users.json#/-/User = 1", "no item '-'"),
        ("users.json#/0/User/nothing -", "line 1: In 'users.json', there is no value at /0/User/nothing."),
        ("users.json#/0/None/id = 1", "line 1: In 'users.json', there is no value at /0/None."),
        ("users.json#/0/User/id/deeper = 1", "the value at /0/User/id is neither an object nor a list."),
        ("metadata.json = 1\nmetadata.json#/a = 1", "the value at the top is neither an object nor a list."),
        ("metadata.json = {]\nmetadata.json#/a = 1", "line 2: The member 'metadata.json' does not hold JSON"),
        ("metadata.json#/a = NaN\nmetadata.json#/a/b = 1", "is neither an object nor a list."),
        (f"metadata.json#/a = {'[' * 300}{']' * 300}\nmetadata.json#/a/0/0/- = 1", "nests too deep to be written."),
        ("layers tar\ngzip cut 3", "The gzip layer is changed, and the archive does not have one."),
        ("layers zip\ntar cut 3", "The tar layer is changed, and the archive does not have one."),
        ("layers tar\naes pad \\x00", "The padding belongs to the aes layer"),
        ("tar cut 1000000000", "The tar layer has "),
        ("tar flip -1000000000", "The tar layer has "),
        ("layers zip\na -> b", "A ZIP is written without links"),
        ("layers zip\n\\xff = b", "A ZIP cannot hold a member whose path is not UTF-8."),
        ("\n".join(["prefix (x*900000)"] * 10), "Prefixes add at most 67,108,864 characters"),
    ],
)
def test_a_change_of_a_missing_member_or_value_is_refused(recipe: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        cook(recipe)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("recipe", "content"),
    [
        ("metadata.json#/a = 2.0", b'{"a":2.0}'),
        ("metadata.json#/a = 1e2", b'{"a":1e2}'),
        ("metadata.json#/a = -Infinity", b'{"a":-Infinity}'),
        ("metadata.json#/a = 123456789012345678901234567890", b'{"a":123456789012345678901234567890}'),
        ('metadata.json#/a = {"b": 1, "b": 2}', b'{"a":{"b": 1, "b": 2}}'),
        (r'metadata.json#/a = "\ud83d"', rb'{"a":"\ud83d"}'),
        ('metadata.json#/a = [ ]\nmetadata.json#/a/- = "<b>"', b'{"a":["\\u003cb\\u003e"]}'),
        ('metadata.json#/a = "x" * 3', b'{"a":"xxx"}'),
        ("metadata.json#/a = [1] * 3", b'{"a":[1, 1, 1]}'),
        ('metadata.json#/a = "x * 3"', b'{"a":"x * 3"}'),
        ('metadata.json#/a = "\udce9"', b'{"a":"\xe9"}'),
    ],
)
def test_json_text_is_written_as_the_recipe_has_it(recipe: str, content: bytes) -> None:
    assert packed(recipe)["metadata.json"] == content


def test_a_line_patches_the_header_of_the_member_that_it_names() -> None:
    recipe = "prefix (d*120)/\nrename {0}metadata.json {0}last.json\nheader {0}last.json 329 0000001\n".format(
        "(d*120)/"
    )
    patched, plain = (cook(f"layers tar\n{text}").data for text in (recipe, recipe.rpartition("header")[0]))
    assert len(patched) == len(plain)
    (block,) = [at for at in range(0, len(plain), 512) if plain[at : at + 512] != patched[at : at + 512]]
    assert patched[block + 329 : block + 336] == b"0000001"
    with tarfile.open(fileobj=io.BytesIO(patched)) as archive:  # which refuses a wrong checksum
        assert archive.getmember("d" * 120 + "/last.json").devmajor == 1


def test_a_header_of_a_member_that_is_removed_later_is_not_patched() -> None:
    recipe = "header metadata.json 345 old\nmetadata.json -"
    assert cook(f"layers tar\n{recipe}").data == cook("layers tar\nmetadata.json -").data


def test_a_second_member_of_a_path_may_be_in_a_zip() -> None:
    with zipfile.ZipFile(io.BytesIO(cook("users.json += []\nlayers zip").data)) as archive:
        assert archive.namelist().count("users.json") == 2


def test_every_change_is_logged_with_its_values() -> None:
    export = EditableExport([EditableMember("a.json", b'{"a":[1,{"b":2}]}')], ArchiveForm.TAR, "")
    apply(parse("a.json#/a/1/b = NaN\na.json#/a/- = [1]\na.json#/a/0 -\nb = x\nb -"), export, ["tar"])
    assert export.log == [
        Change("a.json", "/a/1/b", 2, "NaN"),
        Change("a.json", "/a/2", None, [1]),
        Change("a.json", "/a/0", 1, None),
        Change("b", None, None, {"bytes": 1}),
        Change("b", None, {"bytes": 1}, None),
    ]
    assert export.items[0].read() == b'{"a":[{"b":NaN},[1]]}'
