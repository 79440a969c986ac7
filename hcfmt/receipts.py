"""Receipt of an archive: digests, counts and verdict, without any text or name of the archive."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from hcfmt.exits import Exit

RECEIPT_VERSION = 1  # of the JSON document

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class StreamDigest(Struct, frozen=True):
    """SHA-256 in hexadecimal and size of a stream of bytes."""

    bytes: int
    sha256: Sha256


class MessageReference(Struct, frozen=True):
    """A message: its id, None where that could not be read, and its time in UTC (RFC 3339)."""

    id: str | None
    time: str


class RoomCounts(Struct, frozen=True):
    """Counts of one room, and the first and the last message of its history."""

    room: int
    messages: int
    files: int
    file_bytes: int
    first: MessageReference | None
    last: MessageReference | None


class UserCounts(Struct, frozen=True):
    """Counts of one user, and the first and the last message of the user's history.

    ``room_messages`` are those that the user sent to rooms, ``private_messages`` those that the user sent to people,
    and ``history`` is the number of messages in the user's own history, which also holds those received.
    """

    user: int
    room_messages: int
    private_messages: int
    history: int
    first: MessageReference | None
    last: MessageReference | None


class ReceiptMember(Struct, frozen=True):
    """One member of the archive.

    ``path`` is its path as reports show it, without names that people chose, and ``path_sha256`` the digest of the
    whole path. ``kind`` is file, directory, link or special, ``size`` the size in bytes. ``sha256`` is None of a member
    without bytes of its own, such as a link.
    """

    kind: Literal["file", "directory", "link", "special"]
    path: str
    path_sha256: Sha256
    sha256: Sha256 | None
    size: int


class ContentsDigest(Struct, frozen=True):
    """Number of members, the bytes of all of them, and the SHA-256 of the list of members in the receipt.

    Archives with the same ``sha256`` have the same members, however they are packed.
    """

    members: int
    bytes: int
    sha256: Sha256


class RuleSet(Struct, frozen=True):
    """The number of rules, and the SHA-256 of the version of hcfmt, the catalogue and the schemas."""

    rules: int
    sha256: Sha256


class Configuration(Struct, frozen=True):
    """The lowest severity that makes an archive invalid, and the SHA-256 of all settings that a verdict depends on."""

    fail_on: str
    sha256: Sha256


class Receipt(Struct, frozen=True):
    """Receipt of one archive, the same for the same bytes, settings and version of hcfmt.

    It is the JSON document of schemas/report/receipt.json. ``file`` is the archive as delivered, None of a directory,
    and ``layers`` are its layers, the outermost first. ``tar`` is the tar inside, and None where the archive could not
    be read to its end; ``complete``: it could. ``members`` are sorted by path; directories that hold members are not
    listed. ``counts`` are those of the inventory (docs/reports.md). The other fields are those of the report.
    """

    format_version: int
    tool: Mapping[str, str]
    rules: RuleSet
    configuration: Configuration
    verdict: str
    decided_by: str | None
    totals: Mapping[str, int]
    suppressed: Mapping[str, Mapping[str, int]]
    ledger: Sequence[Mapping[str, str | int | None]]
    importers: Sequence[Mapping[str, object]]
    file: StreamDigest | None
    layers: Sequence[str]
    tar: StreamDigest | None
    complete: bool
    dialect: str | None
    counts: Mapping[str, object]
    first: MessageReference | None
    last: MessageReference | None
    rooms: Sequence[RoomCounts]
    users: Sequence[UserCounts]
    contents: ContentsDigest
    members: Sequence[ReceiptMember]


class MemberChange(Struct, frozen=True):
    """A change of one member since the receipt: ``change`` is added, removed, changed or renamed.

    ``before`` is the member in the receipt, None of an added one, ``after`` the member in the archive, None of a
    removed one. A renamed member has the same bytes under another path.
    """

    change: Literal["added", "removed", "changed", "renamed"]
    before: ReceiptMember | None
    after: ReceiptMember | None


class Sameness(StrEnum):
    """What an archive has in common with its receipt.

    ``FILE``: all bytes of the file. ``TAR``: all bytes of the tar inside, so that it was compressed or encrypted
    again. ``MEMBERS``: all members, so that it was only packed again, or unpacked. ``CHANGED``: not all members.
    ``UNKNOWN``: the archive, or the one that the receipt was made of, could not be read to its end.
    """

    FILE = "file"
    TAR = "tar"
    MEMBERS = "members"
    CHANGED = "changed"
    UNKNOWN = "unknown"


class Verification(Struct, frozen=True):
    """Result of the comparison of an archive with its receipt.

    ``changes`` are those of members, in the order of their kind and path, ``unchanged`` is the number of the other
    members in the receipt. ``bare`` is the number of unchanged members without bytes, such as links, of which only path
    and kind were compared. ``reason`` says why not everything could be compared, "" where it could.
    """

    same: Sameness
    changes: Sequence[MemberChange] = ()
    unchanged: int = 0
    bare: int = 0
    reason: str = ""

    @property
    def exit(self) -> Exit:
        """Exit status: 0 for unchanged members, 1 for changed ones, 3 where not everything could be compared."""
        return _EXITS.get(self.same, Exit.VALID)


_EXITS = {Sameness.CHANGED: Exit.INVALID, Sameness.UNKNOWN: Exit.INCOMPLETE}
