"""Decryption, decompression and tar: bytes in, members out, within limits that hold for hostile input too.

Nothing here depends on HipChat. What only writers need is imported from its own module, as readers do without it:
``atomic_write``, ``encryption``, ``private_files``.
"""

from hcfmt.container.aes import DIGESTS, SALT, encrypt
from hcfmt.container.archive import DIRECTORY, Archive, open_archive, unreadable_archive
from hcfmt.container.budget import DEPTHS, LIMITS, Budget
from hcfmt.container.gzip import compress
from hcfmt.container.member import Member, MemberKind
from hcfmt.container.passwords import Password, password_bytes, passwords
from hcfmt.container.source import STDIN, ArchiveInput, Source, input_name, is_url
from hcfmt.container.wildcards import expand_inputs

__all__ = [
    "DEPTHS",
    "DIGESTS",
    "DIRECTORY",
    "LIMITS",
    "SALT",
    "STDIN",
    "Archive",
    "ArchiveInput",
    "Budget",
    "Member",
    "MemberKind",
    "Password",
    "Source",
    "compress",
    "encrypt",
    "expand_inputs",
    "input_name",
    "is_url",
    "open_archive",
    "password_bytes",
    "passwords",
    "unreadable_archive",
]
