"""The sound cases: companies of many kinds, and the layouts that a tar may have."""

import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from hcfmt.container import compress
from hcfmt.container.private_files import private_file
from hcfmt.corpus.case import Case, Files, Folder, encryption_for
from hcfmt.export.writer import BLOCK, END, MTIME, ArchiveForm, Entry, encrypt_chunks, tar_chunks, write_archive
from hcfmt.generation.members import members
from hcfmt.generation.plan import Plan, planned
from hcfmt.rng import random_for

_RECORD = 20 * BLOCK  # bytes; GNU tar writes whole records
_SMALL = 2  # companies to be broken that have less than the others
_GZIP_MEMBER = 10_000  # bytes of a tar in a gzip member

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
_LANGUAGES = ("de_DE", "ja_JP", "es_ES", "ar_AA", "hi_IN", "ru_RU:en_US", "he_IL:en_US")

COMPANIES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "tiny": ("Four people, two rooms, sixty messages.", {}),
    "company": ("A little of everything.", _COMPANY),
    "nobody-talks-in-private": ("No private messages: every user's history is empty.", {"private_share": 0.0}),
    "only-private-messages": (
        "No rooms at all: every message is private.",
        {"rooms": 0, "private_rooms": 0, "private_share": 1.0, "notification_share": 0.0, "guests": 0},
    ),
    "silent-rooms": (
        "Rooms without messages: every message is private.",
        {"private_share": 1.0, "notification_share": 0.0},
    ),
    "no-notifications": ("No messages of integrations.", {"notification_share": 0.0}),
    "only-notifications": (
        "All messages are notifications of integrations.",
        {"private_share": 0.0, "notification_share": 1.0, "attachments": 0, "attachment_bytes": 0},
    ),
    "many-people": ("Sixty people, and fewer messages than that.", {"users": 60, "messages": 50}),
    "one-person": (
        "A single person.",
        {"users": 1, "guests": 0, "rooms": 1, "private_rooms": 0, "messages": 20, "attachments": 1},
    ),
    "no-guests": ("No guests.", {"guests": 0}),
    "many-guests": (
        "Guests without e-mail addresses, and rooms with guest access.",
        {"users": 12, "guests": 5, "rooms": 8},
    ),
    "deleted-users": (
        "Half of the people are deleted; their messages remain.",
        {"users": 12, "deleted_users": 6},
    ),
    "archived-rooms": ("Half of the rooms are archived.", {"rooms": 8, "archived_rooms": 4}),
    "deleted-rooms": (
        "Half of the rooms are deleted; their histories remain.",
        {"rooms": 8, "deleted_rooms": 4},
    ),
    "private-rooms": ("Every room is private.", {"rooms": 6, "private_rooms": 6, "guests": 0}),
    "no-emoticons": ("No custom emoticons, and no directory for them.", {"emoticons": 0}),
    "many-emoticons": ("Forty custom emoticons.", {"emoticons": 40}),
    "no-attachments": ("No uploaded files.", {"attachments": 0, "attachment_bytes": 0}),
    "many-attachments": ("Fifty uploaded files in sixty messages.", {"attachments": 50, "attachment_bytes": 650_000}),
    "large-attachment": (
        "One uploaded file of three million bytes.",
        {"attachments": 1, "attachment_bytes": 3_000_000},
    ),
    "many-languages": (
        "Names in seven languages and texts in six, some of them written from right to left.",
        {**_COMPANY, "locales": _LANGUAGES},
    ),
    "nasty-text": (
        "Names and texts that are valid and hard to handle: emoji, HTML, escapes, 10,000 characters.",
        {**_COMPANY, "nasty": True},
    ),
    "many-years": ("Eleven years.", {"since": date(2008, 1, 7), "until": date(2019, 2, 15), "messages": 200}),
}
"""The companies: a sentence about each, and the fields of its plan."""


def plan(seed: int, name: str, changes: Mapping[str, Any]) -> Plan:
    """Return the plan of a company: the profile tiny with some changes, and a seed of its own."""
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
    write_archive(path, form, members(plan(seed, name, changes)), encryption=encryption_for(seed, name, digest=digest))


