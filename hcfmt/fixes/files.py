"""Fixes of records that name stored files, and of files that no record names."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hcfmt.check.file_references import FileReferences, orphans
from hcfmt.export.annotations import FILE, Annotation
from hcfmt.export.references import NamedFile, named_files, owner_of, variant_path
from hcfmt.export.schemas import dialect_of
from hcfmt.findings import Flaw, MemberPath
from hcfmt.fixes.doubles import drop_record
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import Path, Plan

_Change = Callable[[Item, Path, NamedFile, Annotation], None]


def on_files(plan: Plan, change: _Change) -> None:
    """Have a function called for every value that names a file, or breaks a rule in its place."""
    for annotation, _ in plan.view.occurrences_of(FILE):

        def fix(item: Item, path: Path, value: Any, annotation: Annotation = annotation) -> None:  # noqa: ANN401 - JSON
            holder: Mapping[str, Any] = item.at(path[:-1])
            for file in named_files(annotation, value, holder, owner_of(item.member)) if value else ():
                change(item, path, file, annotation)

        plan.on_values([annotation], fix)


def missing_file(plan: Plan) -> None:
    """Blank the path of a file that the archive does not have; of an attachment, the attachment."""
    _on_missing(plan, blank)


def _on_missing(plan: Plan, change: Callable[[Item, Path], None]) -> None:
    """Have a function called for the paths that the rule reports; a file that is only misplaced is not missing."""
    rule = plan.code
    missing = {flaw.subject[0] for code, flaw in FileReferences(plan.view).flaws() if code == rule and flaw.subject}

    def call(item: Item, path: Path, file: NamedFile, _: Annotation) -> None:
        if file[0] == rule or (not file[0] and file[1] in missing):
            change(item, path)

    on_files(plan, call)


def odd_path(plan: Plan) -> None:
    """Blank a path that breaks the rule; of an attachment, the attachment."""
    rule = plan.code

    def change(item: Item, path: Path, file: NamedFile, _: Annotation) -> None:
        if file[0] == rule:
            blank(item, path)

    on_files(plan, change)


def remote_avatar(plan: Plan) -> None:
    """Blank an address in place of a picture, which the schemas of Server and Cloud report as a form of the value."""
    odd_path(plan)
    plan.on_flaw(lambda item, path, _: blank(item, path))


def blank(item: Item, path: Path) -> None:
    """Write null in place of the attachment that a path is in; drop a preview; empty another path."""
    *above, name = path
    if name == "thumbnail":
        item.drop(path)
    elif above and above[-1] == "attachment":
        record = item.at(above[:-1])
        if record.get("message") == "":  # the name of the file is all that is left of the message
            item.set((*above[:-1], "message"), str(record["attachment"].get("name") or "[file]"))
        item.set(above, None)
        if record.get("attachment_path"):
            item.set((*above[:-1], "attachment_path"), None)
    else:  # an avatar, for which exports of Server and Cloud have null
        item.set(path, None if dialect_of(item.schema)[0] else "")


def attachment_size_disagrees(plan: Plan) -> None:
    """Write the size of the stored file."""
    members, extra = plan.view.layout.members, plan.extra

    def change(item: Item, path: Path, file: NamedFile, annotation: Annotation) -> None:
        code, name, declared = file
        entry = members.get(extra + name)
        if not code and entry and "bytes" in annotation.arguments and declared is not None:
            item.set((*path[:-1], annotation.arguments["bytes"]["property"]), entry.size)

    on_files(plan, change)


def emoticon_size_disagrees(plan: Plan) -> None:
    """Write the width and the height of the stored image."""
    members, extra = plan.view.layout.members, plan.extra

    def change(item: Item, path: Path, file: NamedFile, annotation: Annotation) -> None:
        code, name, declared = file
        entry = members.get(extra + name)
        if not code and entry and entry.pixels and "pixels" in annotation.arguments and declared is not None:
            for side, pixels in zip(("width", "height"), entry.pixels, strict=True):
                item.set((*path[:-1], annotation.arguments["pixels"][side]), pixels)

    on_files(plan, change)


def missing_avatar(plan: Plan) -> None:
    """Blank the path of a picture that the archive does not have, and leave out its other sizes."""
    missing_file(plan)
    plan.drop(*_sizes_without_file(plan))


def missing_emoticon(plan: Plan) -> None:
    """Drop the emoticon whose image the archive does not have, and leave out its larger versions."""
    _on_missing(plan, drop_record)
    plan.drop(*_sizes_without_file(plan))


def _sizes_without_file(plan: Plan) -> Iterator[str]:
    """Yield the other sizes of the files that are missing."""
    members = plan.view.layout.members
    for annotation, path in named_paths(plan):
        if annotation.arguments["rule"] == plan.code and plan.extra + path not in members:
            yield from (size for size in _sizes(plan, annotation, path) if size in members)


def named_paths(plan: Plan) -> Iterator[tuple[Annotation, str]]:
    """Yield the annotation and the path of all files that records name."""
    for annotation, values in plan.view.occurrences_of(FILE):
        yield from ((annotation, path) for code, path, _ in values if not code)


def _sizes(plan: Plan, annotation: Annotation, path: str) -> list[str]:
    suffixes = annotation.arguments.get("sizes", {}).get("suffixes", ())
    return [plan.extra + variant_path(path, suffix) for suffix in suffixes]


def missing_size(plan: Plan) -> None:
    """Add the sizes of a picture that are missing, as copies of the picture itself."""
    members = plan.view.layout.members
    for annotation, path in named_paths(plan):
        if annotation.arguments.get("sizes", {}).get("rule") == plan.code and plan.extra + path in members:
            for size in _sizes(plan, annotation, path):
                if size not in members:
                    plan.copy(plan.extra + path, size)


def misplaced_attachment(plan: Plan) -> None:
    """Move the file to where the record says that it is."""
    for code, flaw in FileReferences(plan.view).flaws():
        found = flaw.values.get("member")
        if code == plan.code and isinstance(found, MemberPath) and flaw.subject:
            plan.rename(found.path, plan.extra + str(flaw.subject[0]))


def orphan_file(plan: Plan) -> None:
    """Leave out stored files that no record names, unless records may be lost."""
    if not plan.is_damaged:
        plan.drop(*(path for path, sure in orphans(plan.view, plan.view.layout.claimed) if sure))


def empty_attachment_path(plan: Plan) -> None:
    """Write null in place of an attachment without a path."""

    def fix(item: Item, path: Path, _: Flaw) -> None:
        if "attachment" in path:
            blank(item, (*path[: path.index("attachment") + 1], "path"))
        else:
            item.set(path, None)

    plan.on_flaw(fix)
