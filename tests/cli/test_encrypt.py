"""Tests of ``hcfmt decrypt`` and ``encrypt``, with openssl as the counterpart."""

import gzip
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command import PASSWORD, SAMPLE, run
from tests.support.counterparts import counterpart
from tests.support.recipes import cook

WITH_PASSWORD = ("--password", PASSWORD)
PLAIN = gzip.compress(bytes(range(256)) * 4000, mtime=0)
OPTIONS = {"md5": ("-md", "md5"), "sha256": ("-md", "sha256"), "pbkdf2": ("-pbkdf2",)}


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "export.tar.gz"
    path.write_bytes(PLAIN)
    return path


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def openssl(*args: str, data: bytes) -> bytes:
    command = [counterpart("openssl"), "aes-256-cbc", *args, "-k", PASSWORD]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def test_encrypting_and_decrypting_restores_a_file_and_its_name(plain: Path) -> None:
    sealed = run("encrypt", plain, *WITH_PASSWORD)
    assert (sealed.exit, sealed.out, sealed.err) == (0, "", f"{plain}.aes written.\n")
    plain.unlink()
    opened = run("decrypt", f"{plain}.aes", *WITH_PASSWORD)
    assert (opened.exit, opened.out, opened.err) == (0, "", f"{plain} written.\n")
    assert plain.read_bytes() == PLAIN
    assert names(plain.parent) == ["export.tar.gz", "export.tar.gz.aes"]


