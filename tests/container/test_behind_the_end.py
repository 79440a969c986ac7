"""What GNU tar, gzip and openssl do with bytes behind the end of an archive, as rule pages and docs/format.md say."""

import subprocess
from pathlib import Path

import pytest

from hcfmt.container import encrypt
from tests.support.builders import END, PASSWORD, encrypted, entry, zipped
from tests.support.counterparts import counterpart

ONE, TWO = (entry(name, b"x") + END for name in (b"one", b"two"))
ZEROS = bytes(512)

# A .tar.gz, the exit statuses of GNU tar and gzip, and the members that each of them unpacks.
GZIP_ENDS: dict[str, tuple[bytes, int, list[str], int, bytes]] = {
    "two tar.gz joined": (zipped(ONE) + zipped(TWO), 0, ["one"], 0, ONE + TWO),
    "two tars joined, then compressed": (zipped(ONE + TWO), 0, ["one"], 0, ONE + TWO),
    "two tar.gz, zeros between": (zipped(ONE) + ZEROS + zipped(TWO), 2, ["one"], 2, ONE),
    "garbage behind gzip": (zipped(ONE) + b"garbage", 2, ["one"], 2, ONE),
    "a line end behind gzip": (zipped(ONE) + b"\n", 2, ["one"], 1, ONE),
    "zeros behind gzip": (zipped(ONE) + ZEROS, 0, ["one"], 0, ONE),
    "garbage behind the tar": (zipped(ONE + b"garbage"), 0, ["one"], 0, ONE + b"garbage"),
}


@pytest.mark.parametrize(("data", "status", "members"), [row[:3] for row in GZIP_ENDS.values()], ids=GZIP_ENDS)
def test_gnu_tar_reads_the_first_archive_alone(data: bytes, status: int, members: list[str], tmp_path: Path) -> None:
    tar = counterpart("gtar", "tar", version="GNU tar")
    path, out = tmp_path / "a.tar.gz", tmp_path / "out"
    path.write_bytes(data)
    out.mkdir()
    listed = subprocess.run([tar, "tzf", path], capture_output=True, check=False)
    unpacked = subprocess.run([tar, "xzf", path, "-C", out], capture_output=True, check=False)
    assert (listed.returncode, listed.stdout.decode().split()) == (status, members)
    assert (unpacked.returncode, [file.name for file in out.iterdir()]) == (status, members)
    assert (listed.stderr == b"") == (status == 0)


@pytest.mark.parametrize("name", GZIP_ENDS)
def test_gzip_reads_on_only_where_another_member_follows_at_once(name: str) -> None:
    data, _, _, status, content = GZIP_ENDS[name]
    run = subprocess.run(
        [counterpart("gzip", version="Free Software Foundation"), "-dc"], input=data, capture_output=True, check=False
    )
    assert (run.returncode, run.stdout) == (status, content)


def test_gnu_tar_reads_both_of_two_joined_archives_if_it_is_told_to(tmp_path: Path) -> None:
    tar = counterpart("gtar", "tar", version="GNU tar")
    path = tmp_path / "a.tar.gz"
    path.write_bytes(zipped(ONE) + zipped(TWO))
    run = subprocess.run([tar, "tzf", path, "--ignore-zeros"], capture_output=True, check=True)
    assert run.stdout.split() == [b"one", b"two"]


SEALED = encrypted(zipped(ONE))


@pytest.mark.parametrize("behind", [b"\n", bytes(-len(SEALED) % 512), b"15 other bytes."], ids=repr)
def test_openssl_ends_with_an_error_on_padding_and_leaves_bytes_behind_gzip(behind: bytes) -> None:
    command = [counterpart("openssl"), "enc", "-d", "-aes-256-cbc", "-md", "md5", "-pass", f"pass:{PASSWORD.decode()}"]
    run = subprocess.run(command, input=SEALED + behind, capture_output=True, check=False)
    assert run.returncode == 1
    assert b"bad decrypt" in run.stderr
    assert run.stdout.startswith(zipped(ONE))
    assert len(run.stdout) > len(zipped(ONE))


def test_openssl_decrypts_the_second_of_two_joined_files_to_noise() -> None:
    command = [counterpart("openssl"), "enc", "-d", "-aes-256-cbc", "-md", "md5", "-pass", f"pass:{PASSWORD.decode()}"]
    second = b"".join(encrypt(iter([zipped(TWO)]), PASSWORD, salt=b"its salt"))
    run = subprocess.run(command, input=SEALED + second, capture_output=True, check=False)
    assert run.stdout.startswith(zipped(ONE))
    assert zipped(TWO)[10:30] not in run.stdout
