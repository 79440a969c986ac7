"""A bag of extracted members is valid for other tools, whatever the archive holds."""

import io
import re
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import bagit  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.check.receipts.bags import TAG_FILES, Bag, write_bag
from hcfmt.container.extraction import extract
from hcfmt.errors import Fault, UsageError
from tests.support.builders import END, PASSWORD, entry
from tests.support.counterparts import counterpart
from tests.support.receipts import FORMS, MEMBERS, PATHS, packed
from tests.support.recipes import SAMPLE

ALL = tuple((path, path.encode()) for path in PATHS)
NAME = st.text(st.sampled_from("aA.:%\r\n \\/~éé\u202e"), min_size=1, max_size=6)


def bagged(data: bytes, directory: Path) -> Bag:
    extract(io.BytesIO(data), directory / "data", password=PASSWORD)
    return write_bag(io.BytesIO(data), directory, password=PASSWORD)


def is_valid(directory: Path) -> bool:
    """Return whether the library bagit finds a bag valid."""
    valid: bool = bagit.Bag(str(directory)).is_valid()
    return valid


def differing(directory: Path) -> set[str]:
    """Return the files of a bag that its manifest does not have, or has otherwise, read by RFC 8493, section 2.1.3."""
    lines = (directory / "manifest-sha256.txt").read_bytes().decode().split("\n")[:-1]
    listed = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    decoded = {re.sub("%(25|0[AD])", lambda m: chr(int(m[1], 16)), path): digest for path, digest in listed.items()}
    found = {
        path.relative_to(directory).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in (directory / "data").rglob("*")
        if path.is_file()
    }
    return {path for path, _ in found.items() ^ decoded.items()}


def test_the_library_bagit_finds_the_bag_of_an_archive_valid_until_a_byte_changes(tmp_path: Path) -> None:
    bag = bagged(SAMPLE.read_bytes(), tmp_path)
    assert bag == Bag(20, 99_688, 0)
    assert is_valid(tmp_path)
    (tmp_path / "data" / "rooms.json").write_bytes(b"[]")
    assert not is_valid(tmp_path)


def test_sha256sum_checks_both_manifests(tmp_path: Path) -> None:
    bagged(SAMPLE.read_bytes(), tmp_path)
    command = [counterpart("sha256sum"), "--quiet", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout == b""


@given(MEMBERS.filter(bool), st.sampled_from(FORMS))
@settings(max_examples=25)
def test_the_bag_of_any_members_in_any_form_is_valid(members: tuple[tuple[str, bytes], ...], form: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        assert bagged(packed(members, form), Path(directory)).files == len(members)
        assert differing(Path(directory)) == set()


@given(st.lists(NAME, min_size=1, max_size=5))
@settings(max_examples=50)
def test_names_are_those_of_the_extracted_files_however_odd_they_are(names: list[str]) -> None:
    data = packed(tuple((name, b"x") for name in names), "tar")
    with tempfile.TemporaryDirectory() as directory:
        bagged(data, Path(directory))
        assert differing(Path(directory)) == set()
        if not any("%" in name for name in names):  # which bagit 1.9 does not decode
            assert is_valid(Path(directory))


def test_the_same_archive_gives_the_same_files(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        write_bag(io.BytesIO(SAMPLE.read_bytes()), tmp_path / name, password=PASSWORD)
        texts.append([(tmp_path / name / tag).read_bytes() for tag in TAG_FILES])
    assert texts[0] == texts[1]


def test_links_are_left_out_and_counted(tmp_path: Path) -> None:
    data = entry(b"a", b"x") + entry(b"link", flag=b"2") + entry(b"fifo", flag=b"6") + END
    assert bagged(data, tmp_path) == Bag(1, 1, 2)
    assert is_valid(tmp_path)


def test_an_empty_archive_has_no_bag(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="The input is empty"):
        write_bag(io.BytesIO(END), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_of_an_archive_that_is_cut_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="was cut short"):
        write_bag(io.BytesIO(packed(ALL, "tar")[:3000]), tmp_path / "bag")
    assert not (tmp_path / "bag").exists()


def test_tag_files_are_overwritten_only_on_demand(tmp_path: Path) -> None:
    (tmp_path / "bag-info.txt").write_text("mine")
    data = packed(ALL, "tar")
    with pytest.raises(UsageError, match=r"bag-info.txt: exists; --force overwrites it\."):
        write_bag(io.BytesIO(data), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["bag-info.txt"]
    write_bag(io.BytesIO(data), tmp_path, force=True)
    assert "Payload-Oxum" in (tmp_path / "bag-info.txt").read_text()


def test_no_input_is_overwritten_or_written_into(tmp_path: Path) -> None:
    archive = tmp_path / "bagit.txt"
    archive.write_bytes(packed(ALL, "tar"))
    with pytest.raises(UsageError, match="would overwrite an input"):
        write_bag(archive, tmp_path, force=True)
    with pytest.raises(UsageError, match="would write into an input"):
        write_bag(tmp_path, tmp_path / "inside")


def test_a_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot be (made|written)"):
        write_bag(io.BytesIO(packed(ALL, "tar")), tmp_path / "file" / "bag")
