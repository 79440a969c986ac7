"""Tests of ``hcfmt reduce``: what it writes and says, and what is refused."""

from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, run

WITH_PASSWORD = ("--password", PASSWORD)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the documented sample with an e-mail address that is missing."""
    output = tmp_path_factory.mktemp("broken") / "broken.tar.gz.aes"
    run("break", SAMPLE, "--rule", "HC705", "-o", output, *WITH_PASSWORD)
    return output


def test_the_smallest_archive_is_written_and_the_amounts_are_said(tmp_path: Path, broken: Path) -> None:
    output = tmp_path / "small.tar.gz.aes"
    result = run("reduce", broken, "--keep", "missing-email", "-o", output, *WITH_PASSWORD)
    amounts = "0 of 11 messages, 1 of 18 records, 7 of 34 members"
    assert (result.exit, result.out, result.err) == (0, "", f"{output} written: HC705; {amounts}.\n")
    assert [path.name for path in tmp_path.iterdir()] == [output.name]
    assert "HC705" in run("validate", output, *WITH_PASSWORD).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--keep", "HC401"), "has no finding of HC401 unknown-sender, but of: HC705."),
        (("--keep", "HC9"), "There is no rule 'HC9'"),
        (("--keep", "HC006"), "HC006 gzip-corrupt is about the bytes of a layer"),
        ((), "Missing option '--keep'"),
    ],
)
def test_what_cannot_be_kept_is_refused(tmp_path: Path, broken: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run("reduce", broken, *arguments, "-o", tmp_path / "small.tar", *WITH_PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert said in result.err
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_not_overwritten_even_with_force(broken: Path) -> None:
    before = broken.read_bytes()
    result = run("reduce", broken, "--keep", "HC705", "-o", broken, "--force", *WITH_PASSWORD)
    assert (result.exit, broken.read_bytes()) == (2, before)
    assert "would overwrite an input" in result.err
