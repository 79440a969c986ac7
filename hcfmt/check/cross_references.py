"""Cross-reference check, after everything was read: ids that nothing defines, files that are missing or orphaned."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from hcfmt.check.export_view import ExportView, flaw_at, more_places
from hcfmt.check.facts import Sieve, Tally
from hcfmt.check.file_references import FileReferences, orphans
from hcfmt.check.judgement import Suppressed
from hcfmt.check.occurrences import Occurrences, Place, joined
from hcfmt.container.budget import OUT_OF_TIME
from hcfmt.errors import Fault
from hcfmt.export.annotations import DEFINES, REFERS, Annotation
from hcfmt.export.references import all_annotations, comparable, data_file_of, targets
from hcfmt.findings import Finding, Flaw, Quoted, path_order

ORPHAN = "HC510"


class CrossReferences(Struct):
    """Result of the cross-reference check.

    ``flaws`` holds the first ``keep`` flaws of each rule and a few more, by code; ``more`` counts the others.
    ``skipped_rules`` and ``partial_rules`` hold, by code, why a rule examined nothing or not everything. ``claimed``
    are the paths of stored files that records name. ``judge`` is set where findings of one rule may be judged
    differently; ``suppressed`` are then those that do not count. ``more_places`` is that of a
    Tally, for the flaws that ``more`` counts.
    """

    keep: int
    flaws: dict[str, list[Flaw]] = field(default_factory=lambda: defaultdict(list))
    more: Counter[str] = field(default_factory=Counter)
    more_places: Counter[str] = field(default_factory=Counter)
    skipped_rules: dict[str, str] = {}
    partial_rules: dict[str, str] = {}
    claimed: set[str] = set()
    judge: Callable[[str, Flaw], Finding | Suppressed] | None = None
    suppressed: dict[str, Sieve] = {}

    def add(self, code: str, flaw: Flaw) -> None:
        """Add a flaw, unless its rule is skipped."""
        if code in self.skipped_rules:
            return
        if self.judge and isinstance(found := self.judge(code, flaw), Suppressed):
            self.suppressed.setdefault(code, Sieve(self.keep)).add(found)
            return
        flaws = self.flaws[code]
        flaws.append(flaw)
        if len(flaws) > 3 * self.keep:
            flaws.sort(key=_order)
            self.more[code] += len(flaws) - self.keep
            self.more_places[code] += sum(flaw.places - 1 for flaw in flaws[self.keep :])
            del flaws[self.keep :]

    def left_out(self, code: str, why: str) -> Tally:
        """Return the findings of a rule that are not among the flaws.

        ``why`` the rule is suppressed as a whole, "" if it is not.
        """
        tally = self.suppressed[code].tally() if code in self.suppressed else Tally(self.keep)
        if not self.more[code]:
            return tally
        more = Tally(self.keep, Counter({code: self.more[code]}), Counter({code: self.more_places[code]}))
        return tally + (more.suppressing([code], why) if why else more)


def _order(flaw: Flaw) -> tuple[object, ...]:
    return flaw.member or "", -1 if flaw.index is None else flaw.index, path_order(flaw.path or ()), flaw.message


def check_references(export: ExportView) -> CrossReferences:
    """Compare all that records define, refer to and name with each other and with the members.

    Raises Fault when the time is up.
    """
    _spend_time(export)
    context = export.context
    result = CrossReferences(
        context.keep,
        skipped_rules=_rules_without_file(export),
        judge=context.judged if context.judgement.is_made_by_finding else None,
    )
    files = FileReferences(export)
    for flaws in (_repeated_definitions(export), _broken_references(export), files.flaws()):
        for code, flaw in flaws:
            _spend_time(export)
            result.add(code, flaw)
    result.claimed = files.claimed
    uncertain = 0
    for path, sure in orphans(export, files.claimed):
        _spend_time(export)
        if sure:
            result.add(ORPHAN, Flaw("No record refers to this stored file.", member=path))
        else:
            uncertain += 1
    if uncertain:
        result.partial_rules[ORPHAN] = f"not examined: stored files whose records were not all read: {uncertain:,}"
    return result


def _spend_time(export: ExportView) -> None:
    """Raise Fault when the time is up."""
    if export.context.expired():
        raise Fault("budget-exceeded", OUT_OF_TIME)


def _rules_without_file(export: ExportView) -> dict[str, str]:
    """Return, by code, why rules of references are skipped: the file that defines what they refer to is lost."""
    skipped = {}
    occurring = [annotation for annotation, _ in export.occurrences_of(REFERS)]  # some are of other dialects
    for annotation in [*all_annotations().values(), *occurring]:
        lost = [path for path in map(data_file_of, annotation.arguments.get("to", ())) if export.is_lost(path)]
        if annotation.keyword == REFERS and lost:
            skipped[annotation.arguments["rule"]] = needs_file(lost[0])
    return skipped


def needs_file(path: str) -> str:
    """Return the reason why a rule is skipped that needs a lost data file."""
    return f"needs {path}, which is missing or was not fully read"


def _repeated_definitions(export: ExportView) -> Iterator[tuple[str, Flaw]]:
    """Yield (rule code, flaw) of each id that several records have, and of each name of several ids."""
    for annotation, values in export.occurrences_of(DEFINES):
        thing, rule = annotation.arguments["thing"], annotation.arguments["rule"]
        if any(isinstance(value, tuple) for value in values):
            yield from _name_clashes(annotation, thing, values)
            continue
        for value, (count, places) in values.items():
            if count > 1:
                sentence = f"{{count:,}} records have the {thing} id {{{thing}}}; this is the second."
                numbers = {"count": count, thing: value}
                yield rule, flaw_at(sentence, numbers, annotation, places[1], (thing, value), count - 1)


def _name_clashes(annotation: Annotation, thing: str, values: Mapping[Any, Occurrences]) -> Iterator[tuple[str, Flaw]]:
    """Yield (rule code, flaw) of every name that records of different ids have.

    Several records of one id are not counted. Where at most one of the records is not set apart, another rule reports.
    """
    name, arguments = str(annotation.path[-1]), annotation.arguments
    first_places: dict[str, dict[Any, Place]] = defaultdict(dict)
    others: dict[str, set[Any]] = defaultdict(set)  # ids of records that are not set apart
    for (number, value, apart), (_, places) in values.items():
        first_places[value][number] = min(places[0], first_places[value].get(number, places[0]))
        if not apart:
            others[value].add(number)
    for value, first in first_places.items():
        if len(first) > 1:
            rule = (
                arguments["rule"] if len(others[value]) > 1 or "apart" not in arguments else arguments["apart"]["rule"]
            )
            sentence = f"{{count:,}} records have the same {thing}; this is the second. It is {{{name}}}."
            values_ = {"count": len(first), name: Quoted(value)}
            ids = sorted(map(str, first))
            second = sorted(first.values())[1]
            yield rule, flaw_at(sentence, values_, annotation, second, (thing, *ids), len(first) - 1)


def _broken_references(export: ExportView) -> Iterator[tuple[str, Flaw]]:
    """Yield (rule code, flaw) of each value that refers to nothing, once, at its first place."""
    by_rule: dict[str, list[tuple[Annotation, Mapping[Any, Occurrences]]]] = defaultdict(list)
    for annotation, values in export.occurrences_of(REFERS):
        by_rule[annotation.arguments["rule"]].append((annotation, values))
    for rule, columns in by_rule.items():
        for annotation, value, (count, places) in joined(columns):
            possible_targets = list(targets(value, annotation.arguments["to"]))
            if not any(name in export.names[thing] for thing, name in possible_targets):
                sentence, target = _missing_target(annotation, value, possible_targets)
                ending, more = more_places(count - 1)
                yield rule, flaw_at(sentence + ending, target | more, annotation, places[0], (value,), count)


def _missing_target(
    annotation: Annotation,
    value: Any,  # noqa: ANN401 - an identifier
    possible_targets: list[tuple[str, Any]],
) -> tuple[str, dict[str, object]]:
    """Return the beginning of the sentence on a value that refers to nothing, and its values; only ids are shown."""
    ids = [name for _, name in possible_targets if not isinstance(name, str)]
    if isinstance(value, str) and not ids:
        return f"It names no {' and no '.join(annotation.arguments['to'])} of the archive", {"value": Quoted(value)}
    thing = next(thing for thing, name in possible_targets if not ids or name == ids[0])
    return f"{data_file_of(thing)} has no {thing} {{{thing}}}", {thing: comparable(ids[0] if ids else value)}
