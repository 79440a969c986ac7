"""Anonymised copies of archives: their findings are those of the archive, and nothing of its text is in them.

``python -m tests.anonymisation.test_anonymise`` breaks the sample in every way, in three dialects, and compares.
"""

import base64
import gzip
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hcfmt import Anonymised, Fault, UsageError, anonymise, break_archive
from hcfmt.container import open_archive
from hcfmt.damage import DAMAGES, Damage
from hcfmt.errors import HcfmtError
from tests.support.breaking import WAYS, broken_in_a_way, report
from tests.support.canary import CANARY, DEFECTS, FIELDS
from tests.support.recipes import PASSWORD, SAMPLE, cook, sample_files

SECRET = PASSWORD.encode()
UNREADABLE = {"HC002", "HC005"}  # nothing can be read, so there is nothing to anonymise
SEED = "a seed"


def copy(archive: Path, output: Path, *, seed: str = SEED, allow_differences: bool = False) -> Anonymised:
    return anonymise(archive, output, seed=seed, password=SECRET, allow_differences=allow_differences)


def cooked(directory: Path, recipe: str) -> Path:
    made = cook(recipe)
    path = directory / "in.tar.gz.aes"
    path.write_bytes(made.data)
    return path


def contents(path: Path) -> Iterator[bytes]:
    """Yield the name and the content of each member, and the file itself."""
    yield path.read_bytes()
    with open_archive(str(path), password=SECRET) as archive:
        for member in archive.members():
            yield member.path.encode("utf-8", "surrogateescape")
            try:
                yield b"".join(member.chunks)
            except Fault:
                return


READABLE = [damage for damage in DAMAGES.values() if damage.code not in UNREADABLE]


@pytest.mark.parametrize("damage", READABLE, ids=lambda damage: damage.way)
def test_a_damaged_archive_keeps_its_findings(tmp_path: Path, damage: Damage) -> None:
    broken, shown = tmp_path / "in.tar.gz.aes", tmp_path / "out.tar.gz.aes"
    broken_in_a_way(SAMPLE, broken, damage)
    assert copy(broken, shown).differences == ()
    assert report(shown).totals == report(broken).totals


@pytest.mark.parametrize("code", sorted(UNREADABLE))
def test_an_archive_that_cannot_be_read_is_refused(tmp_path: Path, code: str) -> None:
    broken, shown = tmp_path / "in.tar.gz.aes", tmp_path / "out.tar.gz.aes"
    broken_in_a_way(SAMPLE, broken, DAMAGES[code])
    with pytest.raises(Fault):
        copy(broken, shown)
    assert [path.name for path in tmp_path.iterdir()] == [broken.name]


@pytest.mark.parametrize("recipe", DEFECTS.values(), ids=DEFECTS)
def test_no_text_of_a_broken_archive_is_in_the_copy(tmp_path: Path, recipe: str) -> None:
    broken, shown = tmp_path / "in.tar.gz.aes", tmp_path / "out.tar.gz.aes"
    break_archive(SAMPLE, broken, recipe=recipe, password=SECRET)
    assert copy(broken, shown).differences == ()
    for content in contents(shown):
        for word in CANARY.lower().split("-"):
            assert word.encode() not in content.lower()
        assert base64.b64encode(CANARY.encode())[:-2] not in content


def test_every_text_of_the_sample_is_replaced_or_is_the_formats_own(tmp_path: Path) -> None:
    copy(SAMPLE, shown := tmp_path / "out.tar.gz.aes")
    assert len(FIELDS) > 100
    original = b"\n".join(content for content in contents(SAMPLE))
    found = b"\n".join(contents(shown))
    for text in (b"Jeff", b"example.com", b"McTest", b"GOPR4259", b"BcudLU14VxUEeUK", b"Lounge"):
        assert text not in found or text not in original