def company_to_break(seed: int, number: int, path: str) -> None:
    """Write the export of a company to break: the first has the least, from the third on they have everything."""
    changes = ({"attachments": 0, "emoticons": 0}, {})[number] if number < _SMALL else _COMPANY
    company(seed, f"broken {number}", path, changes)


def tiny(seed: int, name: str = "tiny") -> Files:
    """Return the export of the tiny company in memory, or of another company of its size."""
    return Files([(entry.path, b"".join(entry.chunks)) for entry in members(plan(seed, name, {}))])


# Layouts of a sound tar: functions that yield the compressed tar of an export.

Layout = Callable[[Files], Iterable[bytes]]


def _reversed(files: Files) -> Iterator[bytes]:
    return compress(Files(files.files[::-1]).tar())


def _directories(files: Files) -> Iterator[bytes]:
    parents = dict.fromkeys(
        str(parent) for path, _ in files.files for parent in reversed([*PurePosixPath(path).parents][:-1])
    )
    entries = [Entry(f"{parent}/", 0) for parent in parents]
    return compress(tar_chunks([*entries, *files.entries()]))


def _pax(files: Files) -> Iterator[bytes]:
    """Yield a tar as Python writes it: an extended header before each member, with fractions of seconds."""
    for path, data in files.files:
        info = tarfile.TarInfo(path)
        info.size, info.mtime = len(data), MTIME
        info.pax_headers = {"mtime": f"{MTIME}.25", "comment": "of no importance"}
        yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        yield data
        yield bytes(-len(data) % BLOCK)
    yield bytes(END)


def _gzip_members(files: Files) -> Iterator[bytes]:
    tar = b"".join(files.tar())
    for start in range(0, len(tar), _GZIP_MEMBER):
        yield from compress([tar[start : start + _GZIP_MEMBER]])


def _padded(files: Files) -> Iterator[bytes]:
    tar = b"".join(files.tar())
    return compress([tar, bytes(-len(tar) % _RECORD)])


LAYOUTS: Mapping[str, tuple[str, Layout]] = {
    "members-in-reverse": ("Histories and files come before the lists of users and rooms.", _reversed),
    "directory-members": ("Directories are members too.", _directories),
    "pax-headers": ("Every member has a POSIX extended header.", lambda files: compress(_pax(files))),
    "many-gzip-members": (
        "Several gzip members in a row, which are one stream together (RFC 1952).",
        _gzip_members,
    ),
    "padded-tar": ("The tar is padded to whole records of 10,240 bytes, as GNU tar does.", _padded),
}


def valid_cases(seed: int) -> Iterator[Case]:
    """Yield the sound cases."""
    for name, (about, changes) in COMPANIES.items():
        yield Case(Folder.VALID, name, about, partial(_company, seed, name, changes, ArchiveForm.ENCRYPTED))
    yield Case(
        Folder.VALID,
        "not-sealed",
        "The tiny company, not encrypted.",
        partial(_company, seed, "tiny", {}, ArchiveForm.GZIP),
        ArchiveForm.GZIP,
    )
    yield Case(
        Folder.VALID,
        "not-packed",
        "The tiny company, neither encrypted nor compressed.",
        partial(_company, seed, "tiny", {}, ArchiveForm.TAR),
        ArchiveForm.TAR,
    )
    for name, (about, layout) in LAYOUTS.items():
        yield Case(Folder.VALID, name, about, partial(_laid_out, seed, name, layout))


def modern_encryption_cases(seed: int) -> Iterator[Case]:
    """Yield the cases that are encrypted as newer versions of OpenSSL do."""
    for digest, about in (("sha256", "OpenSSL 1.1.0's default"), ("pbkdf2", "OpenSSL's option -pbkdf2")):
        name = f"hc013-modern-key-derivation-{digest}"
        sentence = f"The key is derived as by {about}."
        write_it = partial(company, seed, name, changes={}, digest=digest)
        yield Case(Folder.WARNING, name, sentence, write_it, digest=digest)


def _company(seed: int, name: str, changes: Mapping[str, Any], form: ArchiveForm, path: str) -> None:
    company(seed, name, path, changes, form=form)


def _laid_out(seed: int, name: str, layout: Layout, path: str) -> None:
    with private_file(Path(path)) as file:
        file.writelines(encrypt_chunks(layout(tiny(seed)), encryption_for(seed, name)))
