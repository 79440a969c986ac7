"""Tells which directory of an archive holds the export."""

from collections.abc import Collection, Container

from hcfmt.errors import Defect
from hcfmt.export.layout import REQUIRED
from hcfmt.findings import MemberPath

MOST_EXTRAS = 8  # extra directories that are tried for an export, besides the root
_SEVERAL_EXPORTS = (
    "Several directories hold what could be the export, {directories}, and nothing says which of them is it: none was "
    "checked. Unpack the archive, and check each directory by itself."
)


def choose_directory(directories: Collection[str], members: Container[str]) -> str | None:
    """Return the extra directory that holds the export, "" for the root, None if several could be it.

    ``directories`` are those, with their slashes, that hold data files, ``members`` the canonical paths of all members.
    The root has precedence; of several others exactly one must hold all files that an export must have.
    """
    if not directories or "" in directories:
        return ""
    complete = [extra for extra in directories if all(extra + name in members for name in REQUIRED)]
    if len(directories) > MOST_EXTRAS or (len(directories) > 1 and len(complete) != 1):
        return None
    return min(complete or directories)


def several_exports(directories: Collection[str]) -> Defect:
    """Return the defect of an archive in which several directories could be the export."""
    paths = [MemberPath(extra) for extra in sorted(directories)]
    return Defect("several-exports", _SEVERAL_EXPORTS, values={"directories": paths})
