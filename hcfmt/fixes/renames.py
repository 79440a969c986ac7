"""Fixes of the names of uploaded files: the file gets another name, and all records that name it the new one."""

from collections.abc import Iterator, Mapping
from itertools import count

from hcfmt.check.catalogue import RULES
from hcfmt.check.collisions import folded
from hcfmt.check.rules import run_rules
from hcfmt.export.annotations import FILE, Annotation
from hcfmt.export.references import NamedFile
from hcfmt.fixes.files import named_paths, on_files
from hcfmt.fixes.items import Item
from hcfmt.fixes.plan import Path, Plan

_TREE = "/files/"  # before the part of a member's path that records have


def reported_by_layout(plan: Plan) -> None:
    """Put "file-" before the name of each uploaded file that the rule of the layout reports."""
    flaws = run_rules([RULES[plan.code]], plan.view.layout)
    paths = [flaw.member.removeprefix(plan.extra) for code, flaw in flaws if code == plan.code and flaw.member]
    _rename(plan, {path: _prefixed(path, "file-") for path in paths})


def odd_attachment_path(plan: Plan) -> None:
    """Make a directory and a file of the path of each uploaded file that has another form."""
    odd = {text for _, values in plan.view.occurrences_of(FILE) for code, text, _ in values if code == plan.code}
    _rename(plan, {path: _in_directory(path) for _, path in named_paths(plan) if _value(path) in odd})


def shared_attachment_path(plan: Plan) -> None:
    """Put the id of the room before the name of each uploaded file whose path is that of one elsewhere."""
    first: dict[str, str] = {}
    for path in sorted({path for _, path in named_paths(plan) if plan.extra + path in plan.view.layout.members}):
        first.setdefault(_value(path), path)
    shared = [path for _, path in named_paths(plan) if first.get(_value(path), path) != path]
    _rename(plan, {path: _prefixed(path, f"{path.split('/')[1]}-") for path in shared})


def _value(path: str) -> str:
    """Return the part of a member's path that records have."""
    return path.partition(_TREE)[2]


def _prefixed(path: str, text: str) -> str:
    directory, slash, name = _value(path).rpartition("/")
    return f"{directory}{slash}{text}{name}"


def _in_directory(path: str) -> str:
    directory, _, name = _value(path).strip("/").partition("/")
    return f"{directory}/{name.replace('/', '-')}" if name else f"file/{directory}"


def _rename(plan: Plan, wanted: Mapping[str, str]) -> None:
    """Rename uploaded files, by their paths without extra directories, to names that no other member has."""
    members = plan.view.layout.members
    taken = {folded(path) for path in (*members, *(new for new, _ in plan.renamed.values()))}
    values: dict[str, str] = {}
    for path, name in wanted.items():
        old = plan.extra + path
        if old in members and old not in plan.renamed and _value(path):
            tree = old.removesuffix(_value(path))
            values[path] = next(each for each in _candidates(name) if folded(tree + each) not in taken)
            taken.add(folded(tree + values[path]))
            plan.rename(old, tree + values[path])

    def change(item: Item, path: Path, file: NamedFile, _: Annotation) -> None:
        new = values.get(file[1])
        if file[0] or new is None:
            return
        before = item.at(path)
        item.set(path, new)
        if path[-2:] == ("attachment", "path") and item.at(path[:-2]).get("attachment_path") == before:
            item.set((*path[:-2], "attachment_path"), new)

    on_files(plan, change)


def _candidates(value: str) -> Iterator[str]:
    yield value
    yield from (_prefixed(f"{_TREE}{value}", f"{number}-") for number in count(2))
