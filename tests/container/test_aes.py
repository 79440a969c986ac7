"""Decryption and encryption agree with openssl; every other input is a fault with its name."""

import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.container.aes import BLOCK, DIGESTS, HEADER, Decryption, derive, encrypt, padding_of
from hcfmt.container.byte_stream import ByteStream
from hcfmt.errors import Fault, UsageError
from tests.support.builders import PASSWORD, SALT, SAMPLE, chunked, encrypted, zipped
from tests.support.counterparts import counterpart

OPTIONS = {"md5": ["-md", "md5"], "sha256": ["-md", "sha256"], "pbkdf2": ["-pbkdf2"]}
CONTENT = zipped(b"a sealed secret, " * 10)


def _openssl(*arguments: str, data: bytes) -> bytes:
    command = [counterpart("openssl"), "enc", "-aes-256-cbc", *arguments, "-pass", f"pass:{PASSWORD.decode()}"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def _decryption(data: bytes, chunk: int = 65536, digests: tuple[str, ...] = DIGESTS) -> Decryption:
    return Decryption(ByteStream(chunked(data, chunk)), PASSWORD, digests)


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("length", [0, 1, 15, 16, 100_000])
def test_a_file_encrypted_by_openssl_is_decrypted(digest: str, length: int) -> None:
    content = zipped(b"x") + bytes(length)
    decryption = _decryption(_openssl(*OPTIONS[digest], data=content))
    assert b"".join(decryption.chunks()) == content
    assert decryption.digest == digest
    assert decryption.padding == BLOCK - len(content) % BLOCK


@pytest.mark.parametrize("digest", DIGESTS)
def test_openssl_decrypts_an_encrypted_file(digest: str) -> None:
    assert _openssl("-d", *OPTIONS[digest], data=encrypted(CONTENT, digest)) == CONTENT


@settings(max_examples=50)
@given(
    content=st.binary(max_size=100), chunk=st.sampled_from([1, 7, 16, 17, 65536]), digest=st.sampled_from(DIGESTS[:2])
)
def test_encrypting_and_decrypting_gives_the_same_bytes(content: bytes, chunk: int, digest: str) -> None:
    content_bytes = CONTENT + content
    ciphertext = b"".join(encrypt(chunked(content_bytes, chunk), PASSWORD, digest, salt=SALT))
    assert len(ciphertext) % BLOCK == 0
    decryption = _decryption(ciphertext, chunk)
    chunks = list(decryption.chunks())
    assert b"".join(chunks) == content_bytes
    assert decryption.padding == BLOCK - len(content_bytes) % BLOCK


def test_the_published_sample_is_decrypted() -> None:
    decryption = _decryption(SAMPLE.read_bytes())
    tar = zlib.decompress(b"".join(decryption.chunks()), wbits=31)
    assert decryption.digest == "md5"
    assert len(tar) == 133_120


def test_the_key_is_derived_as_by_openssl() -> None:
    # openssl enc -aes-256-cbc -md md5 -P -k hipchat -S 73616c7473616c74
    key, vector = derive(PASSWORD, SALT, "md5")
    printed = subprocess.run(
        [counterpart("openssl"), "enc", "-aes-256-cbc", "-md", "md5", "-P", "-k", "hipchat", "-S", SALT.hex()],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert f"key={key.hex().upper()}" in printed
    assert f"iv ={vector.hex().upper()}" in printed


@pytest.mark.parametrize("digests", [DIGESTS, ("sha256",), ()])
def test_a_wrong_password_is_cannot_decrypt_and_lists_the_derivations(digests: tuple[str, ...]) -> None:
    with pytest.raises(Fault) as caught:
        Decryption(ByteStream(iter([encrypted(CONTENT)])), b"another" if len(digests) > 1 else PASSWORD, digests)
    assert caught.value.defect.kind == "cannot-decrypt"
    assert all(digest in str(caught.value) for digest in digests)
    assert "password is most likely wrong" in str(caught.value)


def test_padding_alone_does_not_prove_a_password() -> None:
    # About one wrong password in 256 leaves valid padding in the last block: gzip's header is what counts.
    ciphertext = encrypted(CONTENT)
    guesses = [b"%d" % number for number in range(2000)]
    lucky = [guess for guess in guesses if _padded(ciphertext, guess)]
    assert lucky
    for guess in lucky:
        with pytest.raises(Fault, match="most likely wrong"):
            Decryption(ByteStream(iter([ciphertext])), guess, ("md5",))


def _padded(ciphertext: bytes, password: bytes) -> bool:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - the test's own key

    key, _ = derive(password, ciphertext[8:HEADER], "md5")
    plain = Cipher(algorithms.AES256(key), modes.CBC(ciphertext[-32:-16])).decryptor().update(ciphertext[-16:])
    return padding_of(plain) > 0


@pytest.mark.parametrize("length", [8, 15, 16, 31])
def test_a_file_without_a_whole_block_is_ciphertext_cut(length: int) -> None:
    with pytest.raises(Fault) as caught:
        _decryption(encrypted(CONTENT)[:length])
    assert caught.value.defect.kind == "ciphertext-cut"
    assert f"{length} bytes" in str(caught.value)


@pytest.mark.parametrize("chunk", [1, 7, 65536])
@pytest.mark.parametrize("missing", [1, 9, 15])
def test_a_length_not_a_multiple_of_16_is_ciphertext_cut_after_all_whole_blocks(missing: int, chunk: int) -> None:
    ciphertext = encrypted(CONTENT + bytes(100))
    chunks, whole_blocks = _decryption(ciphertext[:-missing], chunk).chunks(), len(ciphertext) - 16 - HEADER
    plain = b""
    while len(plain) < whole_blocks:
        plain += next(chunks)
    assert plain == (CONTENT + bytes(100))[:whole_blocks]
    with pytest.raises(Fault) as caught:
        next(chunks)
    assert caught.value.defect.kind == "ciphertext-cut"
    assert caught.value.defect.byte == len(ciphertext) - missing
    assert f"{16 - missing} too many bytes, or {missing} missing" in str(caught.value)


def test_a_cut_file_never_loses_bytes_that_look_like_padding() -> None:
    content = CONTENT + b"x" * (-(len(CONTENT) + 2) % BLOCK) + b"\x02\x02"
    chunks = _decryption(encrypted(content)[:-1]).chunks()
    assert next(chunks) == content
    with pytest.raises(Fault, match="not a multiple"):
        next(chunks)


def test_a_last_block_with_invalid_padding_is_yielded_whole() -> None:
    content = CONTENT + bytes(-len(CONTENT) % BLOCK)
    content_bytes = encrypted(content)[:-BLOCK]  # cut where openssl would have put the padding
    decryption = _decryption(content_bytes)
    assert b"".join(decryption.chunks()) == content
    assert decryption.padding == 0


@pytest.mark.parametrize(
    ("end", "padding"),
    [
        (b"\x01", 1),
        (b"\x02\x02", 2),
        (b"\x10" * 16, 16),
        (b"\x00", 0),
        (b"\x11" * 17, 0),
        (b"\x01\x02", 0),
        (b"\x03\x02\x03", 0),
    ],
)
def test_padding_is_n_times_the_byte_n(end: bytes, padding: int) -> None:
    assert padding_of(b"x" * 40 + end) == padding


def test_an_unknown_derivation_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="md5, sha256 or pbkdf2"):
        derive(PASSWORD, SALT, "sha1")


def test_a_salt_of_another_length_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="must have 8"):
        list(encrypt(iter([b""]), PASSWORD, salt=b"short"))


def test_the_sample_is_where_the_tests_expect_it() -> None:
    assert Path(SAMPLE).read_bytes().startswith(b"Salted__")
