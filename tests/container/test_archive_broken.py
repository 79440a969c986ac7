"""Every damage of an archive is found, as the defect that it is."""

import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Budget, open_archive
from tests.support.builders import END, SAMPLE, encrypted, entry, header, kinds, zipped
from tests.support.layers import ENCRYPTED, GZIP, NOISE, PATHS, TAR, filled, read, tar, unpadded

# Kinds that no cut or altered archive may come without; the others are warnings.
ERRORS = {
    "ciphertext-cut",
    "cannot-decrypt",
    "not-an-archive",
    "gzip-cut",
    "gzip-corrupt",
    "tar-corrupt",
    "tar-cut",
    "bad-padding",
}


DAMAGED_HEADER = b"w" + entry(b"users.json", b"[]")[1:] + END

# What was done, the bytes, all that must be said of them, and which members come out whole.
BROKEN: dict[str, tuple[bytes, list[str], int]] = {
    "head -c 7 (encrypted)": (ENCRYPTED[:7], ["not-an-archive"], 0),
    "head -c 8 (encrypted)": (ENCRYPTED[:8], ["ciphertext-cut"], 0),
    "head -c 31 (encrypted)": (ENCRYPTED[:31], ["ciphertext-cut"], 0),
    "head -c 32 (encrypted)": (ENCRYPTED[:32], ["gzip-cut"], 0),
    "head -c -1 (encrypted)": (ENCRYPTED[:-1], ["ciphertext-cut"], 2),
    "head -c -16 (encrypted)": (ENCRYPTED[:-16], ["gzip-cut"], 2),
    "printf x >> (encrypted)": (ENCRYPTED + b"x", ["trailing-padding"], 2),
    "the last block altered, printf x >> (encrypted)": (
        ENCRYPTED[:-1] + bytes([ENCRYPTED[-1] ^ 1]) + b"x",
        ["gzip-corrupt"],
        0,
    ),
    "openssl enc -nopad": (unpadded(filled(GZIP, 0)), ["bad-padding"], 2),
    "openssl enc -nopad, gzip fills the last block": (unpadded(zipped(tar(0))), ["bad-padding"], 2),
    "openssl enc -nopad, a block of junk": (unpadded(filled(GZIP, 1)), ["bad-padding", "trailing-data"], 2),
    "encrypted with a byte after the gzip": (encrypted(GZIP + b"\0"), ["trailing-padding"], 2),
    "encrypted with a block after the gzip": (encrypted(GZIP + b"x" * 16), ["trailing-data"], 2),
    "the salt altered": (ENCRYPTED[:8] + bytes(8) + ENCRYPTED[16:], ["cannot-decrypt"], 0),
    "openssl enc of a bare tar": (encrypted(TAR), [], 2),
    "openssl enc of a bare tar, head -c -1": (encrypted(TAR)[:-1], ["ciphertext-cut"], 2),
    "openssl enc of a bare tar, printf x >>": (encrypted(TAR) + b"x", ["ciphertext-cut"], 2),
    "openssl enc -nopad of a bare tar": (unpadded(TAR), ["bad-padding"], 2),
    "openssl enc of noise": (encrypted(NOISE[:600]), ["cannot-decrypt"], 0),
    "encrypted gzip of text": (encrypted(zipped(b"text")), ["not-an-archive"], 0),
    "head -c 20 (gzip)": (GZIP[:20], ["gzip-cut"], 0),
    "head -c -4 (gzip)": (GZIP[:-4], ["gzip-cut"], 2),
    "the checksum altered (gzip)": (GZIP[:-8] + bytes(4) + GZIP[-4:], ["gzip-corrupt"], 0),
    "printf x >> (gzip)": (GZIP + b"x", ["trailing-data"], 2),
    "head -c 512 /dev/zero >> (gzip)": (GZIP + bytes(512), ["trailing-padding"], 2),
    "gzip of a ZIP": (zipped(b"PK\3\4" + bytes(600)), ["not-an-archive"], 0),
    "gzip of text": (zipped(b"text"), ["not-an-archive"], 0),
    "gzip of gzip of gzip": (zipped(zipped(GZIP)), ["not-an-archive"], 0),
    "gzip of gzip of an encrypted file": (zipped(zipped(ENCRYPTED)), ["not-an-archive"], 0),
    "zip": (b"PK\3\4" + bytes(600), ["not-an-archive"], 0),
    "zip of nothing": (b"PK\5\6" + bytes(18), ["not-an-archive"], 0),
    "zip in several volumes": (b"PK\7\x08PK\3\4" + bytes(600), ["not-an-archive"], 0),
    "text": (b"[]", ["not-an-archive"], 0),
    "long text": (b"[]" * 1000, ["not-an-archive"], 0),
    "the first header altered (tar)": (DAMAGED_HEADER, ["tar-corrupt"], 0),
    "the first header altered, without magic": (
        DAMAGED_HEADER.replace(b"ustar\x0000", bytes(8)),
        ["not-an-archive"],
        0,
    ),
    "head -c 400 (tar)": (TAR[:400], ["tar-cut"], 0),
    "head -c 513 (tar)": (TAR[:513], ["tar-cut"], 0),
    "head -c -1024 (tar)": (TAR[:-1024], ["tar-unterminated"], 2),
    "head -c -512 (tar)": (TAR[:-512], ["tar-unterminated"], 2),
    "printf x >> (tar)": (TAR + b"x", ["trailing-data"], 2),
    "head -c 9000 /dev/zero >> (tar)": (TAR + bytes(9000), [], 2),
    "cat two.tar >> one.tar (tar)": (TAR + TAR, ["joined-archives"], 2),
    "a lone zero block (tar)": (TAR[:-1024] + bytes(512) + TAR, ["tar-unterminated", "joined-archives"], 2),
    "junk after both ends (tar.gz)": (zipped(TAR + b"x") + b"x", ["trailing-data", "trailing-data"], 2),
}


