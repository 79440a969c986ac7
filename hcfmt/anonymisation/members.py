"""Anonymises the members of an archive, one by one while they are read."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from hcfmt.anonymisation.json_texts import replaced_json
from hcfmt.anonymisation.properties import Properties
from hcfmt.anonymisation.replacements import Replacements
from hcfmt.anonymisation.stand_ins import stand_in
from hcfmt.container import Archive, Member, MemberKind
from hcfmt.export.layout import Kind, canonical, extra_directory, hidden_path, layout_of
from hcfmt.export.writer import Entry

_TARGET = "target"  # of the links that stand for links and devices


class AnonymisedMember(Struct, frozen=True):
    """A member to write, and whether readers of the original's tar read its header differently."""

    entry: Entry
    is_ambiguous: bool


def anonymised_members(
    archive: Archive, replacements: Replacements, show: Callable[[str], None]
) -> Iterator[AnonymisedMember]:
    """Yield every member with its path and its content replaced, and its size as it was.

    ``show`` is called with the path of each, as reports show it.
    What is neither file nor directory becomes a symbolic link. The content of a member that ends early raises Fault;
    where the archive ends between two members, ``archive.fault`` is set at the end.
    """
    properties = Properties(replacements)
    for member in archive.members():
        show(hidden_path(member.path))
        yield AnonymisedMember(_entry(member, replacements, properties), bool(member.ambiguities))


def _entry(member: Member, replacements: Replacements, properties: Properties) -> Entry:
    if member.kind is MemberKind.DIRECTORY:
        return Entry(replacements.paths.of_path(f"{member.path.rstrip('/')}/"), 0)
    path = replacements.paths.of_path(member.path)
    if member.kind is MemberKind.FILE:
        return Entry(path, member.size, _content(member, path, replacements, properties))
    return Entry(path, 0, target=_TARGET)


def _content(member: Member, path: str, replacements: Replacements, properties: Properties) -> Iterator[bytes]:
    """Yield the content of a file with its texts replaced, or a stand-in of it."""
    place = canonical(member.path)
    row = layout_of(place.removeprefix(extra_directory(place)))
    if row and row.schema:
        return replaced_json(member.chunks, properties, row)
    is_emoticon = row is not None and row.kind is Kind.EMOTICON
    return stand_in(path, member.size, member.chunks, replacements.key, is_emoticon=is_emoticon)
