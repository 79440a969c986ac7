"""Bytes in, bytes out: decryption, decompression and tar, bounded and hostile-proof; knows nothing of HipChat."""

from hcfmt.container.aes import DIGESTS, SALT, encrypt
from hcfmt.container.archive import Archive, open_archive
from hcfmt.container.budget import DEPTHS, LIMITS, Budget
from hcfmt.container.gzip import gzipped
from hcfmt.container.member import Member, MemberKind
from hcfmt.container.output import is_directory_name, need_name, whole_file
from hcfmt.container.seal import opened, sealed, source_of
from hcfmt.container.source import STDIN, Source
from hcfmt.container.temporary import PRIVATE, private_directory, private_file, temporary_directory

__all__ = [
    "DEPTHS",
    "DIGESTS",
    "LIMITS",
    "PRIVATE",
    "SALT",
    "STDIN",
    "Archive",
    "Budget",
    "Member",
    "MemberKind",
    "Source",
    "encrypt",
    "gzipped",
    "is_directory_name",
    "need_name",
    "open_archive",
    "opened",
    "private_directory",
    "private_file",
    "sealed",
    "source_of",
    "temporary_directory",
    "whole_file",
]
