"""What follows the end of an archive is named for what it is, and never passed over."""

import io
import re
from hashlib import shake_256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container import Archive, open_archive
from hcfmt.container.aes import BLOCK, HEADER, Decryption
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.content import AES_MAGIC, content_of
from hcfmt.container.gzip import MAGIC, GzipReader
from tests.support.builders import PASSWORD, encrypted, entry, kinds, walk, zipped
from tests.support.layers import ENCRYPTED, GZIP, PATHS, TAR, filled, read, tar, unpadded

ZIP = b"PK\3\4" + bytes(60)
ZEROS = bytes(3000)
FORMS = {"tar": TAR, "tar.gz": GZIP, "tar.gz.aes": ENCRYPTED}
NOISE = shake_256(b"behind").digest(4096)

# The bytes, the only defect, and what its message says.
ENDS: dict[str, tuple[bytes, str, str]] = {
    "two tars": (TAR + TAR, "joined-archives", "A tar begins at byte"),
    "two tars, compressed": (zipped(TAR + TAR), "joined-archives", "A tar begins at byte"),
    "two tars with records of zeros between": (zipped(TAR + ZEROS + TAR), "joined-archives", "A tar begins at byte"),
    "two tars of the seventh edition": (TAR + entry(magic=bytes(8)), "joined-archives", "A tar begins at byte"),
    "two tar.gz": (GZIP + GZIP, "joined-archives", "A tar begins at byte"),
    "two tar.gz, encrypted": (encrypted(GZIP + GZIP), "joined-archives", "A tar begins at byte"),
    "a tar and a tar.gz": (TAR + GZIP, "joined-archives", "A gzip stream begins at byte"),
    "a tar and a tar.gz.aes": (TAR + ENCRYPTED, "joined-archives", "An encrypted file begins at byte"),
    "a tar.gz and a tar": (GZIP + TAR, "joined-archives", "A tar begins at byte"),
    "a tar.gz and a tar.gz.aes": (GZIP + ENCRYPTED, "joined-archives", "An encrypted file begins at byte"),
    "a tar.gz and a ZIP": (GZIP + ZIP, "joined-archives", "A ZIP file begins at byte"),
    "a tar.gz and an xz file": (GZIP + b"\xfd7zXZ\0", "joined-archives", "A packed file of another kind"),
    "two tar.gz with zeros between": (GZIP + ZEROS + GZIP, "joined-archives", "A gzip stream begins at byte"),
    "two tar.gz with zeros between, encrypted": (encrypted(GZIP + ZEROS + GZIP), "joined-archives", "A gzip stream"),
    "two tar.gz.aes": (ENCRYPTED + ENCRYPTED, "joined-archives", f"at byte {len(ENCRYPTED):,} of the encrypted file"),
    "two tar.gz.aes, the second one cut": (ENCRYPTED + ENCRYPTED[:9], "joined-archives", "An encrypted file begins"),
    "zeros (tar.gz)": (GZIP + b"\0", "trailing-padding", "is followed by 1 byte, all zero"),
    "more zeros (tar.gz)": (GZIP + ZEROS, "trailing-padding", "is followed by 3,000 bytes, all zero"),
    "zeros, encrypted": (encrypted(GZIP + ZEROS), "trailing-padding", "is followed by 3,000 bytes, all zero"),
    "a line end (tar.gz.aes)": (ENCRYPTED + b"\n", "trailing-padding", "is followed by 1 byte, less than a block"),
    "a line end, gzip fills a block (tar.gz.aes)": (
        encrypted(zipped(tar(0))) + b"\n", "trailing-padding", "followed by 1 byte, less than a block",
    ),
    "15 bytes (tar.gz.aes)": (ENCRYPTED + NOISE[:15], "trailing-padding", "followed by 15 bytes, less than a block"),
    "zeros (tar.gz.aes)": (ENCRYPTED + bytes(512), "trailing-padding", "is followed by 512 bytes, all zero"),
    "an odd number of zeros (tar.gz.aes)": (ENCRYPTED + bytes(513), "trailing-padding", "followed by 513 bytes"),
    "text (tar)": (TAR + b"text", "trailing-data", "The end of the tar is followed by 4 bytes other than zero"),
    "text (tar.gz)": (GZIP + b"text", "trailing-data", "The end of the gzip stream is followed by 4 bytes"),
    "a line end (tar.gz)": (GZIP + b"\n", "trailing-data", "The end of the gzip stream is followed by 1 byte, which"),
    "a line end, encrypted": (encrypted(GZIP + b"\n"), "trailing-data", "is followed by 1 byte, which"),
    "a block (tar.gz.aes)": (ENCRYPTED + NOISE[:16], "trailing-data", "The last block of the encrypted file is"),
    "more than a block (tar.gz.aes)": (ENCRYPTED + NOISE[:35], "trailing-data", "is followed by 35 bytes, from byte"),
    "zeros and a line end (tar.gz.aes)": (ENCRYPTED + bytes(512) + b"\n", "trailing-data", "followed by 513 bytes"),
    "a line end where the padding is missing": (unpadded(zipped(tar(0))) + b"\n", "ciphertext-cut", "extended"),
    "a line end, the padding is zeros": (unpadded(GZIP + bytes(12)) + b"\n", "ciphertext-cut", "extended"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "says"), ENDS.values(), ids=ENDS)
