"""A changed copy has the form of its archive, and appears as a whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hcfmt.container import open_archive
from hcfmt.errors import UsageError
from hcfmt.export.rewriting import draft_archive, form_like, write_like
from hcfmt.export.writer import ArchiveForm, Encryption, Entry, write_archive

PASSWORD = b"hipchat"
SALT = b"somesalt"
FORMS = {
    "a.tar.gz.aes": ArchiveForm.ENCRYPTED,
    "a.tar.gz": ArchiveForm.GZIP,
    "a.tar": ArchiveForm.TAR,
    "a/": ArchiveForm.DIRECTORY,
}


def entries() -> Iterator[Entry]:
    yield Entry("users.json", 2, [b"[]"])


def written(directory: Path, name: str, digest: str = "md5") -> str:
    path = f"{directory}/{name}"
    write_archive(path, FORMS[name], entries(), encryption=Encryption(PASSWORD, SALT, digest))
    return path


def copied(source: str, output: str, *, digest: str = "md5") -> tuple[tuple[str, ...], str | None]:
    """Copy an archive and return the layers and the key derivation of the copy."""
    with open_archive(source, password=PASSWORD) as archive:
        write_like(archive, output, entries(), salt=SALT)
    with open_archive(output, password=PASSWORD, digests=[digest]) as archive:
        assert [(member.path, b"".join(member.chunks)) for member in archive.members()] == [("users.json", b"[]")]
        assert archive.fault is None
        return archive.layers, archive.digest


@pytest.mark.parametrize("name", FORMS)
def test_a_copy_without_a_suffix_has_the_form_of_its_archive(name: str, tmp_path: Path) -> None:
    layers, _ = copied(written(tmp_path, name), f"{tmp_path}/copy")
    assert layers == FORMS[name].layers


@pytest.mark.parametrize("name", FORMS)
def test_the_suffix_of_the_output_decides_its_form(name: str, tmp_path: Path) -> None:
    with open_archive(written(tmp_path, name), password=PASSWORD) as archive:
        assert [form_like(archive, output) for output in FORMS] == [*FORMS.values()]


def test_a_copy_keeps_the_key_derivation(tmp_path: Path) -> None:
    source = written(tmp_path, "a.tar.gz.aes", "sha256")
    assert copied(source, f"{tmp_path}/copy", digest="sha256")[1] == "sha256"


def test_an_archive_in_the_clear_is_encrypted_with_the_given_password(tmp_path: Path) -> None:
    with open_archive(written(tmp_path, "a.tar"), password=None) as archive:
        write_like(archive, f"{tmp_path}/copy.aes", entries(), password=PASSWORD, salt=SALT)
    with open_archive(f"{tmp_path}/copy.aes", password=PASSWORD) as copy:
        assert copy.digest == "md5"


def test_encryption_needs_a_password(tmp_path: Path) -> None:
    with (
        open_archive(written(tmp_path, "a.tar"), password=None) as archive,
        pytest.raises(UsageError, match="needs a password"),
    ):
        write_like(archive, f"{tmp_path}/copy.aes", entries(), salt=SALT)


@pytest.mark.parametrize("name", FORMS)
def test_a_draft_becomes_the_output(name: str, tmp_path: Path) -> None:
    with draft_archive(f"{tmp_path}/{name}") as draft:
        write_archive(draft, FORMS[name], entries(), encryption=Encryption(PASSWORD, SALT))
        assert not (tmp_path / name).exists()
    with open_archive(f"{tmp_path}/{name}", password=PASSWORD) as archive:
        assert archive.layers == FORMS[name].layers
    assert [path.name for path in tmp_path.iterdir()] == [name.rstrip("/")]


def test_of_a_draft_that_fails_nothing_is_left(tmp_path: Path) -> None:
    too_short = Entry("users.json", 3, [b"[]"])
    with pytest.raises(UsageError, match="does not have"), draft_archive(f"{tmp_path}/a.tar") as draft:
        write_archive(draft, ArchiveForm.TAR, [*entries(), too_short])
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("name", "force", "sentence"),
    [
        ("taken.tar", False, "--force overwrites it"),
        ("directory/", True, "not overwritten by a directory"),
        ("directory", True, "not overwritten by a directory"),
        ("a.zip", True, "not written as .zip"),
    ],
)
def test_a_path_that_cannot_be_the_output_is_refused_before_anything_is_written(
    name: str, *, force: bool, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "taken.tar").touch()
    (tmp_path / "directory").mkdir()
    with pytest.raises(UsageError, match=sentence), draft_archive(f"{tmp_path}/{name}", force=force):
        raise AssertionError("the block was entered")


def test_force_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"old")
    with draft_archive(f"{tmp_path}/a.tar", force=True) as draft:
        Path(draft).write_bytes(b"new")
    assert (tmp_path / "a.tar").read_bytes() == b"new"