def test_two_encryptions_of_a_file_differ_by_their_salt() -> None:
    first, second = (run("encrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=PLAIN).raw for _ in range(2))
    assert first[:8] == second[:8] == b"Salted__"
    assert first[8:] != second[8:]


def test_the_documented_openssl_command_decrypts_the_default_output() -> None:
    sealed = run("encrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=PLAIN)
    assert sealed.exit == 0
    assert openssl("-d", "-md", "md5", data=sealed.raw) == PLAIN


@pytest.mark.parametrize("digest", OPTIONS)
def test_openssl_decrypts_our_output_and_we_decrypt_its(digest: str) -> None:
    sealed = run("encrypt", "-", "--output", "-", "--digest", digest, *WITH_PASSWORD, stdin=PLAIN).raw
    assert openssl("-d", *OPTIONS[digest], data=sealed) == PLAIN
    theirs = openssl("-e", *OPTIONS[digest], data=PLAIN)
    assert run("decrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=theirs).raw == PLAIN
    assert run("decrypt", "-", "--output", "-", "--digest", digest, *WITH_PASSWORD, stdin=theirs).raw == PLAIN


def test_the_sample_decrypts_as_with_openssl() -> None:
    ours = run("decrypt", SAMPLE, "--output", "-", *WITH_PASSWORD)
    assert (ours.exit, ours.err) == (0, "")
    assert ours.raw == openssl("-d", "-md", "md5", data=SAMPLE.read_bytes())


def test_an_archive_that_was_encrypted_twice_is_decrypted_twice(plain: Path) -> None:
    twice = openssl("-e", "-md", "sha256", data=openssl("-e", "-md", "md5", data=PLAIN))
    plain.with_name("export.tar.gz.aes").write_bytes(twice)
    plain.unlink()
    assert run("decrypt", f"{plain}.aes", *WITH_PASSWORD).exit == 0
    assert plain.read_bytes() == PLAIN


def test_a_tar_without_gzip_is_decrypted_as_with_openssl() -> None:
    tar = gzip.decompress(run("decrypt", SAMPLE, "--output", "-", *WITH_PASSWORD).raw)
    ours = run("decrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=openssl("-e", "-md", "md5", data=tar))
    assert (ours.exit, ours.raw == tar) == (0, True)


@pytest.mark.parametrize("padding", [b"\n", b"\r\n", bytes(16), bytes(509)], ids=["LF", "CR LF", "a block", "a record"])
def test_padding_behind_the_encryption_is_left_out_with_a_warning(padding: bytes) -> None:
    once = openssl("-e", "-md", "md5", data=PLAIN)
    result = run("decrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=once + padding)
    assert (result.exit, result.raw) == (0, PLAIN)
    assert result.err.startswith("Padding was left out. The last block of the encrypted file is followed by")


@pytest.mark.parametrize("behind", [b"x" * 16, b"x" * 33, bytes(9 << 20)], ids=["a block", "text", "too many zeros"])
def test_anything_else_behind_the_encryption_is_an_error(behind: bytes) -> None:
    once = openssl("-e", "-md", "md5", data=PLAIN)
    assert run("decrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=once + behind).exit == 3


OTHERS = {
    "a damaged gzip stream": PLAIN[:-8] + bytes(8),
    "bytes behind the gzip stream": PLAIN + b"left over",
    "a cut gzip stream": PLAIN[:1000],
    "gzip members that expand to nothing": gzip.compress(b"", mtime=0) * 450_000,
}


@pytest.mark.parametrize("data", OTHERS.values(), ids=OTHERS)
def test_what_openssl_decrypts_is_decrypted_whatever_it_is(data: bytes) -> None:
    result = run("decrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=openssl("-e", "-md", "md5", data=data))
    assert (result.exit, result.raw == data, result.err) == (0, True, "")


@pytest.mark.parametrize("cut", [1, 16, 17])
def test_the_end_of_each_of_two_encryptions_is_checked(cut: int) -> None:
    once = openssl("-e", "-md", "md5", data=PLAIN)
    for damaged in (openssl("-e", "-md", "md5", data=once[:-cut]), openssl("-e", "-md", "md5", data=once)[:-cut]):
        assert run("decrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=damaged).exit == 3


def test_the_output_can_be_named(plain: Path) -> None:
    sealed, again = plain.with_name("sealed"), plain.with_name("again")
    assert run("encrypt", plain, "-o", sealed, *WITH_PASSWORD).exit == 0
    assert run("decrypt", sealed, "-o", again, *WITH_PASSWORD).exit == 0
    assert again.read_bytes() == PLAIN


@pytest.mark.parametrize("command", ["encrypt", "decrypt"])
def test_an_existing_file_is_overwritten_only_with_force(plain: Path, command: str) -> None:
    assert run("encrypt", plain, *WITH_PASSWORD).exit == 0
    source, target = (plain, f"{plain}.aes") if command == "encrypt" else (f"{plain}.aes", plain)
    Path(target).write_bytes(b"precious") if command == "encrypt" else plain.write_bytes(b"precious")
    refused = run(command, source, *WITH_PASSWORD)
    assert (refused.exit, refused.err) == (2, f"hcfmt: {target}: exists; --force overwrites it.\n")
    assert Path(target).read_bytes() == b"precious"
    assert run(command, source, "--force", *WITH_PASSWORD).exit == 0
    assert Path(target).read_bytes() != b"precious"
    assert names(plain.parent) == ["export.tar.gz", "export.tar.gz.aes"]


@pytest.mark.parametrize(
    ("recipe", "kind"),
    [
        ("password wrong", "cannot-decrypt"),
        ("aes cut -5", "ciphertext-cut"),
        (r"aes pad \x00", "bad-padding"),
        ("aes cut 20", "ciphertext-cut"),
    ],
)
def test_an_archive_that_cannot_be_decrypted_exits_3_and_leaves_nothing(tmp_path: Path, recipe: str, kind: str) -> None:
    path = tmp_path / "export.tar.gz.aes"
    path.write_bytes(cook(recipe).data)
    result = run("decrypt", path, *WITH_PASSWORD)
    assert (result.exit, result.out) == (3, "")
    assert result.err.startswith(f"hcfmt: {kind}: ")
    assert names(tmp_path) == ["export.tar.gz.aes"]


def test_the_exit_status_says_whether_standard_output_is_whole() -> None:
    decrypted = run("decrypt", SAMPLE, "--output", "-", *WITH_PASSWORD).raw
    cut = run("decrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=SAMPLE.read_bytes()[:-5])
    assert cut.exit == 3
    assert cut.raw == decrypted[: len(cut.raw)]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("decrypt", "-"), "Standard input has no name: name the output with --output."),
        (("decrypt", "export.tar.gz"), "The file name does not end in .aes: name the output with --output."),
        (("encrypt", "-"), "Standard input has no name: name the output with --output."),
        (("decrypt", "there/is/no.aes"), "there/is/no.aes: cannot be read: No such file or directory."),
        (("decrypt", ".", "--output", "x"), ". is a directory; pack it with tar and gzip first."),
        (("encrypt", "there/is/no.gz"), "there/is/no.gz: cannot be read: No such file or directory."),
        (("encrypt", "-", "-o", "there/is/no/x"), "there/is/no/x: cannot be written: No such file or directory."),
        (("encrypt", "-", "-o", "."), ".: is not the name of a file or directory to write."),
        (("encrypt", "x", "--digest", "sha1"), "sha1"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(args: Sequence[str], says: str) -> None:
    result = run(*args, *WITH_PASSWORD, stdin=PLAIN)
    assert (result.exit, result.out) == (2, "")
    assert says in result.err


def test_an_unencrypted_file_cannot_be_decrypted(plain: Path) -> None:
    result = run("decrypt", plain, "--output", "-", *WITH_PASSWORD)
    assert (result.exit, result.out) == (2, "")
    assert "is not encrypted" in result.err


def test_only_a_gzip_stream_is_encrypted() -> None:
    result = run("encrypt", "-", "--output", "-", *WITH_PASSWORD, stdin=b"plain text")
    assert (result.exit, result.out) == (2, "")
    assert "not a .tar.gz" in result.err


def test_a_hostile_file_name_is_written_as_escapes(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J\u202eb.gz"
    path.write_bytes(PLAIN)
    for result in (run("encrypt", path, *WITH_PASSWORD), run("encrypt", path, *WITH_PASSWORD)):
        assert "a\\u001b[2J\\u202eb.gz.aes" in result.err
        assert result.err.replace("\n", "").isprintable()
