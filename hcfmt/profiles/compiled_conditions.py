"""Conditions on records, compiled once for each profile, and chosen by what a kind of valid records can meet."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct

from hcfmt.profiles.loading import profile
from hcfmt.profiles.predicates import CompiledPredicate, compiled, given_operators, key_of, path_of
from hcfmt.profiles.profile import ARCHIVE, Condition, Effect
from hcfmt.profiles.record_columns import RecordColumns
from hcfmt.profiles.struct_types import types_at

MESSAGES, FILES, MISFILED = "messages", "files", "misfiled"

Differing = tuple[tuple[str, ...], Callable[[str], str] | None]
"""The field whose texts must differ between records, and the function that computes what is compared."""


class CompiledCondition(Struct, frozen=True, eq=False):
    """A condition on records.

    ``key`` is its profile and id (``zulip/Z40``), ``lost`` what of each record counts as lost. It has ``predicates``,
    or it looks for texts that must differ. ``needs_finding`` is as in the profile.
    """

    importer: str
    key: str
    predicates: tuple[CompiledPredicate, ...]
    lost: tuple[str, ...]
    needs_finding: bool = False
    differing: Differing | None = None

    def positions(self, columns: RecordColumns) -> Sequence[int]:
        """Return the positions of the records that meet all predicates, in order."""
        found: Sequence[int] | None = None
        for predicate in self.predicates:
            found = predicate.positions(columns, found)
            if not found:
                return ()
        return range(len(columns.records)) if found is None else found


Group = tuple[CompiledPredicate | None, Sequence[CompiledCondition]]
"""Conditions that begin with the same predicate, and this predicate; None for those without one."""


def conditions_for(sources: Sequence[str], place: str, columns: RecordColumns) -> Sequence[Group]:
    """Return the conditions of profiles in TOML on a kind of records, or on a place, that the records may meet."""
    kinds = columns.column(()).types
    if len(kinds) == 1:
        (kind,) = kinds
        if issubclass(kind, Struct):
            return _possible(tuple(sources), place, kind)
    return _grouped(condition for source in sources for condition in _compiled(source).get(place, ()))


@cache
def _possible(sources: tuple[str, ...], place: str, kind: type[Struct]) -> Sequence[Group]:
    """Return the conditions that a struct of a type can meet; a struct breaks no rule of its schema."""
    return _grouped(
        condition
        for source in sources
        for condition in _compiled(source).get(place, ())
        if not condition.needs_finding and all(is_possible(predicate, kind) for predicate in condition.predicates)
    )


def _grouped(conditions: Iterable[CompiledCondition]) -> Sequence[Group]:
    groups: defaultdict[CompiledPredicate | None, list[CompiledCondition]] = defaultdict(list)
    for condition in conditions:
        groups[condition.predicates[0] if condition.predicates else None].append(condition)
    return list(groups.items())


def is_possible(predicate: CompiledPredicate, kind: type[Struct]) -> bool:
    """Whether a struct of a type can meet a predicate, by the types of its fields."""
    if predicate.alternatives:
        return any(is_possible(part, kind) for part in predicate.alternatives)
    return bool(predicate.possible_types(types_at(kind, predicate.path)))


@cache
def _compiled(source: str) -> Mapping[str, Sequence[CompiledCondition]]:
    """Return the conditions of a profile that are on single records, by the kinds and places that they look at."""
    importer = profile(source)
    by_place: defaultdict[str, list[CompiledCondition]] = defaultdict(list)
    for condition in importer.condition:
        operators = [name for predicate in condition.when for name, _ in given_operators(predicate)]
        if condition.where == (ARCHIVE,) or not {"finding", "unknown"}.isdisjoint(operators):
            continue  # it looks at the whole export
        differing = "repeated" in operators
        entry = CompiledCondition(
            importer.name,
            f"{importer.name}/{condition.id}",
            () if differing else tuple(map(compiled, condition.when)),
            tuple(losses(condition)),
            condition.needs_finding,
            (path_of(condition.when[0]), key_of(condition.when[0])) if differing else None,
        )
        for place in condition.where:
            by_place[place].append(entry)
    return by_place


def losses(condition: Condition) -> Sequence[str]:
    """Return what of a record is lost or misfiled, as ``ConditionsMet.lost`` names it, if the importer goes on."""
    if condition.by_design or condition.effect.is_fatal or condition.effect is Effect.ALTERS:
        return ()
    if condition.effect is Effect.MISFILES:
        return (MISFILED,) if "message" in condition.loses else ()
    return [what for loss, what in (("message", MESSAGES), ("file", FILES)) if loss in condition.loses]
