"""An intact input that holds something else than an export is named for what it holds."""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from hcfmt import Options, Report, Verdict, validate
from tests.support.counterparts import counterpart
from tests.support.recipes import SAMPLE


def _tar(*names: str) -> io.BytesIO:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name in names:
            tar.addfile(tarfile.TarInfo(name))
    stream.seek(0)
    return stream


def _message(report: Report) -> str:
    assert report.verdict is Verdict.INCOMPLETE
    (message,) = (finding.message for finding in report.findings if finding.code == "HC012")
    return message


@pytest.mark.parametrize("name", ["export.tar.gz.aes", "sent/EXPORT.TAR.GZ.AES", "./export.tar.gz", "x.tgz", "x.aes"])
def test_a_tar_around_an_archive_is_named(name: str) -> None:
    message = _message(validate(_tar("readme.txt", name), Options(show_values=True)))
    assert f"It holds an archive, {name.removeprefix('./')}: check what is inside." in message


def test_several_archives_are_counted() -> None:
    message = _message(validate(_tar("a.tar.gz.aes", "b.zip"), Options(show_values=True)))
    assert "It holds 2 archives, such as a.tar.gz.aes: check what is inside." in message


def test_the_command_for_a_tar_around_an_archive_reads_it(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "sent.tar", "w") as tar:
        tar.add(SAMPLE, "export.tar.gz.aes")
    command = [counterpart("tar"), "-xOf", str(tmp_path / "sent.tar"), "export.tar.gz.aes"]
    run = subprocess.run(command, capture_output=True, check=True)
    assert validate(io.BytesIO(run.stdout), Options(password="hipchat")).verdict is Verdict.VALID


def test_the_name_of_an_archive_inside_is_hidden_unless_values_are_shown() -> None:
    assert "secret" not in _message(validate(_tar("secret.tar.gz.aes")))


def test_a_directory_with_an_archive_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "export.tar.gz.aes").write_bytes(SAMPLE.read_bytes())
    assert "It holds an archive" in _message(validate(tmp_path))


@pytest.mark.parametrize("name", ["hipchat_export/rooms/list.json", "users/list.json", "./rooms/list.json"])
def test_an_unpacked_old_cloud_export_is_named(name: str) -> None:
    assert "an old export of HipChat Cloud (before mid-2018)" in _message(validate(_tar(name)))


def test_anything_else_is_not_guessed_at() -> None:
    assert _message(validate(_tar("list.json", "aes", "x.gz"))).endswith("there is nothing to check.")
