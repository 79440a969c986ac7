"""Tests of ``hcfmt anonymise``: exit statuses, what it prints, and what it refuses."""

from pathlib import Path

import pytest

from tests.support.canary import CANARY, DEFECTS
from tests.support.command import PASSWORD, Result, archive, run
from tests.support.recipes import cook

WITH_PASSWORD = ("--password", PASSWORD)


def anonymise(directory: Path, recipe: str, *args: str | Path) -> Result:
    return run("anonymise", archive(directory, recipe), "-o", directory / "out.tar.gz.aes", *WITH_PASSWORD, *args)


def test_a_copy_is_written_and_has_the_findings_of_the_archive(tmp_path: Path) -> None:
    result = anonymise(tmp_path, "rooms.json#/0/Room/owner = 3")
    assert (result.exit, result.out) == (0, "")
    assert result.err == f"{tmp_path / 'out.tar.gz.aes'} written: the findings are those of the archive.\n"
    checked = run("validate", tmp_path / "out.tar.gz.aes", *WITH_PASSWORD)
    assert "HC404 unknown-owner" in checked.out
    assert "3" in checked.out


@pytest.mark.parametrize("recipe", DEFECTS.values(), ids=DEFECTS)
def test_it_prints_no_text_of_the_archive(tmp_path: Path, recipe: str) -> None:
    result = anonymise(tmp_path, recipe)
    assert CANARY.lower() not in (result.out + result.err).lower()


def test_standard_input_is_copied_as_a_file_is(tmp_path: Path) -> None:
    data = cook("rooms.json#/0/Room/owner = 3").data
    (tmp_path / "in").write_bytes(data)
    for source, name in (("-", "one.tar"), (tmp_path / "in", "two.tar")):
        arguments = ("anonymise", source, "-o", tmp_path / name, "--seed", "a seed", *WITH_PASSWORD)
        assert run(*arguments, stdin=data).exit == 0
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "one.tar", "two.tar"]


def test_without_a_seed_every_copy_is_another(tmp_path: Path) -> None:
    copies = []
    for _ in range(2):
        assert anonymise(tmp_path, "users.json = []", "--force").exit == 0
        copies.append((tmp_path / "out.tar.gz.aes").read_bytes())
    assert copies[0] != copies[1]


def test_a_copy_with_other_findings_is_written_only_on_request(tmp_path: Path) -> None:
    source = archive(tmp_path, "layers gzip tar").rename(tmp_path / "in.tar.gz.aes")
    arguments = ("anonymise", source, "-o", tmp_path / "out.tar")
    refused = run(*arguments)
    assert refused.exit == 2
    assert "was not written: the copy has other findings than the archive, of HC001" in refused.err
    assert not (tmp_path / "out.tar").exists()
    allowed = run(*arguments, "--allow-differences")
    assert allowed.exit == 1
    assert "written: other findings than the archive: HC001 (1 before, 0 after)." in allowed.err


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("missing.tar", "-o", "out.tar"), 2, "missing.tar: cannot be read: No such file or directory."),
        (("{archive}", "-o", "out.tar", "--password", "wrong"), 3, "cannot-decrypt"),
        (("{archive}", "-o", "out.zip", *WITH_PASSWORD), 2, "an export is not written as .zip"),
        (("{archive}", *WITH_PASSWORD), 2, "Missing option"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], status: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = archive(tmp_path, "users.json = []")
    result = run("anonymise", *(str(source) if arg == "{archive}" else arg for arg in args))
    assert result.exit == status
    assert said in result.err
    assert list(tmp_path.iterdir()) == [source]
