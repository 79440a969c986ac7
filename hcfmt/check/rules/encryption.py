"""Rules of the sealed file: the OpenSSL container, its key derivation and its padding."""

from hcfmt.check.rule import Flaws, Noted, rule
from hcfmt.findings import Severity


@rule("HC001", "misnamed-container", Severity.WARNING, "archive", looks_at="file name")
def misnamed_container(noted: Noted) -> Flaws:
    """The file's name promises a layer that the bytes do not have, or hides one that they do: .aes without the
    'Salted__' header, .gz that is a bare tar, .tar.gz that is encrypted.

    Why it matters: hcfmt goes by the bytes, other tools go by the name. Every importer fails on an archive that
    is still encrypted and is called .tar.gz. Rocket.Chat fails on a bare tar of that name too, which GNU tar
    reads.

    Bad::

        name export.tar.gz

    Good::

        name export.tar.gz.aes

    Common causes: The file was decrypted, or unpacked by a browser or a mail program, and kept its old name; or
    it was renamed in the hope of opening it.

    What to do: Before the old server is gone: rename a copy to what it is, and keep the file that hc-migrate
    wrote untouched. Afterwards: the same; nothing inside is harmed.

    Evidence: seed 000, "Decrypt the Export Artifact"; facts 5.1 (A1, A5).
    """
    return noted.of("misnamed-container")


@rule("HC002", "cannot-decrypt", Severity.ERROR, "archive", looks_at="aes", fault=True)
def cannot_decrypt(noted: Noted) -> Flaws:
    """No supported key derivation of the given password yields a gzip stream. Says what was tried (md5, sha256,
    PBKDF2, or the one asked for), and 'likely' a wrong password: the format is not authenticated, so damage to
    the first block looks the same.

    Why it matters: Without the password the archive is lost to everybody. openssl's own "bad decrypt" is no
    better judge: about one wrong key in 256 gets past it and leaves noise, so hcfmt asks for a gzip header
    instead.

    Bad::

        password wrong

    Good::

        (the documented sample as it is)

    Common causes: A mistyped password; one with spaces or special characters that the shell changed when the
    export was sealed; a password file in another encoding.

    What to do: Before the old server is gone: export again with a password that you have written down, and
    check the new file at once. Afterwards: try the passwords in question from a file (--password-file), past
    the shell; then look for another copy of the archive.

    Evidence: seed 000, "Decrypt the Export Artifact"; facts 3.
    """
    return noted.of("cannot-decrypt")


@rule("HC003", "ciphertext-cut", Severity.ERROR, "archive", looks_at="aes", fault=True)
def ciphertext_cut(noted: Noted) -> Flaws:
    """The encrypted file is too short to hold a header and one block, or its length is not a whole number of AES
    blocks. Says how many bytes are missing or extra, and what could be read.

    Why it matters: openssl writes what it can, says "wrong final block length" and ends with status 1. Whoever
    overlooks that hands a damaged .tar.gz to an importer, and all of them stop on one.

    Bad::

        aes cut -5

    Good::

        (the documented sample as it is)

    Common causes: A download or copy that was broken off, a full disk, a transfer in text mode, or bytes that
    something appended.

    What to do: Before the old server is gone: compare the size and the SHA-256 sum with the file on the server
    and copy it again, or export again. Afterwards: look for another copy; what stands before the cut can still
    be read.

    Evidence: facts 3; facts 5.1 (A3).
    """
    return noted.of("ciphertext-cut")


@rule("HC004", "bad-padding", Severity.ERROR, "archive", looks_at="aes", damage=True)
def bad_padding(noted: Noted) -> Flaws:
    r"""Everything inside was read to its end, but the cipher's last block is not valid PKCS#7 padding.

    Why it matters: The last block was changed, or was not made by OpenSSL. openssl says "bad decrypt", ends
    with status 1 and holds the block back, so that the .tar.gz lacks its last bytes. Nothing else in the file
    proves itself either: only gzip's checksum speaks for the content.

    Bad::

        aes pad \x00

    Good::

        (the documented sample as it is)

    Common causes: Damage in the last 16 bytes, or a seal by a program that fills the last block with zeros.

    What to do: Before the old server is gone: copy the file again and compare sums, or export again.
    Afterwards: the content was read whole, so unpack it and seal it anew with openssl.

    Evidence: facts 3.
    """
    return noted.of("bad-padding")


@rule("HC013", "modern-key-derivation", Severity.WARNING, "archive", looks_at="aes")
def modern_key_derivation(noted: Noted) -> Flaws:
    """The key was derived with SHA-256 (OpenSSL 1.1.0's default) or PBKDF2; hc-migrate's own archives and the
    importers' documented commands use MD5.

    Why it matters: The commands that Zulip and Rocket.Chat users are told to run name -md md5; on this file
    they end in "bad decrypt". Other tools that expect hc-migrate's archives will most likely fail the same way.

    Bad::

        digest sha256

    Good::

        digest md5

    Common causes: The archive was decrypted and sealed again with a newer OpenSSL. hc-migrate did not make this
    file.

    What to do: Before the old server is gone: keep the file as hc-migrate wrote it. Afterwards: decrypt with
    the derivation that the finding names, and seal again with openssl enc -aes-256-cbc -md md5.

    Evidence: facts 3; Rocket.Chat issue 12106.
    """
    return noted.of("modern-key-derivation")