def test_a_copy_has_the_members_of_the_archive_in_their_sizes(tmp_path: Path) -> None:
    copy(SAMPLE, shown := tmp_path / "out.tar.gz.aes")
    with open_archive(str(SAMPLE), password=SECRET) as archive, open_archive(str(shown), password=SECRET) as copied:
        members = [(len(member.path), member.size, member.kind) for member in archive.members()]
        assert [(len(member.path), member.size, member.kind) for member in copied.members()] == members


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.tar.gz.aes" for number in range(3)]
    for path, seed in zip(paths, ("one", "one", "two"), strict=True):
        copy(SAMPLE, path, seed=seed)
    first, second, third = (path.read_bytes() for path in paths)
    assert first == second != third


@pytest.mark.parametrize("name", ["out.tar", "out.tar.gz", "out.tar.gz.aes", "out/", "out"])
def test_the_suffix_decides_the_form(tmp_path: Path, name: str) -> None:
    assert anonymise(SAMPLE, f"{tmp_path}/{name}", seed=SEED, password=SECRET).differences == ()


def test_a_directory_is_copied_as_a_directory_and_as_an_archive(tmp_path: Path) -> None:
    anonymise(SAMPLE, f"{tmp_path}/first/", seed=SEED, password=SECRET)
    assert anonymise(tmp_path / "first", tmp_path / "second", seed=SEED).differences == ()
    assert anonymise(tmp_path / "first", tmp_path / "third.tar.gz", seed=SEED).differences == ()
    assert (tmp_path / "second" / "users.json").is_file()


def test_nothing_is_written_when_the_findings_would_differ(tmp_path: Path) -> None:
    broken = cooked(tmp_path, "layers gzip tar")  # under the name of an encrypted file
    with pytest.raises(UsageError, match=r"has other findings than the archive, of HC001 \(1 before, 0 after\)"):
        anonymise(broken, tmp_path / "out.tar.gz", seed=SEED)
    assert [path.name for path in tmp_path.iterdir()] == [broken.name]
    allowed = anonymise(broken, tmp_path / "out.tar.gz", seed=SEED, allow_differences=True)
    assert [str(difference) for difference in allowed.differences] == ["HC001 (1 before, 0 after)"]


def test_headers_of_tar_and_gzip_keep_nothing(tmp_path: Path) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": CANARY}) as writer:
        for path, data in sample_files().items():
            info = tarfile.TarInfo(path)
            info.size, info.uname, info.gname, info.mtime = len(data), CANARY, CANARY, 1_234_567_890
            info.pax_headers = {"comment": CANARY, "HCFMT.note": CANARY}
            writer.addfile(info, io.BytesIO(data))
    archive, shown = tmp_path / "in.tar.gz", tmp_path / "out.tar"
    with archive.open("wb") as file, gzip.GzipFile(f"{CANARY}.tar", "wb", fileobj=file) as stream:
        stream.write(tar.getvalue())
    anonymise(archive, shown, seed=SEED)
    assert CANARY.encode() in gzip.decompress(archive.read_bytes())
    assert CANARY.encode() not in shown.read_bytes()
    with tarfile.open(shown) as copied:
        assert not {"uname", "gname"} & {name for info in copied for name in ("uname", "gname") if getattr(info, name)}
        assert 1_234_567_890 not in {info.mtime for info in copied}


@pytest.mark.parametrize("output", ["in.tar.gz.aes", "missing/out.tar"])
def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path, output: str) -> None:
    archive = cooked(tmp_path, "users.json = []")
    before = archive.read_bytes()
    with pytest.raises(UsageError):
        anonymise(archive, tmp_path / output, seed=SEED, password=SECRET, force=True)
    assert archive.read_bytes() == before


def main() -> None:
    """Break every rule in every way, copy the archive, and print what differs."""
    bases = [SAMPLE, *map(Path, sys.argv[1:])]
    for base in bases:
        for way, damage in WAYS.items():
            with TemporaryDirectory() as directory:
                broken, shown = Path(directory, "in.tar.gz.aes"), Path(directory, "out.tar.gz.aes")
                try:
                    broken_in_a_way(base, broken, damage)
                except UsageError:
                    continue
                try:
                    found = ", ".join(map(str, copy(broken, shown, allow_differences=True).differences))
                except HcfmtError as error:
                    found = str(error)
            if found:
                sys.stdout.write(f"{base.name} {way}: {found}\n")


if __name__ == "__main__":
    main()
