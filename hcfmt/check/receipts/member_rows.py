"""Members of an archive as the rows of a receipt."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from hcfmt.check.context import Redaction
from hcfmt.container import MemberKind
from hcfmt.container.content_digests import ContentDigests, MemberDigest
from hcfmt.export.layout import canonical
from hcfmt.receipts import ContentsDigest, ReceiptMember

LONGEST_PATH = 200  # characters of a path that a receipt shows; the digest is that of all of it


def member_rows(contents: ContentDigests, redaction: Redaction) -> Sequence[ReceiptMember]:
    """Return the members that were read whole, sorted by path; those of one path are in the order of the archive.

    Paths are canonical, and absolute where they are. A directory is left out where members are below it: unpacked, the
    archive has it anyway.
    """
    members = [("/" * member.path.startswith("/") + canonical(member.path), member) for member in contents.members]
    rows = [_row(path, member, redaction) for path, member in _without_parents(members)]
    return sorted(rows, key=lambda row: (row.path, row.path_sha256))


def contents_digest(rows: Sequence[ReceiptMember]) -> ContentsDigest:
    """Return the digest of a list of members: of their kinds, whole paths, sizes and contents."""
    digest = sha256()
    for row in sorted(rows, key=lambda row: row.path_sha256):
        digest.update(f"{row.path_sha256} {row.kind} {row.size} {row.sha256 or '-'}\n".encode())
    return ContentsDigest(len(rows), sum(row.size for row in rows), digest.hexdigest())


def _row(path: str, member: MemberDigest, redaction: Redaction) -> ReceiptMember:
    shown = redaction.member_path(path)
    shown = shown if len(shown) <= LONGEST_PATH or redaction.show_values else f"{shown[:LONGEST_PATH]}..."
    digest = sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
    return ReceiptMember(member.kind.value, shown, digest, member.sha256, member.size)


def _without_parents(members: Iterable[tuple[str, MemberDigest]]) -> Iterator[tuple[str, MemberDigest]]:
    """Yield path and member, but no directory that holds others, nor the top itself."""
    members = list(members)
    paths = sorted({path for path, _ in members}) if any(_is_directory(member) for _, member in members) else []
    for path, member in members:
        if not _is_directory(member):
            yield path, member
        elif path.strip("/"):
            below = bisect_left(paths, f"{path}/")
            if below == len(paths) or not paths[below].startswith(f"{path}/"):
                yield path, member


def _is_directory(member: MemberDigest) -> bool:
    return member.kind is MemberKind.DIRECTORY
