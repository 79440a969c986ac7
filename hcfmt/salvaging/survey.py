"""First reading of a damaged archive: which members are whole, and whether bytes may have been altered."""

from hashlib import blake2b

from msgspec import Struct

from hcfmt.container import SALT, Archive, Budget, Member, MemberKind
from hcfmt.container.recovery import Recovery
from hcfmt.errors import Defect, Fault
from hcfmt.export.layout import Kind, MemberLayout, canonical, extra_directory, layout_of
from hcfmt.salvaging.whole_records import WholeRecords

_CHECKSUM, _ENCRYPTED = "gzip", "aes"  # the layer that has a checksum, and the one that has a password
_OF_LAYERS = frozenset({"bad-padding", "ciphertext-cut", "tar-unterminated", "trailing-data", "trailing-padding"})


NOTHING_WHOLE = "Nothing whole is left of the archive: no member, and no record. Nothing was written."
_LIKE_NOISE = " It is damaged from its first byte on, as an archive is that a wrong password decrypts: try another one."
_NO_KEY = (
    " No later block can be decrypted either, so another password is needed; or the first 16 bytes of the file are "
    "damaged, without which no password opens it."
)


class Survey(Struct):
    """What the first reading of an archive found.

    ``damages`` are the defects of the layers. ``lost`` is the number of bytes that are missing of a member's
    payload, by the member's number from 0; ``skipped`` that of members whose headers are lost. ``altered``: bytes
    anywhere may have been altered. ``unsure``: no checksum covers the members. ``broken`` are the numbers of the
    data files without a checksum that are not JSON. ``whole_histories`` are the canonical paths of the histories of
    users that are whole without a doubt. ``has_users``: users.json is whole. ``salt`` depends on the input alone.
    """

    damages: tuple[Defect, ...] = ()
    lost: dict[int, int] = {}
    skipped: int = 0
    altered: bool = False
    unsure: bool = False
    broken: set[int] = set()
    whole_histories: set[str] = set()
    has_users: bool = False
    salt: bytes = b""

    def is_doubtful(self, number: int) -> bool:
        """Whether the content of a member is to be examined: a part is missing, or may have been altered."""
        return self.altered or self.unsure or number in self.lost

    def is_strict(self, number: int) -> bool:
        """Whether records of a data file must be without errors, as bytes of it may have been altered."""
        return self.altered or number in self.broken


def survey(archive: Archive, recovery: Recovery, budget: Budget) -> Survey:
    """Read an archive that was opened with ``recovery`` to its end, and return what is whole.

    Raises Fault where no layer can be opened.
    """
    found = Survey(unsure=_CHECKSUM not in archive.layers)
    hashed = blake2b(digest_size=SALT)
    histories: dict[int, str] = {}
    users: int | None = None
    for number, member in enumerate(archive.members()):
        hashed.update(f"{member.size} {member.path}\n".encode("utf-8", "surrogateescape"))
        path = canonical(member.path)
        row = row_of(path) if member.kind is MemberKind.FILE else None
        if row and row.schema and found.unsure and _is_broken(member, path, row, budget):
            found.broken.add(number)
        if row and row.kind is Kind.USER_HISTORY:
            histories[number] = path
        elif row and row.kind is Kind.USERS:
            users = number
    if fault := archive.fault:
        if recovery.damages:  # which hid what kind of file this is
            first = recovery.damages[0]
            more = _LIKE_NOISE if first.byte == 0 and _ENCRYPTED in archive.layers else ""
            raise Fault(first.kind, NOTHING_WHOLE + more)
        more = _NO_KEY if fault.kind == "cannot-decrypt" else ""
        raise Fault(fault.kind, fault.message + more, fault.byte, fault.values)
    hashed.update((archive.sha256 or "").encode())
    found.salt = hashed.digest()
    found.damages = (*recovery.damages, *(defect for defect in archive.defects if defect.kind in _OF_LAYERS))
    found.lost, found.skipped, found.altered = recovery.lost, recovery.skipped, recovery.is_garbled
    found.has_users = not found.altered and users is not None and users not in found.lost.keys() | found.broken
    gone = histories.keys() if found.altered else found.lost.keys() | found.broken
    found.whole_histories = {path for number, path in histories.items() if number not in gone}
    return found


def row_of(path: str) -> MemberLayout | None:
    """Return the row of the layout for a canonical path below any extra directory, None for no place in it."""
    return layout_of(path.removeprefix(extra_directory(path)))


def _is_broken(member: Member, path: str, row: MemberLayout, budget: Budget) -> bool:
    """Whether a data file holds a broken record, or is a document that is not JSON."""
    records = WholeRecords(path, row, member.chunks, budget, strict=False)
    for _ in records.text():
        pass
    return bool(records.broken or records.lost)
