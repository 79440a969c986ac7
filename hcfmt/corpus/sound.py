"""The cases with which nothing is wrong: companies of every kind, and everything that a tar may look like."""

import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from hcfmt.container import compress, private_file
from hcfmt.corpus.case import Case, Files, Folder, seal
from hcfmt.export.writer import BLOCK, END, MTIME, ArchiveForm, Entry, encrypt_chunks, tar_chunks, write_archive
from hcfmt.generation.members import members
from hcfmt.generation.plan import Plan, planned
from hcfmt.rng import random_for

_RECORD = 20 * BLOCK  # bytes of which GNU tar writes whole numbers
_LARGER = 2  # companies to be broken that are smaller than all others
_PIECE = 10_000  # bytes of a tar in a gzip member

_COMPANY = {
    "users": 10,
    "guests": 2,
    "deleted_users": 1,
    "rooms": 6,
    "private_rooms": 2,
    "archived_rooms": 2,
    "deleted_rooms": 1,
    "messages": 240,
    "attachments": 10,
    "attachment_bytes": 130_000,
    "emoticons": 3,
}
_LANGUAGES = ("de_DE", "ja_JP", "fr_FR", "ru_RU", "zh_CN", "he_IL", "hi_IN")

COMPANIES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "tiny": ("Four people, two rooms, sixty messages.", {}),
    "company": ("A little of everything.", _COMPANY),
    "nobody-talks-in-private": ("No private messages, so that every user's history is empty.", {"private_share": 0.0}),
    "only-private-messages": (
        "No rooms at all: every message is private.",
        {"rooms": 0, "private_rooms": 0, "private_share": 1.0, "notification_share": 0.0, "guests": 0},
    ),
    "silent-rooms": (
        "Rooms in which nothing is said: every message is private.",
        {"private_share": 1.0, "notification_share": 0.0},
    ),
    "no-notifications": ("No messages of integrations.", {"notification_share": 0.0}),
    "only-notifications": (
        "Integrations alone talk.",
        {"private_share": 0.0, "notification_share": 1.0, "attachments": 0, "attachment_bytes": 0},
    ),
    "many-people": ("Sixty people, and fewer messages than that.", {"users": 60, "messages": 50}),
    "one-person": (
        "One person alone.",
        {"users": 1, "guests": 0, "rooms": 1, "private_rooms": 0, "messages": 20, "attachments": 1},
    ),
    "no-guests": ("Nobody was invited.", {"guests": 0}),
    "many-guests": (
        "Guests without e-mail addresses, and rooms that are open to them.",
        {"users": 12, "guests": 5, "rooms": 8},
    ),
    "deleted-users": (
        "Half of the people are deleted; what they said is still there.",
        {"users": 12, "deleted_users": 6},
    ),
    "archived-rooms": ("Half of the rooms are archived.", {"rooms": 8, "archived_rooms": 4}),
    "deleted-rooms": (
        "Half of the rooms are deleted; their histories are still there.",
        {"rooms": 8, "deleted_rooms": 4},
    ),
    "private-rooms": ("Every room is private.", {"rooms": 6, "private_rooms": 6, "guests": 0}),
    "no-emoticons": ("No custom emoticons, so that there is no directory for them.", {"emoticons": 0}),
    "many-emoticons": ("Forty custom emoticons.", {"emoticons": 40}),
    "no-attachments": ("No files.", {"attachments": 0, "attachment_bytes": 0}),
    "many-attachments": ("Fifty files in sixty messages.", {"attachments": 50, "attachment_bytes": 650_000}),
    "large-attachment": ("One file of three million bytes.", {"attachments": 1, "attachment_bytes": 3_000_000}),
    "many-languages": (
        "People and words of seven languages, one of them written from right to left.",
        {**_COMPANY, "locales": _LANGUAGES},
    ),
    "nasty-text": (
        "Names and texts as hard to handle as validity allows: emoji, HTML, escapes, 10,000 characters.",
        {**_COMPANY, "nasty": True},
    ),
    "many-years": ("Eleven years.", {"since": date(2008, 1, 7), "until": date(2019, 2, 15), "messages": 200}),
}
"""What is special about each company, and the fields of its plan."""


def plan(seed: int, name: str, changes: Mapping[str, Any]) -> Plan:
    """Return the plan of a company: the tiny one's with some changes, and a seed of its own."""
    return planned("tiny", **{**changes, "seed": random_for(seed, "corpus", name).getrandbits(31)})


