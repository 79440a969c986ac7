"""What importers do with an archive: the conditions of their profiles that it meets, and a verdict for each."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from operator import itemgetter

from hcfmt.check.catalogue import CODES
from hcfmt.check.export_view import ROOMS, ExportView
from hcfmt.check.facts import MISREAD, MISSHAPEN, Facts
from hcfmt.check.importer_facts import FACTS
from hcfmt.check.inventory import distinct_messages, private_pairs
from hcfmt.export.annotations import REFERS
from hcfmt.export.layout import OPTIONAL, REQUIRED, layout_of
from hcfmt.export.records import LISTS, WRAPPERS, record_path
from hcfmt.export.references import Identifier, all_annotations
from hcfmt.findings import Location
from hcfmt.profiles.compiled_conditions import FILES, LOSING, MESSAGES, MISFILED, loses_uncounted, losses
from hcfmt.profiles.conditions_met import PRIVATE, ConditionsMet, Met, Place
from hcfmt.profiles.loading import builtin_names, profile
from hcfmt.profiles.predicates import given_operators, path_of
from hcfmt.profiles.profile import ARCHIVE, Condition, Effect, Profile
from hcfmt.profiles.vocabulary import place_of
from hcfmt.verdict import ConditionMet, ImporterVerdict

_SCHEMAS = {kind: schema for schema, kinds in WRAPPERS.items() for kind in kinds} | {
    kind: schema for schema, (kind, _) in LISTS.items()
}
_OUTCOMES = {Effect.DIES: "dies", Effect.HANGS: "hangs", Effect.REFUSED: "refused"}
_ORDER = list(Effect)
_READ_FIRST = ("", *REQUIRED, *OPTIONAL)
_SENDER = ("sender", "id")
_OF_USERS = "messages of the user"

_Found = tuple[int, Location | None, Met | None]  # how often a condition is met, where first, and by which records
_Pair = tuple[Condition, _Found]


def importer_verdicts(sources: Sequence[str], facts: Facts, export: ExportView) -> tuple[ImporterVerdict, ...]:
    """Return the verdict of each profile."""
    conditions, messages = facts.conditions or ConditionsMet(), distinct_messages(facts, export.layout)

    @cache
    def fact(name: str) -> Met | None:
        return _sum(FACTS[name](export, conditions))

    return tuple(_Importer(profile(source), facts, export, conditions, fact).verdict(messages) for source in sources)


class _Importer:
    """One importer and one archive; ``fact`` returns the records of a fact, None if it is not there."""

    def __init__(
        self,
        importer: Profile,
        facts: Facts,
        export: ExportView,
        conditions: ConditionsMet,
        fact: Callable[[str], Met | None],
    ) -> None:
        self._profile = importer
        self._facts = facts
        self._tally = facts.tally.with_suppressed
        self._export = export
        self._conditions = conditions
        self._by_condition = conditions.by_condition()
        self._fact = fact

    def verdict(self, messages: int) -> ImporterVerdict:
        """Return what the importer does with the archive, which holds so many messages."""
        met = [(condition, found) for condition in self._profile.condition if (found := self._met(condition))]
        met.sort(key=lambda pair: (pair[0].by_design, _ORDER.index(pair[0].effect), -pair[1][0]))
        ends = [
            (condition.at_the_end, _reading_order(found[1]), found[1])
            for condition, found in met
            if condition.effect.is_fatal and condition.effect is met[0][0].effect
        ]
        lost = self._lost(met, messages)
        return ImporterVerdict(
            importer=self._profile.name,
            title=self._profile.title,
            source=self._profile.source,
            built_in=self._profile.name in builtin_names(),
            outcome=_OUTCOMES[met[0][0].effect] if ends else self._outcome([condition for condition, _ in met], lost),
            at=min(ends, key=itemgetter(0, 1))[2] if ends else None,
            lost=lost,
            messages=messages,
            certain=self._is_certain(),
            conditions=tuple(_condition_met(condition, *found[:2]) for condition, found in met),
        )

    def _outcome(self, met: Sequence[Condition], lost: Mapping[str, int]) -> str:
        """Return the outcome where the archive meets some conditions, and none that ends the import."""
        if not self._export.layout.has_data() or self._tally.totals[CODES["several-exports"]]:
            return "unknown"
        return "loses" if any(lost.values()) or any(map(loses_uncounted, met)) else "imports"

    def _is_certain(self) -> bool:
        """Whether everything was examined that conditions of the profile look at.

        Records that contradict their schema are, except for what they refer to.
        """
        if not self._export.layout.complete:
            return False
        followed = {
            kind
            for condition in self._profile.condition
            if _operator(condition) == "unknown"
            for kind in condition.where
        }
        return not any(
            reason != MISREAD and (reason != MISSHAPEN or not followed.isdisjoint(WRAPPERS.get(schema, ())))
            for reason, schema in self._facts.unexamined
        )

    def _met(self, condition: Condition) -> _Found | None:
        """Return how often a condition is met, where first, and by which records; None if it is not met."""
        if condition.where == (ARCHIVE,):
            return self._met_by_archive(condition)
        if _operator(condition) == "finding":
            return self._met_by_findings(condition)
        if _operator(condition) == "unknown":
            found = self._unknown(condition)
        elif _operator(condition) == "repeated":
            values = self._conditions.values.get(self._key(condition), {}).values()
            repeated = [value for value in values if value.count > 1]
            found = _sum(
                Met(value.count - 1, value.second or value.first, value.ids - {value.first_id}) for value in repeated
            )
        else:
            found = self._by_condition.get(self._key(condition))
        return (found.count, self._location(found.first), found) if found else None

    def _key(self, condition: Condition) -> str:
        return f"{self._profile.name}/{condition.id}"

    def _met_by_archive(self, condition: Condition) -> _Found | None:
        """Return the same of a condition on the archive."""
        ((name, argument),) = given_operators(condition.when[0])
        layout, totals = self._export.layout, self._tally.totals
        match name:
            case "finding" if condition.when[0].values:
                return self._met_by_findings(condition)
            case "finding":
                count = sum(totals[code] for code in argument)
                found = [finding for code in argument for finding in self._tally.firsts.get(code, ())[:1]]
                return (count, found[0].location if found else None, None) if count else None
            case "missing":
                return (1, Location(argument), None) if layout.lacks(argument) else None
            case "file_larger_than" | "data_file_larger_than":
                is_data = name.startswith("data")
                large = [
                    path
                    for path, row in layout.places.items()
                    if row and (row.schema is not None) is is_data and layout.members[path].size > argument
                ]
                return (len(large), self._location((large[0], 0, "")), None) if large else None
            case _:
                met = self._fact(argument)
                return (met.count, self._location(met.first), met) if met else None

    def _met_by_findings(self, condition: Condition) -> _Found | None:
        """Return the number of findings in some data files or kinds of records, or with some values, and the first.

        If there is one among those that are kept, those that are not kept count too.
        """
        count, first = 0, list[Location]()
        for code in condition.when[0].finding or ():
            kept = self._tally.firsts.get(code, ())
            wanted = dict(condition.when[0].values or {})
            right = [finding.location for finding in kept if wanted.items() <= finding.values.items()]
            if here := [location for location in right if self._is_at(location, condition)]:
                count += self._tally.totals[code] - len(kept) + len(here)
                first.append(here[0])
        return (count, first[0], None) if first else None

    def _is_at(self, location: Location, condition: Condition) -> bool:
        """Whether a place is in a data file or a kind of record of a condition, and in the field of its predicate."""
        if condition.where == (ARCHIVE,):
            return True
        row = layout_of((location.member or "").removeprefix(self._export.layout.extra))
        path, field = location.path or (), path_of(condition.when[0])
        places = {place_of(row.schema) if row and row.schema else "", *path[:2]}
        return not places.isdisjoint(condition.where) and path[len(path) - len(field) :] == field

    def _unknown(self, condition: Condition) -> Met | None:
        """Return the records in which a field refers to something that does not exist."""
        if not self._export.layout.complete:  # what defines it may not have been read
            return None
        predicate = condition.when[0]
        path, known = path_of(predicate), self._export.names[predicate.unknown or ""]
        return _sum(
            Met(self._distinct(label, value, count), (places[0][0], places[0][1], all_annotations()[label].kind))
            for label in _labels(path, condition.where)
            for value, (count, places) in self._export.occurrences.get(label, {}).items()
            if value not in known
        )

    def _distinct(self, label: str, user: Identifier, count: int) -> int:
        """Return the number of messages that refer to an unknown user so often; a private one is stored twice."""
        annotation = all_annotations()[label]
        if annotation.kind != PRIVATE:
            return count
        once = (self._export.private_to if annotation.path[0] == "receiver" else self._export.private_from)[user]
        return max(once, (count + 1) // 2)

    def _location(self, place: Place) -> Location:
        member, index, kind = place
        path = self._export.context.redaction.member_path(member)
        if kind not in _SCHEMAS:
            return Location(path, index if kind.endswith("/*") else None, () if kind.endswith("/*") else None)
        inside = record_path(_SCHEMAS[kind], kind, index)
        return Location(path, None, inside) if _SCHEMAS[kind] in LISTS else Location(path, index, inside[1:])

    def _lost(self, met: Sequence[_Pair], messages: int) -> dict[str, int]:
        """Return the number of messages and files that are lost, and of messages that are misfiled.

        A message that is lost by itself and with its room or its sender counts twice, but never more than there are.
        """
        lost = {what: self._conditions.lost[self._profile.name, what] for what in (MESSAGES, FILES, MISFILED)}
        owners: dict[str, defaultdict[str, set[int]]] = {what: defaultdict(set) for what in (MESSAGES, MISFILED)}
        for condition, (count, _, found) in met:
            if condition.by_design or condition.effect not in LOSING:
                continue
            if found is None or _operator(condition) in {"unknown", "fact"}:  # the others are counted by record
                for what in losses(condition):
                    lost[what] += count
            if "everything" in condition.loses:
                lost[MESSAGES] = messages
            for loss in condition.loses:
                owners[MISFILED if condition.effect is Effect.MISFILES else MESSAGES][loss] |= (
                    found.ids if found else set()
                )
        owners[MESSAGES][_OF_USERS] -= owners[MISFILED][_OF_USERS]  # who becomes one with another is not left out
        for what, ids in owners.items():
            lost[what] += self._messages_of(ids)
        return {what: count if what == FILES else min(count, messages) for what, count in lost.items()}

    def _messages_of(self, owners: Mapping[str, AbstractSet[int]]) -> int:
        """Return the number of messages that are lost with rooms and users, those between two users once."""
        senders = owners[_OF_USERS]
        people = senders | owners["private messages of the user"]
        rooms = sum(self._export.history(ROOMS, room).messages for room in owners["messages of the room"])
        pairs = private_pairs(self._facts.index, self._export.layout).items() if people else ()
        private = sum(count for pair, count in pairs if not people.isdisjoint(pair))
        return rooms + private + sum(map(self._sent_in_rooms, senders))

    def _sent_in_rooms(self, user: int) -> int:
        return sum(
            self._export.occurrences.get(label, {}).get(user, (0, ()))[0] for label in _labels(_SENDER, {"UserMessage"})
        )


def _labels(path: tuple[str, ...], kinds: Container[str]) -> list[str]:
    """Return the labels of the annotations of a field that refers to something, in some kinds of records."""
    return [
        label
        for label, annotation in all_annotations().items()
        if annotation.keyword == REFERS and annotation.kind in kinds and annotation.path == path
    ]


def _reading_order(place: Location | None) -> tuple[object, ...]:
    """Return the sort key of a place: importers read people and rooms before histories."""
    if place is None:
        return (-1,)
    member = place.member or ""
    index = -1 if place.index is None else place.index
    return _READ_FIRST.index(member) if member in _READ_FIRST else len(_READ_FIRST), member, index


def _operator(condition: Condition) -> str:
    """Return the operator of a condition's first predicate, "" if it has none, or alternatives."""
    operators = given_operators(condition.when[0]) if condition.when else []
    return operators[0][0] if operators else ""


def _condition_met(condition: Condition, count: int, first: Location | None) -> ConditionMet:
    return ConditionMet(
        id=condition.id,
        effect=condition.effect.value,
        count=count,
        first=first,
        happens=condition.happens,
        remedy=condition.remedy,
        loses=condition.loses,
        source=condition.source,
        evidence=condition.evidence,
        by_design=condition.by_design,
    )


def _sum(found: Iterable[Met]) -> Met | None:
    """Return several records as one, None for none."""
    total: Met | None = None
    for met in found:
        if total is None:
            total = Met(met.count, met.first, set(met.ids))
        else:
            total.merge(met, 0)
    return total
