"""Decryption, decompression and tar: bytes in, members out, within limits that hold for hostile input too.

Nothing here depends on HipChat.
"""

from hcfmt.container.aes import DIGESTS, SALT, encrypt
from hcfmt.container.archive import Archive, open_archive
from hcfmt.container.atomic_write import atomic_file, is_directory_name, require_file_name
from hcfmt.container.budget import DEPTHS, LIMITS, Budget
from hcfmt.container.encryption import decrypt_archive, encrypt_archive, open_input
from hcfmt.container.gzip import compress
from hcfmt.container.member import Member, MemberKind
from hcfmt.container.passwords import Password, password_bytes
from hcfmt.container.private_files import PRIVATE, private_directory, private_file, temporary_directory
from hcfmt.container.source import STDIN, ArchiveInput, Source, input_name
from hcfmt.container.wildcards import expand_inputs

__all__ = [
    "DEPTHS",
    "DIGESTS",
    "LIMITS",
    "PRIVATE",
    "SALT",
    "STDIN",
    "Archive",
    "ArchiveInput",
    "Budget",
    "Member",
    "MemberKind",
    "Password",
    "Source",
    "atomic_file",
    "compress",
    "decrypt_archive",
    "encrypt",
    "encrypt_archive",
    "expand_inputs",
    "input_name",
    "is_directory_name",
    "open_archive",
    "open_input",
    "password_bytes",
    "private_directory",
    "private_file",
    "require_file_name",
    "temporary_directory",
]
