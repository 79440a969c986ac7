"""What is said at the end: whether all that records define, refer to and name comes together with what there is."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from hcfmt.check.export_view import ExportView, flaw_at
from hcfmt.check.occurrences import Occurrences, Place
from hcfmt.container.budget import OUT_OF_TIME
from hcfmt.errors import Fault
from hcfmt.export.annotations import DEFINES, FILE, REFERS, Annotation
from hcfmt.export.layout import Kind
from hcfmt.export.references import (
    all_annotations,
    comparable,
    data_file_of,
    likely_files,
    owner_of,
    targets,
    template_values,
    variant_path,
)
from hcfmt.findings import Flaw, MemberPath, Quoted, path_order

Told = Iterator[tuple[str, Flaw]]
Sighting = tuple[Annotation, Any, Occurrences]  # an annotation, the value, how often and where it was seen

ORPHAN = "HC510"
_ODD = {
    "HC513": "The path is not of the form <directory>/<file>.",
    "HC514": 'The path is absolute, or climbs with "..".',
    "HC515": "The path carries the id of another user.",
}


@dataclass(slots=True)
class Resolution:
    """Flaws by the code of their rule; of each the first ``keep`` and a few more are kept, the others counted.

    ``untold`` says, by code, why a rule could not tell at all, ``unsure`` why it could not tell of everything.
    ``claimed`` are the paths of stored files that some record names.
    """

    keep: int
    flaws: dict[str, list[Flaw]] = field(default_factory=lambda: defaultdict(list))
    more: Counter[str] = field(default_factory=Counter)
    untold: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)

    def tell(self, code: str, flaw: Flaw) -> None:
        """Add a flaw, unless its rule could not tell at all."""
        if code in self.untold:
            return
        flaws = self.flaws[code]
        flaws.append(flaw)
        if len(flaws) > 3 * self.keep:
            flaws.sort(key=_order)
            self.more[code] += len(flaws) - self.keep
            del flaws[self.keep :]


def _order(flaw: Flaw) -> tuple[object, ...]:
    return flaw.member or "", -1 if flaw.index is None else flaw.index, path_order(flaw.path or ()), flaw.message


def resolve(whole: ExportView) -> Resolution:
    """Hold what records define, refer to and name against the members and against each other.

    Raises Fault when the time is up.
    """
    _spend_time(whole)
    resolution = Resolution(whole.terms.keep, untold=_untold(whole))
    files = _Files(whole)
    for rule in (_defined(whole), _referred(whole), files.told()):
        for code, flaw in rule:
            _spend_time(whole)
            resolution.tell(code, flaw)
    resolution.claimed = files.claimed
    unsure = 0
    for path, told in _orphans(whole, files.claimed):
        _spend_time(whole)
        if told:
            resolution.tell(ORPHAN, Flaw("No record refers to this stored file.", member=path))
        else:
            unsure += 1
    if unsure:
        resolution.unsure[ORPHAN] = f"not looked at: stored files whose records were not all read: {unsure:,}"
    return resolution


def _spend_time(whole: ExportView) -> None:
    """Raise Fault when the time is up."""
    if whole.terms.expired():
        raise Fault("budget-exceeded", OUT_OF_TIME)


def _untold(whole: ExportView) -> dict[str, str]:
    """Say, by code, which rules of references cannot tell without the file that defines what is referred to."""
    untold = {}
    for mark in all_annotations().values():
        lost = [path for path in map(data_file_of, mark.arguments.get("to", ())) if whole.is_lost(path)]
        if mark.keyword == REFERS and lost:
            untold[mark.arguments["rule"]] = unread(lost[0])
    return untold


def unread(path: str) -> str:
    """Say that a rule cannot tell without a data file."""
    return f"it needs {path}, which is not there or was not read whole"


def _sighted(whole: ExportView, keyword: str) -> Iterator[tuple[Annotation, Mapping[Any, Occurrences]]]:
    """Yield the annotations of a keyword and what was seen of each, always in the same order."""
    for label in sorted(whole.occurrences.keys() & all_annotations().keys()):
        if all_annotations()[label].keyword == keyword:
            yield all_annotations()[label], whole.occurrences[label]


def _joined(sightings: list[tuple[Annotation, Mapping[Any, Occurrences]]]) -> Iterator[Sighting]:
    """Join what several annotations of one rule have seen: a value once, at its first place."""
    if len(sightings) == 1:
        mark, values = sightings[0]
        yield from ((mark, value, seen) for value, seen in values.items())
        return
    joined: dict[Any, tuple[Annotation, Occurrences]] = {}
    for mark, values in sightings:
        for value, (count, places) in values.items():
            first, (known, others) = joined.get(value, (mark, (0, places)))
            joined[value] = mark if places < others else first, (known + count, min(others, places))
    yield from ((mark, value, seen) for value, (mark, seen) in joined.items())


def _defined(whole: ExportView) -> Told:
    for mark, values in _sighted(whole, DEFINES):
        thing, rule = mark.arguments["thing"], mark.arguments["rule"]
        if any(isinstance(value, tuple) for value in values):
            yield from ((rule, flaw) for flaw in _clashes(mark, thing, values))
            continue
        for value, (count, places) in values.items():
            if count > 1:
                sentence = f"{{count:,}} records have the {thing} id {{{thing}}}; this is the second."
                yield rule, flaw_at(sentence, {"count": count, thing: value}, mark, places[1])


def _clashes(mark: Annotation, thing: str, values: Mapping[Any, Occurrences]) -> Iterator[Flaw]:
    """Yield a flaw for every name that records of different ids have; one record twice is the id's own rule's."""
    places: dict[str, list[Place]] = defaultdict(list)
    field = str(mark.path[-1])
    for (_, name), (_, seen) in values.items():
        places[name].append(seen[0])
    for name, first in places.items():
        if len(first) > 1:
            sentence = f"{{count:,}} records have the same {thing}; this is the second. It is {{{field}}}."
            yield flaw_at(sentence, {"count": len(first), field: Quoted(name)}, mark, sorted(first)[1])


def _referred(whole: ExportView) -> Told:
    by_rule: dict[str, list[tuple[Annotation, Mapping[Any, Occurrences]]]] = defaultdict(list)
    for mark, values in _sighted(whole, REFERS):
        by_rule[mark.arguments["rule"]].append((mark, values))
    for rule, sightings in by_rule.items():
        for mark, value, seen in _joined(sightings):
            meant = list(targets(value, mark.arguments["to"]))
            if not any(name in whole.names[thing] for thing, name in meant):
                sentence, names = _nobody(mark, value, meant)
                more, count = _more(seen[0] - 1)
                yield rule, flaw_at(sentence + more, names | count, mark, seen[1][0])


def _nobody(mark: Annotation, value: Any, meant: list[tuple[str, Any]]) -> tuple[str, dict[str, object]]:  # noqa: ANN401 - an identifier
    """Say that what a value refers to does not exist; ids are shown, names are not."""
    ids = [name for _, name in meant if not isinstance(name, str)]
    if isinstance(value, str) and not ids:
        return f"It names no {' and no '.join(mark.arguments['to'])} of the archive", {"value": Quoted(value)}
    thing = next(thing for thing, name in meant if not ids or name == ids[0])
    return f"{data_file_of(thing)} has no {thing} {{{thing}}}", {thing: comparable(ids[0] if ids else value)}


def _more(more: int) -> tuple[str, dict[str, object]]:
    """Return the end of a sentence, and its value: that ``more`` places have the same value."""
    if not more:
        return ".", {}
    return f"; {{more:,}} more {'place says' if more == 1 else 'places say'} the same.", {"more": more}


class _Files:
    """The stored files, as records name them."""

    def __init__(self, whole: ExportView) -> None:
        """Begin with the files that broken records name."""
        self._whole = whole
        self._extra = whole.layout.extra
        self._below: dict[str, Mapping[str, str]] = {}
        self.claimed: set[str] = set()
        for label, path in whole.index.salvaged:
            mark = all_annotations()[label]
            if mark.keyword == FILE:
                self._claim(mark, str(path))
                if self._extra + str(path) not in whole.layout.members:
                    self._elsewhere(mark, str(path))

    def told(self) -> Told:
        """Tell what is wrong with the files that records name; a file that is missing is told once, by one rule."""
        odd: dict[tuple[str, str], list[tuple[Annotation, Mapping[Any, Occurrences]]]] = defaultdict(list)
        files: dict[str, list[Sighting]] = defaultdict(list)
        for mark, values in _sighted(self._whole, FILE):
            for (code, text, declared), seen in values.items():
                if code:
                    odd[code, text].append((mark, {text: seen}))
                else:
                    files[text].append((mark, declared, seen))
        for (code, text), sightings in odd.items():
            for mark, _, seen in _joined(sightings):
                yield code, self._oddity(code, mark, text, seen)
        for path, named in files.items():
            named.sort(key=lambda one: (one[0].arguments["rule"], one[2][1]))
            for mark, _, _ in named:
                self._claim(mark, path)
            yield from (
                self._present(path, named)
                if self._extra + path in self._whole.layout.members
                else [self._missing(path, named)]
            )

    def _claim(self, mark: Annotation, path: str) -> list[str]:
        """Note that a record names a file; return its versions in other sizes."""
        versions = [
            self._extra + variant_path(path, suffix) for suffix in mark.arguments.get("sizes", {}).get("suffixes", ())
        ]
        self.claimed.update((self._extra + path, *versions))
        return versions

    def _oddity(self, code: str, mark: Annotation, text: str, seen: Occurrences) -> Flaw:
        if code not in _ODD:
            return flaw_at("It names no stored file. It is {value}.", {"value": Quoted(text)}, mark, seen[1][0])
        for path in likely_files(mark, text, owner_of(seen[1][0][0])):
            self._claim(mark, path)
        return flaw_at(f"{_ODD[code]} It is {{value}}.", {"value": Quoted(text)}, mark, seen[1][0])

    def _present(self, path: str, named: list[Sighting]) -> Told:
        """Tell of a file that is there what records say of it otherwise."""
        entry = self._whole.layout.members[self._extra + path]
        for mark, declared, seen in named:
            lacking = [one for one in self._claim(mark, path) if one not in self._whole.layout.members]
            if lacking:
                sentence = f"Of its other sizes, {{missing}} {'is' if len(lacking) == 1 else 'are'} missing."
                values = {"missing": [MemberPath(one) for one in lacking]}
                yield mark.arguments["sizes"]["rule"], flaw_at(sentence, values, mark, seen[1][0])
            if "bytes" in mark.arguments and declared != entry.size:
                sentence = "The record says {declared:,} bytes, the stored file has {stored:,}."
                sizes = {"declared": int(declared), "stored": entry.size}
                yield mark.arguments["bytes"]["rule"], flaw_at(sentence, sizes, mark, seen[1][0])
            if "pixels" in mark.arguments and entry.pixels and declared != entry.pixels:
                (width, height), stored = map(int, declared), entry.pixels
                sentence = f"The record says {width} x {height} pixels, the stored image has {stored[0]} x {stored[1]}."
                pixels = {"declared": [width, height], "stored": [*stored]}
                yield mark.arguments["pixels"]["rule"], flaw_at(sentence, pixels, mark, seen[1][0])

    def _missing(self, path: str, named: list[Sighting]) -> tuple[str, Flaw]:
        """Say that a file is missing, or that it is only in another tree."""
        mark = named[0][0]
        mine = [seen for other, _, seen in named if other.arguments["rule"] == mark.arguments["rule"]]
        place = min(seen[1][0] for seen in mine)
        found = self._elsewhere(mark, path)
        if found is not None:
            sentence = "The file is not where it belongs, but at {member}."
            return mark.arguments["elsewhere"]["rule"], flaw_at(sentence, {"member": MemberPath(found)}, mark, place)
        more, count = _more(sum(count for count, _ in mine) - 1)
        values = {"member": MemberPath(self._extra + path)} | count
        return mark.arguments["rule"], flaw_at(f"There is no member {{member}}{more}", values, mark, place)

    def _elsewhere(self, mark: Annotation, path: str) -> str | None:
        """Return where a file is that is not where it belongs, and claim it there."""
        (tail,) = template_values(mark.arguments["member"], [path]) or [""]
        for template in mark.arguments.get("elsewhere", {}).get("members", ()):
            if template not in self._below:
                paths = [one.removeprefix(self._extra) for one in self._whole.layout.places]
                self._below[template] = template_values(template, paths)
            found = self._below[template].get(tail)
            if found is not None:
                self.claimed.add(self._extra + found)
                return found
        return None


def _orphans(whole: ExportView, claimed: AbstractSet[str]) -> Iterator[tuple[str, bool]]:
    """Yield every stored file that no record names, and whether that can be told."""
    for path, place in whole.layout.places.items():
        if place and place.schema is None and path not in claimed:
            told = _told_by(whole, place.kind, path.removeprefix(whole.layout.extra))
            if told is not None:
                yield path, told


def _told_by(whole: ExportView, kind: Kind, path: str) -> bool | None:
    """Say whether the records that may name a file were all read; None where another rule speaks of its directory."""
    if kind is Kind.EMOTICON:
        return not whole.is_lost("emoticons.json")
    if kind is Kind.PRIVATE_FILE:
        return whole.has_private_histories and not whole.lost_histories
    thing, *sources = "user", "users.json"
    if kind is Kind.ROOM_FILE:
        thing, *sources = "room", "rooms.json", path.partition("/files/")[0] + "/history.json"
        # A private message may name a file of this tree too, if only by mistake.
        if whole.lost_histories[Kind.USER_HISTORY]:
            return False
    if any(whole.is_lost(source) for source in sources):
        return False
    return True if comparable(int(path.split("/")[1])) in whole.names[thing] else None
