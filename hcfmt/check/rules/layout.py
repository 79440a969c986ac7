"""Rules of the layout: which members there are, by their paths, sizes and first bytes."""

from collections.abc import Iterator

from hcfmt.check.export_dialect import LIKELY
from hcfmt.check.layout_view import Layout
from hcfmt.export.dialects import CHECKED, CLOUD, HC_MIGRATE, NEEDED, SERVER, TITLES, is_old_cloud
from hcfmt.export.layout import DATA_NAMES, OPTIONAL, REQUIRED, system_of
from hcfmt.findings import Flaw, MemberPath


def not_an_export(layout: Layout) -> Iterator[Flaw]:
    """Report an archive that holds files of a dialect that is not checked, or no data file at all."""
    name = layout.dialect.name
    if name in NEEDED:
        sentence = f"{TITLES[name]} wrote this, which hcfmt does not check. {NEEDED[name]}"
        yield Flaw(sentence[0].upper() + sentence[1:], {"dialect": name})
    elif layout.complete and not layout.has_data():
        found = "No member (of {members:,}) is a data file of an export" if layout.total else "The input is empty"
        advice, values = _what_else(layout)
        yield Flaw(f"{found}: there is nothing to check.{advice}", {"members": layout.total, **values})


def _what_else(layout: Layout) -> tuple[str, dict[str, object]]:
    """Return what an archive without a data file holds instead, as far as its members' names tell, and the values."""
    paths = [path for path in layout.members if system_of(path) is None]
    if any(map(is_old_cloud, paths)):
        return (
            " This is an old export of HipChat Cloud (before mid-2018), which has another format: look for an importer "
            "that was made for it."
        ), {}
    archives = [path for path in paths if path.lower().endswith(_PACKED)]
    if not archives:
        return "", {}
    holds = " It holds an archive, {archive}" if len(archives) == 1 else " It holds {count} archives, such as {archive}"
    how = (
        "'hcfmt validate --recursive DIRECTORY' checks what is below a directory."
        if layout.unpacked
        else "check what is inside. 'tar -xOf FILE MEMBER | hcfmt validate -' checks a member of a tar where it is."
    )
    return f"{holds}: {how}", {"archive": MemberPath(archives[0]), "count": len(archives)}


_PACKED = (".aes", ".tar.gz", ".tgz", ".tar", ".zip")


def other_dialect(layout: Layout) -> Iterator[Flaw]:
    """Report an export that another exporter than hc-migrate wrote and whose records are checked as such."""
    dialect = layout.dialect
    if dialect.name in CHECKED and dialect.name != HC_MIGRATE and layout.demanded is None:
        sentence = "{title} wrote this export ({confidence}), and it was checked as such. Told by: {told_by}."
        yield Flaw(sentence, _told(layout))


def wrong_dialect(layout: Layout) -> Iterator[Flaw]:
    """Report an export of another dialect than is demanded, or data files of another one than the rest."""
    dialect, demanded = layout.dialect, layout.demanded
    is_alike = {dialect.name, demanded} <= {SERVER, CLOUD} and dialect.confidence == LIKELY
    is_told = layout.has_data() and bool(dialect.told_by) and not is_alike
    if demanded and demanded != dialect.name and is_told:
        sentence = "{title} wrote this export ({confidence}), not {demanded}. Told by: {told_by}."
        yield Flaw(sentence, _told(layout) | {"demanded": TITLES[demanded]})
    for name, (count, path) in dialect.others.items():
        which = "this data file" if count == 1 else "{count:,} data files, of which this is the first"
        sentence = f"{{other}} wrote {which}, and {{title}} the rest of the export."
        values = {"other": TITLES[name], "count": count, "title": dialect.title}
        yield Flaw(sentence, values, member=layout.extra + path)


def _told(layout: Layout) -> dict[str, object]:
    dialect = layout.dialect
    return {"title": dialect.title, "confidence": dialect.confidence, "told_by": list(dialect.told_by)}


def duplicate_member(layout: Layout) -> Iterator[Flaw]:
    """Report several files of one path, and files where other members need a directory."""
    for path, entry in layout.files():
        if entry.count > 1:
            yield Flaw("{count} members have this path; the first one was read.", {"count": entry.count}, member=path)
    for path, everywhere in layout.overlaps.items():
        if everywhere:
            yield Flaw("A file and a directory have this path; unpacking loses one of them.", member=path)