def company(
    seed: int,
    name: str,
    path: str,
    changes: Mapping[str, Any],
    *,
    form: ArchiveForm = ArchiveForm.ENCRYPTED,
    digest: str = "md5",
) -> None:
    """Write a company's export."""
    write_archive(path, form, members(plan(seed, name, changes)), encryption=seal(seed, name, digest=digest))


def company_to_break(seed: int, number: int, path: str) -> None:
    """Write the export of a company that is to be broken: the first has the least, from the third on they have all."""
    changes = ({"attachments": 0, "emoticons": 0}, {})[number] if number < _LARGER else _COMPANY
    company(seed, f"broken {number}", path, changes)


def tiny(seed: int, name: str = "tiny") -> Files:
    """Return the tiny company's export in memory, or that of another one of its size."""
    return Files([(entry.path, b"".join(entry.chunks)) for entry in members(plan(seed, name, {}))])


# The ways in which a sound tar may be packed: of the files, the .tar.gz or the .tar.

Layout = Callable[[Files], Iterable[bytes]]


def _reversed(files: Files) -> Iterator[bytes]:
    return compress(Files(files.files[::-1]).tar())


def _directories(files: Files) -> Iterator[bytes]:
    parents = dict.fromkeys(
        str(one) for path, _ in files.files for one in reversed([*PurePosixPath(path).parents][:-1])
    )
    entries = [Entry(f"{one}/", 0) for one in parents]
    return compress(tar_chunks([*entries, *files.entries()]))


def _pax(files: Files) -> Iterator[bytes]:
    """Write what Python's and others' tar do: a header of its own before each member, with fractions of seconds."""
    for path, data in files.files:
        info = tarfile.TarInfo(path)
        info.size, info.mtime = len(data), MTIME
        info.pax_headers = {"mtime": f"{MTIME}.25", "comment": "of no importance"}
        yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        yield data
        yield bytes(-len(data) % BLOCK)
    yield bytes(END)


def _pieces(files: Files) -> Iterator[bytes]:
    whole = b"".join(files.tar())
    for at in range(0, len(whole), _PIECE):
        yield from compress([whole[at : at + _PIECE]])


def _padded(files: Files) -> Iterator[bytes]:
    whole = b"".join(files.tar())
    return compress([whole, bytes(-len(whole) % _RECORD)])


LAYOUTS: Mapping[str, tuple[str, Layout]] = {
    "members-in-reverse": ("Histories and files before the lists of those who wrote them.", _reversed),
    "directory-members": ("Directories are members too.", _directories),
    "pax-headers": ("Every member has an extended header, as POSIX describes it.", lambda files: compress(_pax(files))),
    "many-gzip-members": (
        "Several gzip members one after the other, which together are one stream (RFC 1952).",
        _pieces,
    ),
    "padded-tar": ("The tar is filled up to whole records of 10,240 bytes, as GNU tar does.", _padded),
}


def valid_cases(seed: int) -> Iterator[Case]:
    """Yield the cases with which nothing is wrong."""
    for name, (about, changes) in COMPANIES.items():
        yield Case(Folder.VALID, name, about, partial(_company, seed, name, changes, ArchiveForm.ENCRYPTED))
    yield Case(
        Folder.VALID,
        "not-sealed",
        "The tiny company, not sealed.",
        partial(_company, seed, "tiny", {}, ArchiveForm.GZIP),
        ArchiveForm.GZIP,
    )
    yield Case(
        Folder.VALID,
        "not-packed",
        "The tiny company, a tar alone.",
        partial(_company, seed, "tiny", {}, ArchiveForm.TAR),
        ArchiveForm.TAR,
    )
    for name, (about, layout) in LAYOUTS.items():
        yield Case(Folder.VALID, name, about, partial(_laid_out, seed, name, layout))


def sealed_cases(seed: int) -> Iterator[Case]:
    """Yield the cases that newer versions of OpenSSL sealed."""
    for digest, about in (("sha256", "OpenSSL 1.1.0's default"), ("pbkdf2", "OpenSSL's option -pbkdf2")):
        name = f"hc013-modern-key-derivation-{digest}"
        sentence = f"The key was derived as by {about}."
        write_it = partial(company, seed, name, changes={}, digest=digest)
        yield Case(Folder.WARNING, name, sentence, write_it, digest=digest)


def _company(seed: int, name: str, changes: Mapping[str, Any], form: ArchiveForm, path: str) -> None:
    company(seed, name, path, changes, form=form)


def _laid_out(seed: int, name: str, layout: Layout, path: str) -> None:
    with private_file(Path(path)) as file:
        file.writelines(encrypt_chunks(layout(tiny(seed)), seal(seed, name)))