@pytest.mark.parametrize(("data", "found", "whole"), BROKEN.values(), ids=BROKEN)
def test_every_broken_archive_has_exactly_its_defect(data: bytes, found: list[str], whole: int) -> None:
    archive, paths = read(data)
    assert kinds(archive) == found
    assert paths == PATHS[:whole]


def test_a_gzip_file_without_a_tar_is_not_an_archive() -> None:
    archive, _ = read(zipped(b"text"))
    assert archive.layers == ("gzip",)
    assert archive.fault is not None
    assert "not a tar" in archive.fault.message


@pytest.mark.parametrize("data", [data for data, _, _ in BROKEN.values()], ids=BROKEN)
def test_every_message_is_in_whole_sentences(data: bytes) -> None:
    archive, _ = read(data)
    for defect in [archive.fault, *archive.defects]:
        if defect:
            assert defect.message.endswith(".")
            assert not {"users.json", "rooms.json"} & set(defect.message.split())


def _stored(tar_bytes: bytes, altered: int) -> bytes:
    """Return a gzip that only stores a tar, one byte of the stored tar altered: its checksum alone can tell."""
    packed = bytearray(gzip.compress(tar_bytes, 0, mtime=0))
    at = packed.index(tar_bytes[:512]) + altered
    packed[at] ^= 0xFF
    return bytes(packed)


LONG_TAR = entry(b"a", b"x") + entry(b"noise", NOISE) + entry(b"z", b"x") + END


@pytest.mark.parametrize("altered", [0, 124, 1024, 1024 + 124], ids=lambda at: f"byte {at} of the tar")
@pytest.mark.parametrize("is_encrypted", [False, True], ids=["tar.gz", "tar.gz.aes"])
def test_damage_of_gzip_that_shows_in_the_tar_is_reported_as_gzip_corrupt(altered: int, *, is_encrypted: bool) -> None:
    data = _stored(LONG_TAR, altered)
    assert kinds(read(encrypted(data) if is_encrypted else data)[0]) == ["gzip-corrupt"]


def test_a_damaged_payload_raises_its_fault_and_the_archive_has_the_cause() -> None:
    huge = header(b"a", 1 << 40) + NOISE
    archive, paths = read(_stored(huge, 700))
    assert paths == []
    assert kinds(archive) == ["gzip-corrupt"]


@pytest.mark.parametrize("budget", [Budget(), Budget(expanded=300_000)], ids=["read on", "a limit in the way"])
def test_a_tar_that_was_broken_before_it_was_compressed_stays_tar_corrupt(budget: Budget) -> None:
    stdin = io.BytesIO(gzip.compress(b"b" + LONG_TAR[1:], 0, mtime=0))
    with open_archive("-", password=None, budget=budget, stdin=stdin) as archive:
        assert list(archive.members()) == []
    assert kinds(archive) == ["tar-corrupt"]


def _seen(data: bytes) -> bool:
    return bool(set(kinds(read(data)[0])) & ERRORS)


SAMPLE_BYTES = SAMPLE.read_bytes()
ENDS = [*range(64), *range(-64, 0)]


@pytest.mark.parametrize("at", ENDS)
def test_an_altered_byte_at_either_end_of_an_encrypted_archive_is_a_defect(at: int) -> None:
    at %= len(SAMPLE_BYTES)
    for bits in (0x01, 0x80, 0xFF):
        assert _seen(SAMPLE_BYTES[:at] + bytes([SAMPLE_BYTES[at] ^ bits]) + SAMPLE_BYTES[at + 1 :])


@settings(max_examples=100)
@given(at=st.integers(0, len(SAMPLE_BYTES) - 1), bits=st.integers(1, 255))
def test_an_altered_byte_anywhere_in_an_encrypted_archive_is_a_defect(at: int, bits: int) -> None:
    assert _seen(SAMPLE_BYTES[:at] + bytes([SAMPLE_BYTES[at] ^ bits]) + SAMPLE_BYTES[at + 1 :])


@pytest.mark.parametrize("length", ENDS[1:])
def test_an_encrypted_archive_cut_at_either_end_has_a_defect(length: int) -> None:
    assert _seen(SAMPLE_BYTES[:length])


@settings(max_examples=100)
@given(length=st.integers(1, len(SAMPLE_BYTES) - 1))
def test_an_encrypted_archive_cut_anywhere_has_a_defect(length: int) -> None:
    assert _seen(SAMPLE_BYTES[:length])


def test_every_change_of_one_byte_in_the_last_block_is_a_defect() -> None:
    # When gzip ends where a block does, the last block is padding alone, and no checksum covers it: once in 256 times
    # what it becomes ends in 01, which is valid padding.
    aligned = encrypted(zipped(tar(0)))
    for bits in range(1, 256):
        assert kinds(read(aligned[:-1] + bytes([aligned[-1] ^ bits]))[0]) == ["bad-padding"]