def missing_file(layout: Layout) -> Iterator[Flaw]:
    """Report data files that every export must have."""
    for path in REQUIRED:
        if layout.lacks(path):
            yield Flaw("{file} is missing.", {"file": path}, member=layout.extra + path)


def absent_optional_file(layout: Layout) -> Iterator[Flaw]:
    """Report data files that the exporter always writes and importers can do without."""
    for path in OPTIONAL if layout.dialect.name == HC_MIGRATE else ("metadata.json",):
        if layout.lacks(path):
            sentence = f"{{file}}, which {layout.dialect.title} always writes, is missing."
            yield Flaw(sentence, {"file": path}, member=layout.extra + path)


_LEFTOVER = {
    "macOS": (
        "macOS left files here, {count:,} in all, of which this is the first: ._ before the name of another file, "
        ".DS_Store or __MACOSX/. Pack without them: COPYFILE_DISABLE=1 tar --exclude .DS_Store"
    ),
    "Windows": "Windows left files here, {count:,} in all, of which this is the first: Thumbs.db or desktop.ini.",
}


def unexpected_file(layout: Layout) -> Iterator[Flaw]:
    """Report files that have no place in the documented tree, except those that a record or another rule names.

    All files that one operating system leaves beside others are reported together.
    """
    leftovers: dict[str, list[str]] = {system: [] for system in _LEFTOVER}
    for path, row in layout.places.items() if layout.has_data() else ():
        if path in layout.claimed or path in layout.lookalikes or (row and row.schema):
            continue
        if system := system_of(path):
            leftovers[system].append(path)
        elif row is None:
            yield Flaw("The documented tree has no place for this file.", member=path)
    for system, paths in leftovers.items():
        if paths:
            yield Flaw(_LEFTOVER[system], {"count": len(paths)}, member=paths[0], subject=(system,), places=len(paths))


def prefixed_members(layout: Layout) -> Iterator[Flaw]:
    """Report an export that stands below extra directories."""
    if levels := layout.extra.count("/"):
        where = "below one extra directory" if levels == 1 else "{levels} directories down"
        values = {"levels": levels} if levels > 1 else {}
        yield Flaw(f"The export is {where}, and was read there. Importers want it at the top.", values)


def dotted_members(layout: Layout) -> Iterator[Flaw]:
    """Report members below "./", unless the export is below an extra directory too."""
    if layout.dotted and not layout.extra and layout.dialect.name != SERVER:  # which wrote archives so itself
        sentence = "{count:,} of {members:,} members are below './', and were read there."
        yield Flaw(sentence, {"count": layout.dotted, "members": layout.total})


def reserved_file_name(layout: Layout) -> Iterator[Flaw]:
    """Report attachments, avatars and emoticons that are named like a data file."""
    for path, row in layout.places.items():
        if row and row.schema is None and path.rpartition("/")[2] in DATA_NAMES:
            yield Flaw("The stored file has the name of a data file.", member=path)


def case_collision(layout: Layout) -> Iterator[Flaw]:
    """Report files whose path is another member's too on macOS or Windows, though not on Linux."""
    for path, everywhere in layout.overlaps.items():
        if not everywhere:
            yield Flaw("On macOS or Windows another member has the same path.", member=path)


def lookalike_data_file(layout: Layout) -> Iterator[Flaw]:
    """Report members whose path is a data file's on macOS or Windows only."""
    for path in sorted(layout.lookalikes) if layout.dialect.name in CHECKED else ():
        yield Flaw("On macOS or Windows this is the path of a data file.", member=path)


def empty_file(layout: Layout) -> Iterator[Flaw]:
    """Report attachments, avatars and emoticons without a byte."""
    for path, entry in layout.stored():
        if not entry.size and (path in layout.claimed or not system_of(path)):
            yield Flaw("The stored file is empty.", member=path)


def content_type_disagrees(layout: Layout) -> Iterator[Flaw]:
    """Report stored files whose first bytes contradict their name."""
    for path, entry in layout.stored():
        if entry.looks_like:
            sentence = "Its first bytes look like {content}, which contradicts its extension."
            yield Flaw(sentence, {"content": entry.looks_like}, member=path)
