"""The export as a whole, as the rules see it that need all of it: members, records' tellings, and how they meet."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hcfmt.check.histories import History
from hcfmt.check.known import Known
from hcfmt.check.sightings import Place, Seen
from hcfmt.check.subjects import Layout
from hcfmt.check.terms import Terms
from hcfmt.export.annotations import DEFINES, Mark
from hcfmt.export.layout import Kind
from hcfmt.export.records import WRAPPERS, path_of
from hcfmt.export.references import Identifier, definers, every_mark
from hcfmt.findings import Flaw

ROOMS, USERS = "rooms", "users"
_NO_HISTORY = History()
_HOLDS = {
    ROOMS: frozenset({Kind.ROOM_HISTORY, Kind.ROOM_FILE}),
    USERS: frozenset({Kind.USER_HISTORY, Kind.AVATAR}),
}


def flaw_at(message: str, mark: Mark, place: Place, values: tuple[object, ...] = ()) -> Flaw:
    """Make a flaw of the value that an annotation is about, at its place."""
    member, index, path = place
    full = (*path_of(mark.schema, mark.kind, index), *path)
    if mark.schema in WRAPPERS:
        return Flaw(message, values, full[1:], member=member, index=index)
    return Flaw(message, values, full, member=member)


@dataclass(frozen=True)
class Whole:
    """An export that was read to its end; ``kinds`` counts its records."""

    layout: Layout
    known: Known
    kinds: Counter[str]
    terms: Terms

    @cached_property
    def sighted(self) -> Mapping[str, Mapping[Identifier, Seen]]:
        """The values that records define, refer to and name, by the label of the annotation."""
        return self.known.sightings.by_label()

    @cached_property
    def names(self) -> Mapping[str, frozenset[Identifier]]:
        """The identifiers of all things that exist, by thing, of broken records too."""
        names: dict[str, set[Identifier]] = {thing: set() for thing in definers()}
        for label, values in self.sighted.items():
            mark = every_mark().get(label)
            if mark and mark.keyword == DEFINES:
                names[mark.says["thing"]].update(values)
        for what, value in self.known.salvaged:
            if what in names:
                names[what].add(value)
        return {thing: frozenset(values) for thing, values in names.items()}

    def defined(self, thing: str) -> Iterator[tuple[Identifier, Mark, Place]]:
        """Yield identifier, annotation and place of everything of a kind that a sound record defines."""
        mark = definers()[thing]
        return ((value, mark, places[0]) for value, (_, places) in self.sighted.get(mark.label, {}).items())

    def is_lost(self, path: str) -> bool:
        """Whether a data file is not there, or was not read to its end in every record."""
        return self.layout.extra + path not in self.layout.members or self.layout.extra + path in self.known.lost

    def history_of(self, tree: str, number: Identifier) -> str:
        """Return the path of a room's or a user's history."""
        return f"{self.layout.extra}{tree}/{number}/history.json"

    def history(self, tree: str, number: Identifier) -> History:
        """Return what is known of a room's or a user's history, one without messages where there is none."""
        return self.known.histories.get(self.history_of(tree, number), _NO_HISTORY)

    def conversations(self) -> Iterator[tuple[int, int, tuple[int, int], tuple[int, int]]]:
        """Yield (user, other, count and digest in the one's history, the same in the other's), of every pair once.

        Left out are pairs with somebody unknown, whose history was not read in every record, or who was deleted and has
        no history at all (facts 1.6).
        """
        pairs = {
            (min(user, other), max(user, other))
            for user in self.known.users
            for other in self.history(USERS, user).private
            if other != user and self._can_be_compared(user) and self._can_be_compared(other)
        }
        for one, other in sorted(pairs):
            here = self.history(USERS, one).private.get(other, (0, 0))
            yield one, other, here, self.history(USERS, other).private.get(one, (0, 0))

    def _can_be_compared(self, user: Identifier) -> bool:
        path = self.history_of(USERS, user)
        deleted = self.known.users.get(int(user))
        gone = path not in self.layout.members and deleted
        return deleted is not None and not gone and path not in self.known.broken

    def directories(self, tree: str) -> list[int]:
        """Return the ids below rooms/ or users/ that hold what a room or a user has."""
        places = self.layout.places.items()
        paths = [path.removeprefix(self.layout.extra) for path, place in places if place and place.kind in _HOLDS[tree]]
        return sorted({int(path.split("/")[1]) for path in paths})

    @cached_property
    def examined(self) -> Counter[str]:
        """What the rules of the whole look at, by what it is."""
        rooms = sum(self.kinds[kind] for kind in WRAPPERS["export/room-history"])
        private = sum(self.kinds[kind] for kind in WRAPPERS["export/user-history"])
        return Counter(
            {
                "room directory": len(self.directories(ROOMS)),
                "user directory": len(self.directories(USERS)),
                "room message": rooms,
                "message": rooms + private,
                "stored file": sum(1 for _ in self.layout.stored()),
            }
        )
