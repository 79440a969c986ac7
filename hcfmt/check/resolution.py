"""What is said at the end: whether all that records define, refer to and name comes together with what there is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from hcfmt.check.sightings import Seen
from hcfmt.check.whole import Whole, flaw_at
from hcfmt.export.annotations import DEFINES, FILE, REFERS, Mark
from hcfmt.export.layout import Kind
from hcfmt.export.references import data_file_of, every_mark, sized, targets, values_below
from hcfmt.findings import Flaw

Told = Iterator[tuple[str, Flaw]]


ORPHAN = "HC510"


@dataclass(slots=True)
class Resolution:
    """Flaws by the code of their rule, and why rules could not tell, by code.

    ``claimed`` are the paths of stored files that some record names.
    """

    flaws: dict[str, list[Flaw]] = field(default_factory=lambda: defaultdict(list))
    untold: dict[str, str] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)


def resolve(whole: Whole) -> Resolution:
    """Hold what records define, refer to and name against the members and against each other."""
    files = _Files(whole)
    judges = {DEFINES: _defined, REFERS: _referred, FILE: files.judge}
    told = [
        one
        for (keyword, _, value), (mark, seen) in _by_rule(whole.sighted).items()
        for one in judges[keyword](whole, mark, value, seen)
    ]
    resolution = Resolution(claimed=files.claimed)
    unsure = 0
    for code, flaw in chain(told, _orphans(whole, files.claimed)):
        if flaw is None:
            unsure += 1
        else:
            resolution.flaws[code].append(flaw)
    if unsure:
        resolution.untold[ORPHAN] = f"not looked at: stored files whose records were not all read: {unsure:,}"
    for mark in every_mark().values():
        lost = [path for path in map(data_file_of, mark.says.get("to", ())) if whole.is_lost(path)]
        if mark.keyword == REFERS and lost:
            resolution.untold[mark.says["rule"]] = unread(lost[0])
    return resolution


def unread(path: str) -> str:
    """Say that a rule cannot tell without a data file."""
    return f"it needs {path}, which is not there or was not read whole"


def _orphans(whole: Whole, claimed: AbstractSet[str]) -> Iterator[tuple[str, Flaw | None]]:
    """Yield a flaw for every stored file that no record names, None for one of which that cannot be told."""
    extra = whole.layout.extra
    for path, place in whole.layout.places.items():
        if place is None or place.schema is not None or path in claimed:
            continue
        source = _source(whole, place.kind, path.removeprefix(extra))
        if source is None:
            yield ORPHAN, None
        elif source:
            yield ORPHAN, Flaw("No record refers to this stored file.", member=path)


def _source(whole: Whole, kind: Kind, path: str) -> bool | None:
    """Say whether the records that may name a file were all read; False where another rule speaks of its directory."""
    match kind:
        case Kind.EMOTICON:
            return None if whole.is_lost("emoticons.json") else True
        case Kind.PRIVATE_FILE:
            histories = [one for one, place in whole.layout.places.items() if place and place.kind is Kind.USER_HISTORY]
            return None if not histories or any(one in whole.known.lost for one in histories) else True
        case Kind.AVATAR:
            thing, sources = "user", ["users.json"]
        case _:
            thing, sources = "room", ["rooms.json", path.partition("/files/")[0] + "/history.json"]
    if any(whole.is_lost(source) for source in sources):
        return None
    return int(path.split("/")[1]) in whole.names[thing]


def _by_rule(sighted: Mapping[str, Mapping[Any, Seen]]) -> dict[tuple[str, str, Any], tuple[Mark, Seen]]:
    """Join the sightings of several annotations, of several record kinds, with which the same rule speaks."""
    joined: dict[tuple[str, str, Any], tuple[Mark, Seen]] = {}
    for label in sorted(sighted.keys() & every_mark().keys()):
        mark = every_mark()[label]
        for value, (count, places) in sighted[label].items():
            what = mark.says["thing"] if mark.keyword == DEFINES else mark.says.get("rule", "")
            key = mark.keyword, value[0] if mark.keyword == FILE and value[0] else what, value
            first, (known, others) = joined.get(key, (mark, (0, places)))
            joined[key] = first if others <= places else mark, (known + count, min(others, places))
    return joined


def _defined(_: Whole, mark: Mark, value: Any, seen: Seen) -> Told:  # noqa: ANN401 - an identifier
    count, places = seen
    if count > 1:
        thing, rule = mark.says["thing"], mark.says["rule"]
        if isinstance(value, str):
            sentence = f"{count:,} records have the same {thing}; this is the second. It is {{}}."
            yield rule, flaw_at(sentence, mark, places[1], (value,))
        else:
            yield rule, flaw_at(f"{count:,} records have the {thing} id {value}; this is the second.", mark, places[1])


def _referred(whole: Whole, mark: Mark, value: Any, seen: Seen) -> Told:  # noqa: ANN401 - an identifier
    to = mark.says["to"]
    if any(name in whole.names[thing] for thing, name in targets(value, to)):
        return
    things = " or ".join(to)
    if isinstance(value, str):
        sentence = f"It is {{}} and names no {things} of the archive{_more(seen)}."
        yield mark.says["rule"], flaw_at(sentence, mark, seen[1][0], (value,))
    else:
        yield mark.says["rule"], flaw_at(f"There is no {things} {value}{_more(seen)}.", mark, seen[1][0])


def _more(seen: Seen) -> str:
    count = seen[0] - 1
    return f"; {count:,} more {'place says' if count == 1 else 'places say'} the same" if count else ""


class _Files:
    """The stored files, as records name them."""

    def __init__(self, whole: Whole) -> None:
        """Begin with the files that broken records name."""
        self._whole = whole
        self._extra = whole.layout.extra
        self.claimed = {self._extra + str(path) for what, path in whole.known.salvaged if what == "file"}
        self._missing: set[str] = set()
        self._below: dict[str, Mapping[str, str]] = {}

    def judge(self, _: Whole, mark: Mark, value: Any, seen: Seen) -> Told:  # noqa: ANN401 - what ``named`` yields
        """Tell what is wrong with one file that records name."""
        code, text, declared = value
        if code:
            yield code, flaw_at(f"{_ODD.get(code, 'It names no stored file.')} It is {{}}.", mark, seen[1][0], (text,))
            return
        path = self._extra + text
        entry = self._whole.layout.members.get(path)
        versions = [sized(path, suffix) for suffix in mark.says.get("sizes", {}).get("suffixes", ())]
        self.claimed.update((path, *versions))
        if entry is None:
            if path not in self._missing:
                self._missing.add(path)
                yield self._elsewhere(mark, text, seen)
            return
        lacking = [version for version in versions if version not in self._whole.layout.members]
        if lacking:
            names = ", ".join(map(self._whole.terms.path, lacking))
            yield mark.says["sizes"]["rule"], flaw_at(f"Its other sizes lack {names}.", mark, seen[1][0])
        if "bytes" in mark.says and declared != entry.size:
            sentence = f"The record says {declared:,} bytes, the stored file has {entry.size:,}."
            yield mark.says["bytes"]["rule"], flaw_at(sentence, mark, seen[1][0])
        if "pixels" in mark.says and entry.pixels and declared != entry.pixels:
            sentence = "The record says {} x {} pixels, the stored image has {} x {}."
            yield mark.says["pixels"]["rule"], flaw_at(sentence.format(*declared, *entry.pixels), mark, seen[1][0])

    def _elsewhere(self, mark: Mark, text: str, seen: Seen) -> tuple[str, Flaw]:
        """Say that a file is missing, or that it is only in another tree."""
        other = mark.says.get("elsewhere", {})
        (tail,) = values_below(mark.says["member"], [text]) or [""]
        for template in other.get("members", ()):
            if template not in self._below:
                paths = [path.removeprefix(self._extra) for path in self._whole.layout.places]
                self._below[template] = values_below(template, paths)
            found = self._below[template].get(tail)
            if found is not None:
                self.claimed.add(self._extra + found)
                sentence = f"It is only in the other tree: {self._whole.terms.path(found)}."
                return other["rule"], flaw_at(sentence, mark, seen[1][0])
        sentence = f"There is no member {self._whole.terms.path(self._extra + text)}{_more(seen)}."
        return mark.says["rule"], flaw_at(sentence, mark, seen[1][0])


_ODD = {
    "HC513": "The path is not a directory and a file.",
    "HC514": "The path is absolute or climbs.",
    "HC515": "The path carries the id of another user.",
}
