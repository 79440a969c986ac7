"""Finds the members of an archive that were asked for by name."""

from collections.abc import Callable, Iterator, Sequence

from hcfmt.container.archive import Archive
from hcfmt.container.member import Member, MemberKind, path_parts
from hcfmt.container.path_patterns import MOST_NAMES
from hcfmt.errors import Fault, UsageError
from hcfmt.suggestions import unknown_name

_NOUNS = {
    MemberKind.DIRECTORY: "a directory",
    MemberKind.LINK: "a link",
    MemberKind.SPECIAL: "a device or something else without bytes of its own",
}


def named_files(archive: Archive, names: Sequence[str], *, warn: Callable[[str], None]) -> Iterator[Member]:
    """Yield the first file of each name, in the order of the archive, which is read to its end.

    ``./users.json`` and ``users.json`` are one name. ``warn`` is called with a sentence for a name that a later member
    has too. Raises Fault where the archive cannot be read on, and in the end UsageError for a name that no file has.
    """
    wanted = {_plain(name): name for name in names}
    found: dict[str, MemberKind] = {}
    repeated: set[str] = set()
    others: list[str] = []
    for member in archive.members():
        path = _plain(member.path)
        if path not in wanted:
            others += [path] * (len(others) < MOST_NAMES)
        elif found.get(path) is not MemberKind.FILE:
            found[path] = member.kind
            if member.kind is MemberKind.FILE:
                yield member
        elif path not in repeated:
            repeated.add(path)
            warn(f"{path}: the archive holds this name more than once; the first file was written.")
    if archive.fault:
        raise Fault.of(archive.fault)
    for path, name in wanted.items():
        if path not in found:
            raise UsageError(unknown_name("member", name, others, listed_by="hcfmt ls ARCHIVE"))
        if found[path] is not MemberKind.FILE:
            raise UsageError(f"{name}: is no file in the archive, but {_NOUNS[found[path]]}.")


def _plain(path: str) -> str:
    return "/".join(path_parts(path))
