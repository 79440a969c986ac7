"""Stored files as records name them: which are missing, misplaced or differ, and which no record names."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from hcfmt.check.export_view import ExportView, flaw_at, more_places
from hcfmt.check.occurrences import Occurrences, joined
from hcfmt.export.annotations import FILE, Annotation
from hcfmt.export.layout import Kind, system_of
from hcfmt.export.references import (
    annotation_of,
    comparable,
    likely_files,
    owner_of,
    template_values,
    variant_path,
)
from hcfmt.findings import Flaw, MemberPath, Quoted

_ODD = {
    "HC513": "The path is not of the form <directory>/<file>.",
    "HC514": 'The path is absolute, or climbs with "..".',
    "HC515": "The path contains the id of another user.",
    "HC517": "The picture is at an address on the web, not in the archive.",
}
_NO_FILE = "It names no stored file."
_PICTURE_ITSELF = (
    "It names no stored file: the value is the picture itself in base64, as in exports of Server and Cloud."
)
_PICTURE = re.compile(r"\s*(?:iVBORw0KGgo|/9j/|R0lGOD)[0-9A-Za-z+/\s]*={0,2}\s*")  # PNG, JPEG or GIF in base64
_PICTURE_RULE = "HC503"  # of files that may be in the record in their place


class FileReferences:
    """Files that records name; ``claimed`` are their paths, complete after ``flaws``."""

    def __init__(self, export: ExportView) -> None:
        """Begin with the files that broken records name."""
        self._export = export
        self._extra = export.layout.extra
        self._by_template: dict[str, Mapping[str, str]] = {}
        self.claimed: set[str] = set()
        for label, path in export.index.salvaged:
            annotation = annotation_of(label)
            if annotation.keyword == FILE:
                self._claim(annotation, str(path))
                if self._extra + str(path) not in export.layout.members:
                    self._find_elsewhere(annotation, str(path))

    def flaws(self) -> Iterator[tuple[str, Flaw]]:
        """Yield (rule code, flaw) of all files that records name; a missing file is reported once, by one rule."""
        odd: dict[tuple[str, str], list[tuple[Annotation, Mapping[Any, Occurrences]]]] = defaultdict(list)
        files: dict[str, list[tuple[Annotation, Any, Occurrences]]] = defaultdict(list)
        for annotation, values in self._export.occurrences_of(FILE):
            for (code, text, declared), occurrences in values.items():
                if code:
                    odd[code, text].append((annotation, {text: occurrences}))
                else:
                    files[text].append((annotation, declared, occurrences))
        for (code, text), columns in odd.items():
            for annotation, _, occurrences in joined(columns):
                yield code, self._odd_path(code, annotation, text, occurrences)
        for path, named in files.items():
            named.sort(key=lambda row: (row[0].arguments["rule"], row[2][1]))
            for annotation, _, _ in named:
                self._claim(annotation, path)
            if self._extra + path in self._export.layout.members:
                yield from self._differences(path, named)
            else:
                yield self._missing(path, named)

    def _claim(self, annotation: Annotation, path: str) -> list[str]:
        """Claim a file that a record names; return the paths of its other sizes, claimed too."""
        suffixes = annotation.arguments.get("sizes", {}).get("suffixes", ())
        variants = [self._extra + variant_path(path, suffix) for suffix in suffixes]
        self.claimed.update((self._extra + path, *variants))
        return variants

    def _odd_path(self, code: str, annotation: Annotation, text: str, occurrences: Occurrences) -> Flaw:
        """Return the flaw of a value that is no proper path, and claim the files that it most likely means."""
        count, (place, *_) = occurrences
        sentence = _ODD.get(code, _NO_FILE)
        if annotation.arguments.get("rule") == _PICTURE_RULE and _PICTURE.fullmatch(text[:100]):
            sentence = _PICTURE_ITSELF
        elif code in _ODD:
            for path in likely_files(annotation, text, owner_of(place[0])):
                self._claim(annotation, path)
        return flaw_at(f"{sentence} It is {{value}}.", {"value": Quoted(text)}, annotation, place, (text,), count)

    def _differences(self, path: str, named: list[tuple[Annotation, Any, Occurrences]]) -> Iterator[tuple[str, Flaw]]:
        """Yield (rule code, flaw) where a stored file differs from what records declare of it."""
        entry = self._export.layout.members[self._extra + path]
        for annotation, declared, (count, places) in named:
            arguments = annotation.arguments
            missing = [size for size in self._claim(annotation, path) if size not in self._export.layout.members]
            if missing:
                sentence = f"Of its other sizes, {{missing}} {'is' if len(missing) == 1 else 'are'} missing."
                values = {"missing": [MemberPath(size) for size in missing]}
                yield arguments["sizes"]["rule"], flaw_at(sentence, values, annotation, places[0], (path,), count)
            if declared is None:
                continue
            if "bytes" in arguments and declared != entry.size:
                sentence = "The record declares {declared:,} bytes, the stored file has {stored:,}."
                sizes = {"declared": int(declared), "stored": entry.size}
                subject = (path, int(declared))
                yield arguments["bytes"]["rule"], flaw_at(sentence, sizes, annotation, places[0], subject, count)
            if "pixels" in arguments and entry.pixels and declared != entry.pixels:
                (width, height), stored = map(int, declared), entry.pixels
                sentence = (
                    f"The record declares {width} x {height} pixels, the stored image has {stored[0]} x {stored[1]}."
                )
                pixels = {"declared": [width, height], "stored": [*stored]}
                yield (
                    arguments["pixels"]["rule"],
                    flaw_at(sentence, pixels, annotation, places[0], (path, width, height), count),
                )

    def _missing(self, path: str, named: list[tuple[Annotation, Any, Occurrences]]) -> tuple[str, Flaw]:
        """Return (rule code, flaw) of a file that is missing, or that is only in another tree."""
        annotation = named[0][0]
        rule = annotation.arguments["rule"]
        occurrences = [row[2] for row in named if row[0].arguments["rule"] == rule]
        place = min(places[0] for _, places in occurrences)
        count = sum(count for count, _ in occurrences)
        found = self._find_elsewhere(annotation, path)
        if found is not None:
            sentence = "The file is misplaced: it is at {member}."
            values: dict[str, object] = {"member": MemberPath(found)}
            rule = annotation.arguments["elsewhere"]["rule"]
            return rule, flaw_at(sentence, values, annotation, place, (path,), count)
        ending, more = more_places(count - 1)
        values = {"member": MemberPath(self._extra + path)} | more
        return rule, flaw_at(f"There is no member {{member}}{ending}", values, annotation, place, (path,), count)

    def _find_elsewhere(self, annotation: Annotation, path: str) -> str | None:
        """Return the path of a misplaced file in another tree, and claim it there; None if there is no such file."""
        (tail,) = template_values(annotation.arguments["member"], [path]) or [""]
        for template in annotation.arguments.get("elsewhere", {}).get("members", ()):
            if template not in self._by_template:
                paths = [member.removeprefix(self._extra) for member in self._export.layout.places]
                self._by_template[template] = template_values(template, paths)
            found = self._by_template[template].get(tail)
            if found is not None:
                self.claimed.add(self._extra + found)
                return found
        return None


def orphans(export: ExportView, claimed: AbstractSet[str]) -> Iterator[tuple[str, bool]]:
    """Yield every stored file that is not claimed, and whether all records that may name it were read.

    Files that an operating system left there are none: HC106 reports them.
    """
    for path, row in export.layout.places.items():
        if row and row.schema is None and path not in claimed and not system_of(path):
            sure = _is_sure_orphan(export, row.kind, path.removeprefix(export.layout.extra))
            if sure is not None:
                yield path, sure


def _is_sure_orphan(export: ExportView, kind: Kind, path: str) -> bool | None:
    """Whether all records that may name a file were read; None if another rule reports that they are missing."""
    if kind is Kind.EMOTICON:
        is_there = f"{export.layout.extra}emoticons.json" in export.layout.members
        return not export.is_lost("emoticons.json") if is_there else None
    if kind is Kind.PRIVATE_FILE:
        return export.has_private_histories and not export.lost_histories
    thing, *sources = "user", "users.json"
    if kind is Kind.ROOM_FILE:
        thing, *sources = "room", "rooms.json", path.partition("/files/")[0] + "/history.json"
        # A private message may name a file of this tree too, if only by mistake.
        if export.lost_histories[Kind.USER_HISTORY]:
            return False
    if any(export.is_lost(source) for source in sources):
        return False
    return True if comparable(int(path.split("/")[1])) in export.names[thing] else None
