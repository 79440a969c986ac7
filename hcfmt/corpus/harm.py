"""What harm can be done to a sound export: to its members, to what stands in its data files, to its bytes."""

import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

from hcfmt.corpus.case import CHUNK, Files, packed
from hcfmt.export.writer import BLOCK, MTIME, Encryption, Entry, encrypt_chunks, tar_chunks

BOMB = 1 << 30  # bytes that a bomb of about a megabyte expands to
MANY = 20_000  # of small things
_ODD = b"odd\n"

Maker = Callable[[Files, Encryption], Iterable[bytes]]
"""What makes the bytes of a file from a sound export and the way to seal it."""


# Members.


def member(name: str, content: bytes = b"", *, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = -1) -> bytes:
    """Return a member as it stands in a tar; ``size`` is what its header says where that is not the truth."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mtime = kind, link, MTIME
    info.size = len(content) if size < 0 else size
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape") + content + bytes(-len(content) % BLOCK)


def plus(*members: bytes) -> Maker:
    """Return what adds members to a sound export."""
    return lambda files, how: packed(files.tar(members), how)


def named(name: str) -> Maker:
    """Return what adds a small file of a name."""
    return plus(member(name, _ODD))


def linked(kind: bytes, link: str, *more: bytes) -> Maker:
    """Return what adds a link or the like, and more members behind it."""
    return plus(member("rooms/link", kind=kind, link=link), *more)


# Data files.


def edited(below: str, holding: bytes, edit: Callable[[bytes], bytes]) -> Maker:
    """Return what edits the first history below a directory that holds something."""

    def make(files: Files, how: Encryption) -> Iterable[bytes]:
        path = files.first(below, holding)
        return packed(files.but(path, edit(files.content[path])).tar(), how)

    return make


def refers(path: str, before: bytes, after: bytes) -> Maker:
    """Return what changes the first place where some bytes stand in a file."""
    return lambda files, how: packed(files.but(path, files.content[path].replace(before, after, 1)).tar(), how)


def attached(place: str) -> Maker:
    """Return what lets a message name another place for its file."""

    def edit(history: bytes) -> bytes:
        records = json.loads(history)
        message = next(one["UserMessage"] for one in records if "attachment" in one.get("UserMessage", {}))
        message["attachment"]["path"] = place
        return json.dumps(records, separators=(",", ":"), ensure_ascii=False).encode()

    return edited("rooms", b'"attachment":{', edit)


def said(more: bytes) -> Maker:
    """Return what adds properties to the first message of a room."""
    start = b'{"UserMessage":{'
    return edited("rooms", start, lambda history: history.replace(start, start + more + b",", 1))


def texted(message: bytes) -> Maker:
    """Return what gives the first message of a room another text."""
    start = b'"message":"'

    def edit(history: bytes) -> bytes:
        before, after = history.split(b'{"UserMessage":{', 1)
        inner, rest = after.split(start, 1)
        return b'%b{"UserMessage":{%b%b%b%b' % (before, inner, start, message, rest[_closing(rest) :])

    return edited("rooms", b'{"UserMessage":{', edit)


def _closing(text: bytes) -> int:
    """Return where the string ends of which this is the rest after its quotation mark."""
    at = 0
    while text[at : at + 1] != b'"':
        at += 2 if text[at : at + 1] == b"\\" else 1
    return at


def listed(filling: Callable[[bytes], bytes]) -> Maker:
    """Return what puts many elements more into users.json, made of its text."""

    def make(files: Files, how: Encryption) -> Iterable[bytes]:
        users = files.content["users.json"]
        return packed(files.but("users.json", users[:-1] + (b"," + filling(users)) * MANY + b"]").tar(), how)

    return make


# Bombs.


def zeros(path: str, size: int = BOMB) -> Maker:
    """Return what adds a file of zeros, without ever holding them."""
    zeros = bytes(CHUNK)
    return lambda files, how: packed(
        tar_chunks([*files.entries(), Entry(path, size, repeat(zeros, size // CHUNK))]), how
    )


def header_bomb(kind: bytes) -> Maker:
    """Return what begins with a header for the next member's header, of a size that no such thing has."""
    size = BOMB // 4

    def make(files: Files, how: Encryption) -> Iterable[bytes]:
        def tar() -> Iterator[bytes]:
            yield member("header", kind=kind, size=size)
            yield from repeat(b"x" * CHUNK, size // CHUNK)
            yield from files.tar()

        return packed(tar(), how)

    return make


def many_members(files: Files, how: Encryption) -> Iterable[bytes]:
    """Add very many files that nothing refers to."""
    return packed(files.tar(member(f"rooms/100001/files/a/{number}") for number in range(MANY)), how)


# Streams.


def file_of(change: Callable[[bytes], bytes]) -> Maker:
    """Return what changes the bytes of the sealed file."""
    return lambda files, how: [change(b"".join(packed(files.tar(), how)))]


def gzip_of(change: Callable[[bytes], bytes]) -> Maker:
    """Return what changes the bytes of the gzip stream, and seals that."""
    return lambda files, how: encrypt_chunks([change(b"".join(packed(files.tar())))], how)


def tar_of(change: Callable[[bytes], bytes]) -> Maker:
    """Return what changes the bytes of the tar, and packs and seals that."""
    return lambda files, how: packed([change(b"".join(files.tar()))], how)


def flipped(data: bytes, at: int) -> bytes:
    """Return bytes of which one has all its bits turned."""
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
