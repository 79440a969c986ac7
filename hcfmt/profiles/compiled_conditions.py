"""Conditions on records, compiled once for each profile, and chosen by what a kind of valid records can meet."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from hcfmt.profiles.loading import profile
from hcfmt.profiles.predicates import CompiledPredicate, compiled, given_operators, key_of, path_of
from hcfmt.profiles.profile import ARCHIVE, Condition, Effect
from hcfmt.profiles.record_columns import RecordColumns
from hcfmt.profiles.struct_types import types_at
from hcfmt.profiles.vocabulary import COUNTED

MESSAGES, FILES, MISFILED = "messages", "files", "misfiled"
LOSING = frozenset({Effect.DROPS, Effect.MISFILES})

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
        some: RecordColumns | None = RecordColumns(columns.records)
        for predicate in self.predicates:
            some = some and predicate.met_by(some)
        return some.at if some else ()


class Step(Struct, frozen=True, eq=False):
    """Conditions that begin with the same predicates, which some records meet.

    ``keys`` are those of conditions that have no other predicate, and so are met by the same records; ``lost`` is what
    of each record is lost with them, by importer. ``differing`` are the conditions on texts that must differ. ``next``
    are the conditions with other predicates, by the next one.
    """

    keys: tuple[str, ...]
    lost: frozenset[tuple[str, str]]
    differing: Sequence[tuple[str, Differing]]
    next: Sequence[tuple[CompiledPredicate, "Step"]]


def steps_for(sources: Sequence[str], place: str, columns: RecordColumns) -> Step:
    """Return the conditions of profiles in TOML on a kind of records, or on a place, that some records may meet."""
    kinds = columns.column(()).types
    if len(kinds) == 1:
        (kind,) = kinds
        if issubclass(kind, Struct):
            return _possible(tuple(sources), place, kind)
    return _of_any_form(tuple(sources), place)


def conditions_on(sources: Iterable[str], place: str) -> Iterator[CompiledCondition]:
    """Yield the conditions of profiles in TOML on a kind of records, or on a place."""
    for source in sources:
        yield from _compiled(source).get(place, ())


@cache
def _of_any_form(sources: tuple[str, ...], place: str) -> Step:
    return _step((condition, condition.predicates) for condition in conditions_on(sources, place))


@cache
def _possible(sources: tuple[str, ...], place: str, kind: type[Struct]) -> Step:
    """Return the conditions that a struct of a type can meet, without the predicates that all such structs meet.

    A struct breaks no rule of its schema.
    """
    same: dict[object, CompiledPredicate] = {}
    return _step(
        (
            condition,
            [
                same.setdefault(_meaning(predicate, kind), predicate)
                for predicate in condition.predicates
                if not is_certain(predicate, kind)
            ],
        )
        for condition in conditions_on(sources, place)
        if not condition.needs_finding and all(is_possible(predicate, kind) for predicate in condition.predicates)
    )


def _meaning(predicate: CompiledPredicate, kind: type[Struct]) -> object:
    """Return what is equal for predicates that the same structs of a type meet."""
    if not predicate.is_of_type:
        return predicate
    return predicate.path, frozenset(predicate.possible_types(types_at(kind, predicate.path)))


def _step(rows: Iterable[tuple[CompiledCondition, Sequence[CompiledPredicate]]]) -> Step:
    """Return the step of conditions, each with the predicates that are left."""
    here, differing = list[CompiledCondition](), list[tuple[str, Differing]]()
    later = defaultdict[CompiledPredicate, list[tuple[CompiledCondition, Sequence[CompiledPredicate]]]](list)
    for condition, predicates in rows:
        if condition.differing:
            differing.append((condition.key, condition.differing))
        elif predicates:
            later[predicates[0]].append((condition, predicates[1:]))
        else:
            here.append(condition)
    return Step(
        tuple(condition.key for condition in here),
        frozenset((condition.importer, what) for condition in here for what in condition.lost),
        differing,
        [(predicate, _step(those)) for predicate, those in later.items()],
    )


def is_possible(predicate: CompiledPredicate, kind: type[Struct]) -> bool:
    """Whether a struct of a type can meet a predicate, by the types of its fields."""
    if predicate.alternatives:
        return any(is_possible(part, kind) for part in predicate.alternatives)
    return bool(predicate.possible_types(types_at(kind, predicate.path)))


def is_certain(predicate: CompiledPredicate, kind: type[Struct]) -> bool:
    """Whether every struct of a type meets a predicate, by the types of its fields."""
    if predicate.alternatives:
        return any(is_certain(part, kind) for part in predicate.alternatives)
    types = types_at(kind, predicate.path)
    return predicate.is_of_type and predicate.possible_types(types) == types


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


def loses_uncounted(condition: Condition) -> bool:
    """Whether a condition drops or misfiles something that no number of the verdict counts, such as memberships."""
    if condition.by_design or condition.effect not in LOSING:
        return False
    uncounted = set(condition.loses) - set(COUNTED)
    is_misfiled_file = condition.effect is Effect.MISFILES and "file" in condition.loses
    return not condition.loses or bool(uncounted) or is_misfiled_file


def losses(condition: Condition) -> Sequence[str]:
    """Return what of a record is lost or misfiled, as ``ConditionsMet.lost`` names it, if the importer goes on."""
    if condition.by_design or condition.effect.is_fatal or condition.effect is Effect.ALTERS:
        return ()
    if condition.effect is Effect.MISFILES:
        return (MISFILED,) if "message" in condition.loses else ()
    return [what for loss, what in (("message", MESSAGES), ("file", FILES)) if loss in condition.loses]
