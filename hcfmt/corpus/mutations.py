"""Mutations of a sound export: of its members, of the content of its data files, and of its bytes."""

import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

from hcfmt.corpus.case import CHUNK, Files, pack
from hcfmt.export.writer import BLOCK, MTIME, Encryption, Entry, encrypt_chunks, tar_chunks

BOMB = 1 << 30  # bytes that a bomb of about a megabyte expands to
MANY = 20_000  # of small things
_ODD = b"odd\n"

Mutation = Callable[[Files, Encryption], Iterable[bytes]]
"""A function that takes a sound export and an encryption, and yields the bytes of a mutated archive."""


# Members.


def tar_member(
    name: str, content: bytes = b"", *, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = -1
) -> bytes:
    """Return the header and content of a member in a tar; ``size`` replaces the true size in the header."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mtime = kind, link, MTIME
    info.size = len(content) if size < 0 else size
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape") + content + bytes(-len(content) % BLOCK)


def add_members(*members: bytes) -> Mutation:
    """Return a mutation that adds members."""
    return lambda files, encryption: pack(files.tar(members), encryption)


def add_file(name: str) -> Mutation:
    """Return a mutation that adds a small file of some name."""
    return add_members(tar_member(name, _ODD))


def add_link(kind: bytes, link: str, *more: bytes) -> Mutation:
    """Return a mutation that adds a link, or another special member, and more members after it."""
    return add_members(tar_member("rooms/link", kind=kind, link=link), *more)


# Data files.


def edit_history(below: str, containing: bytes, edit: Callable[[bytes], bytes]) -> Mutation:
    """Return a mutation that edits the first history below a directory that contains some bytes."""

    def mutate(files: Files, encryption: Encryption) -> Iterable[bytes]:
        path = files.first_history(below, containing)
        return pack(files.with_content(path, edit(files.content[path])).tar(), encryption)

    return mutate


def rewrite(path: str, edit: Callable[[bytes], bytes]) -> Mutation:
    """Return a mutation that edits the content of a file."""

    def mutate(files: Files, encryption: Encryption) -> Iterable[bytes]:
        return pack(files.with_content(path, edit(files.content[path])).tar(), encryption)

    return mutate


def replace_in(path: str, before: bytes, after: bytes) -> Mutation:
    """Return a mutation that replaces the first occurrence of some bytes in a file."""
    return rewrite(path, lambda content: content.replace(before, after, 1))


def set_attachment_path(path: str) -> Mutation:
    """Return a mutation that changes the path of the file of a message."""

    def edit(history: bytes) -> bytes:
        records = json.loads(history)
        message = next(record["UserMessage"] for record in records if "attachment" in record.get("UserMessage", {}))
        message["attachment"]["path"] = path
        return json.dumps(records, separators=(",", ":"), ensure_ascii=False).encode()

    return edit_history("rooms", b'"attachment":{', edit)


def add_message_properties(more: bytes) -> Mutation:
    """Return a mutation that adds properties to the first message of a room."""
    start = b'{"UserMessage":{'
    return edit_history("rooms", start, lambda history: history.replace(start, start + more + b",", 1))


def set_message_text(message: bytes) -> Mutation:
    """Return a mutation that replaces the text of the first message of a room."""
    start = b'"message":"'

    def edit(history: bytes) -> bytes:
        before, after = history.split(b'{"UserMessage":{', 1)
        inner, rest = after.split(start, 1)
        return b'%b{"UserMessage":{%b%b%b%b' % (before, inner, start, message, rest[_closing(rest) :])

    return edit_history("rooms", b'{"UserMessage":{', edit)


def _closing(text: bytes) -> int:
    """Return the offset of the quotation mark that ends a JSON string, whose text begins the bytes."""
    offset = 0
    while text[offset : offset + 1] != b'"':
        offset += 2 if text[offset : offset + 1] == b"\\" else 1
    return offset


def add_users(filling: Callable[[bytes], bytes]) -> Mutation:
    """Return a mutation that adds many elements to users.json, which a function makes of its text."""
    return rewrite("users.json", lambda users: users[:-1] + (b"," + filling(users)) * MANY + b"]")


# Bombs.


def add_zeros(path: str, size: int = BOMB) -> Mutation:
    """Return a mutation that adds a file of zeros, which are never in memory at once."""
    zeros = bytes(CHUNK)
    return lambda files, encryption: pack(
        tar_chunks([*files.entries(), Entry(path, size, repeat(zeros, size // CHUNK))]), encryption
    )


def header_bomb(kind: bytes) -> Mutation:
    """Return a mutation that adds a very large extended header before the first member."""
    size = BOMB // 4

    def mutate(files: Files, encryption: Encryption) -> Iterable[bytes]:
        def tar() -> Iterator[bytes]:
            yield tar_member("header", kind=kind, size=size)
            yield from repeat(b"x" * CHUNK, size // CHUNK)
            yield from files.tar()

        return pack(tar(), encryption)

    return mutate


def add_many_members(files: Files, encryption: Encryption) -> Iterable[bytes]:
    """Yield the archive with very many files that no record refers to."""
    return pack(files.tar(tar_member(f"rooms/100001/files/a/{number}") for number in range(MANY)), encryption)


# Streams.


def edit_file(change: Callable[[bytes], bytes]) -> Mutation:
    """Return a mutation that edits the encrypted file."""
    return lambda files, encryption: [change(b"".join(pack(files.tar(), encryption)))]


def edit_gzip(change: Callable[[bytes], bytes]) -> Mutation:
    """Return a mutation that edits the gzip stream, and encrypts it."""
    return lambda files, encryption: encrypt_chunks([change(b"".join(pack(files.tar())))], encryption)


def edit_tar(change: Callable[[bytes], bytes]) -> Mutation:
    """Return a mutation that edits the tar, and compresses and encrypts it."""
    return lambda files, encryption: pack([change(b"".join(files.tar()))], encryption)


def flip_byte(data: bytes, offset: int) -> bytes:
    """Return bytes with all bits of one byte flipped."""
    return data[:offset] + bytes([data[offset] ^ 0xFF]) + data[offset + 1 :]
