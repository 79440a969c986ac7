"""Rules of one member: its name, its kind and its tar header."""

import re
from collections.abc import Iterator

from hcfmt.check.layout_view import Header
from hcfmt.container import MemberKind
from hcfmt.findings import Flaw

_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_NAME, _LONGEST_PATH = 255, 4095  # bytes
_ODD = re.compile(r"[\\\x00-\x1f\x7f-\x9f]")


def unsafe_path(header: Header) -> Iterator[Flaw]:
    """Report a name that is absolute, climbs with "..", or holds a backslash or a control character."""
    path = header.path
    if path.startswith("/") or _DRIVE.match(path):
        yield Flaw("The member's name is absolute: a careless reader would write outside its directory.", member=path)
    elif ".." in path.split("/"):
        yield Flaw("The member's name climbs with '..': a careless reader would leave its directory.", member=path)
    elif _ODD.search(path):
        yield Flaw("The member's name holds a backslash or a control character.", member=path)


def special_member(header: Header) -> Iterator[Flaw]:
    """Report a member that is neither a regular file nor a directory."""
    if header.kind in (MemberKind.LINK, MemberKind.SPECIAL):
        yield Flaw(
            "The member is a link, a device or something else that is neither file nor directory.", member=header.path
        )


def undecodable_name(header: Header) -> Iterator[Flaw]:
    """Report a name that is not UTF-8."""
    if not header.decodable:
        yield Flaw("The member's name is not UTF-8.", member=header.path)


def name_too_long(header: Header) -> Iterator[Flaw]:
    """Report a path that exceeds the limits of usual file systems."""
    raw = header.path.encode("utf-8", "surrogateescape").rstrip(b"/")
    if len(raw) > _LONGEST_PATH or any(len(part) > _LONGEST_NAME for part in raw.split(b"/")):
        yield Flaw("A part of the path has more than 255 bytes, or the whole path more than 4,095.", member=header.path)


def ambiguous_header(header: Header) -> Iterator[Flaw]:
    """Report parts of a header that readers of tar interpret differently."""
    yield from (Flaw(sentence, member=header.path) for sentence in header.ambiguities)