def test_what_follows_the_end_is_named(data: bytes, kind: str, says: str) -> None:
    archive, paths = read(data)
    assert kinds(archive) == [kind]
    assert says in archive.defects[0].message
    assert paths == PATHS


PLACES = {"the unpacked tar": "tar", "the gzip stream": "gzip", "the encrypted file": "aes"}


@pytest.mark.parametrize("data", [data for data, kind, _ in ENDS.values() if kind == "joined-archives"])
def test_a_second_archive_begins_at_the_byte_that_the_finding_names(data: bytes) -> None:
    (joined,) = read(data)[0].defects
    (place,) = (PLACES[phrase] for phrase in PLACES if phrase in joined.message)
    content = content_of(_layer(data, place)[joined.byte :])
    assert content is not None
    assert joined.message.lower().startswith(content.value.lower())


def _layer(data: bytes, place: str) -> bytes:
    """Return the bytes of a layer, with what follows it."""
    if data.startswith(AES_MAGIC) and place != "aes":
        data = b"".join(Decryption(ByteStream(iter([data])), PASSWORD).chunks())
    if data.startswith(MAGIC) and place == "tar":
        data = b"".join(GzipReader(ByteStream(iter([data]))).chunks())
    return data


def test_the_command_of_the_finding_mends_the_file() -> None:
    extended = ENCRYPTED + b"\r\n"
    command = re.search(r"head -c (\d+)", read(extended)[0].defects[0].message)
    assert command
    assert extended[: int(command[1])] == ENCRYPTED


@settings(max_examples=200)
@given(
    form=st.sampled_from(sorted(FORMS)),
    behind=st.binary(min_size=1, max_size=70)
    | st.integers(1, 1200).map(bytes)
    | st.sampled_from([TAR, GZIP, ENCRYPTED, ZIP, NOISE]),
)
def test_no_bytes_behind_the_end_pass_without_a_defect(form: str, behind: bytes) -> None:
    found = kinds(read(FORMS[form] + behind)[0])
    assert found or (form == "tar" and not any(behind))
    if found == ["trailing-padding"]:
        assert not any(behind) or (form == "tar.gz.aes" and len(behind) < BLOCK)


@settings(max_examples=100)
@given(bits=st.integers(1, 255), back=st.integers(1, 2 * BLOCK), behind=st.sampled_from([b"\n", bytes(480), bytes(3)]))
def test_an_altered_end_with_padding_behind_it_is_never_a_mere_warning(bits: int, back: int, behind: bytes) -> None:
    altered = bytearray(ENCRYPTED)
    altered[-back] ^= bits
    assert kinds(read(bytes(altered) + behind)[0]) not in ([], ["trailing-padding"])


@settings(max_examples=60)
@given(
    cut=st.integers(1, len(ENCRYPTED) - HEADER - BLOCK), behind=st.sampled_from([b"\n", bytes(480), bytes(3), NOISE])
)
def test_a_cut_file_that_was_filled_up_is_never_a_mere_warning(cut: int, behind: bytes) -> None:
    assert kinds(read(ENCRYPTED[:-cut] + behind)[0]) not in ([], ["trailing-padding"])


class _Trickle(io.BytesIO):
    """Bytes that come in pieces of at most ``limit``, as from a slow pipe."""

    limit = 1

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read(min(self.limit, size) if size and size > 0 else self.limit)


def _trickled(data: bytes, limit: int) -> Archive:
    stream = _Trickle(data)
    stream.limit = limit
    with open_archive("-", password=PASSWORD, stdin=stream) as archive:
        walk(archive)
    return archive


@pytest.mark.parametrize("data", [data for data, _, _ in ENDS.values()], ids=ENDS)
@pytest.mark.parametrize("limit", [1, 7, 13, 512])
def test_the_defects_do_not_depend_on_the_pieces_in_which_the_bytes_come(data: bytes, limit: int) -> None:
    assert _trickled(data, limit).defects == read(data)[0].defects


def test_blocks_of_anything_appended_to_an_encrypted_archive_are_an_error() -> None:
    for count in (16, 32, 48, 4096):
        assert kinds(read(ENCRYPTED + NOISE[:count])[0]) == ["trailing-data"]


def test_a_block_of_junk_without_padding_is_both_bad_padding_and_trailing_data() -> None:
    assert kinds(read(unpadded(filled(GZIP, 1)))[0]) == ["bad-padding", "trailing-data"]
