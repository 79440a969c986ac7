"""Read-only view of the finished export, for rules that need more than one record."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from msgspec import Struct

from hcfmt.check.context import CheckContext
from hcfmt.check.export_index import FOREIGN, ExportIndex, Room
from hcfmt.check.history_facts import HistoryFacts, State
from hcfmt.check.layout_view import Layout
from hcfmt.check.occurrences import Occurrences, Place
from hcfmt.export.annotations import DEFINES, Annotation
from hcfmt.export.layout import Kind, layout_of
from hcfmt.export.records import WRAPPERS, record_path
from hcfmt.export.references import Identifier, annotation_of, defining_annotations
from hcfmt.findings import Flaw

ROOMS, USERS = "rooms", "users"
_NO_HISTORY = HistoryFacts()
_HISTORIES = frozenset({Kind.ROOM_HISTORY, Kind.USER_HISTORY})
_HOLDS = {
    ROOMS: frozenset({Kind.ROOM_HISTORY, Kind.ROOM_FILE}),
    USERS: frozenset({Kind.USER_HISTORY, Kind.AVATAR}),
}


def flaw_at(
    message: str,
    values: Mapping[str, object],
    annotation: Annotation,
    place: Place,
    subject: tuple[object, ...],
    places: int = 1,
) -> Flaw:
    """Return a flaw at the place of a value that an annotation describes.

    ``subject`` is what it is about, and ``places`` the number of places that it stands for.
    """
    member, index, path = place
    full = (*record_path(annotation.schema, annotation.kind, index), *path)
    if annotation.schema in WRAPPERS:
        return Flaw(message, values, full[1:], member=member, index=index, subject=subject, places=places)
    return Flaw(message, values, full, member=member, subject=subject, places=places)


def more_places(count: int) -> tuple[str, dict[str, object]]:
    """Return the end of a sentence about ``count`` more places of the same value, and its values by name."""
    if not count:
        return ".", {}
    return f"; {{more:,}} more {'place has' if count == 1 else 'places have'} the same value.", {"more": count}


def _by_number(value: Identifier) -> int:
    return int(value)


class Conversation(Struct, frozen=True):
    """Private messages of two users.

    ``copies`` are the number and the digest of those in the user's history, and in the other's. ``sent`` is the number
    of those that the user sent: in the user's own history, and in the other's; ``answered`` that of those that the
    other sent: in the other's own history, and in the user's.
    """

    user: Identifier
    other: Identifier
    copies: tuple[tuple[int, int], tuple[int, int]]
    sent: tuple[int, int]
    answered: tuple[int, int]


class ExportView(Struct, frozen=True, dict=True):
    """View of an export that was read to its end; ``kinds`` counts its records by kind."""

    layout: Layout
    index: ExportIndex
    kinds: Counter[str]
    context: CheckContext

    @cached_property
    def occurrences(self) -> Mapping[str, Mapping[Any, Occurrences]]:
        """The values that records define, refer to and name, by the label of the annotation."""
        return self.index.values.occurrences()

    def occurrences_of(self, keyword: str) -> Iterator[tuple[Annotation, Mapping[Any, Occurrences]]]:
        """Yield the annotations of a keyword with the occurrences of their values, in the order of labels."""
        for label in sorted(self.occurrences.keys() - {FOREIGN}):
            if annotation_of(label).keyword == keyword:
                yield annotation_of(label), self.occurrences[label]

    @cached_property
    def names(self) -> Mapping[str, frozenset[Identifier]]:
        """The identifiers of all things that exist, by thing, those of broken records included."""
        names: dict[str, set[Identifier]] = {thing: set() for thing in defining_annotations()}
        for annotation, values in self.occurrences_of(DEFINES):
            identifiers = (value[1] if isinstance(value, tuple) else value for value in values)
            names[annotation.arguments["thing"]].update(identifiers)
        for label, value in self.index.salvaged:
            annotation = annotation_of(label)
            if annotation.keyword == DEFINES:
                names[annotation.arguments["thing"]].add(value)
        return {thing: frozenset(values) for thing, values in names.items()}

    def defined(self, thing: str) -> Iterator[tuple[Identifier, Annotation, Place]]:
        """Yield identifier, annotation and place of all users or rooms that valid records define."""
        for annotation, values in self._definitions[thing]:
            yield from ((value, annotation, places[0]) for value, (_, places) in values.items())

    def is_doubled(self, thing: str, value: Identifier) -> bool:
        """Whether several records define an id; rules then compare none of them."""
        counts = [values[value][0] for _, values in self._definitions[thing] if value in values]
        return sum(counts) > 1

    @cached_property
    def _definitions(self) -> Mapping[str, list[tuple[Annotation, Mapping[Any, Occurrences]]]]:
        """The annotations that define each thing, one of each dialect that occurs, with the occurrences of its ids."""
        definitions: dict[str, list[tuple[Annotation, Mapping[Any, Occurrences]]]] = defaultdict(list)
        for annotation, values in self.occurrences_of(DEFINES):
            definitions[annotation.arguments["thing"]].append((annotation, values))
        return definitions

    @cached_property
    def lost_histories(self) -> Counter[Kind]:
        """The number of histories of each kind that were not read to their end, or not in every record."""
        rows = (layout_of(path.removeprefix(self.layout.extra)) for path in self.index.lost)
        return Counter(row.kind for row in rows if row and row.kind in _HISTORIES)

    @cached_property
    def has_private_histories(self) -> bool:
        """Whether any user has a history."""
        return any(row and row.kind is Kind.USER_HISTORY for row in self.layout.places.values())

    def is_lost(self, path: str) -> bool:
        """Whether a data file is missing, or was not read to its end in every record."""
        return self.layout.extra + path not in self.layout.members or self.layout.extra + path in self.index.lost

    def history_of(self, tree: str, number: Identifier) -> str:
        """Return the path of a room's or a user's history."""
        return f"{self.layout.extra}{tree}/{number}/history.json"

    def history(self, tree: str, number: Identifier) -> HistoryFacts:
        """Return the facts of a room's or a user's history, empty facts if there is no history."""
        return self.index.histories.get(self.history_of(tree, number), _NO_HISTORY)

    @cached_property
    def private_to(self) -> Counter[Identifier]:
        """The number of private messages to each person in the histories of who wrote them."""
        found = Counter[Identifier]()
        for history in self.index.histories.values():
            found.update(history.sent)
        return found

    @cached_property
    def private_from(self) -> Counter[Identifier]:
        """The number of private messages by each person in the histories of who got them."""
        found = Counter[Identifier]()
        for history in self.index.histories.values():
            for person, (count, _) in history.private.items():
                found[person] += count - history.sent[person]
        return found

    def conversations(self) -> Iterator[Conversation]:
        """Yield the private messages of each pair of users once.

        Pairs with an unknown user are left out, and users whose history was not read in every record, or who are
        deleted and have no history (a deleted user's history is not exported).
        """
        pairs = {
            (min(user, other, key=_by_number), max(user, other, key=_by_number))
            for user in self.index.users
            for other in self.history(USERS, user).private
            if other != user and self._can_be_compared(user) and self._can_be_compared(other)
        }
        for user, other in sorted(pairs, key=lambda pair: [_by_number(number) for number in pair]):
            own, theirs = self.history(USERS, user), self.history(USERS, other)
            copies = own.private.get(other, (0, 0)), theirs.private.get(user, (0, 0))
            sent, answered = own.sent[other], theirs.sent[user]
            yield Conversation(user, other, copies, (sent, copies[1][0] - answered), (answered, copies[0][0] - sent))

    def _can_be_compared(self, user: Identifier) -> bool:
        """Whether a user is listed once, and their history was read in every record and repeats no message id.

        A deleted user without a history is left out.
        """
        path = self.history_of(USERS, user)
        deleted = self.index.users.get(user)
        deleted_with_history = path not in self.layout.members and deleted
        sure = path not in self.index.broken and path not in self.index.histories_with_repeats
        return deleted is not None and not deleted_with_history and sure and not self.is_doubled("user", user)

    def is_empty(self, tree: str, number: int) -> bool:
        """Whether all that the directory of an id holds is a history that was read and has no record."""
        path = self.history_of(tree, number)
        read = path in self.layout.places and path not in self.index.broken and path not in self.index.lost
        return read and not self.history(tree, number).messages and number not in self._with_files[tree]

    @cached_property
    def _with_files(self) -> Mapping[str, AbstractSet[int]]:
        """The ids of the directories below rooms/ and users/ that hold attachments or avatars."""
        return {tree: self._ids(kinds - _HISTORIES) for tree, kinds in _HOLDS.items()}

    def directories(self, tree: str) -> list[int]:
        """Return the ids of the directories below rooms/ or users/ that hold a history, attachments or avatars."""
        return sorted(self._ids(_HOLDS[tree]))

    def _ids(self, kinds: AbstractSet[Kind]) -> set[int]:
        """Return the ids of the directories that hold members of some kinds."""
        rows = self.layout.places.items()
        paths = [path.removeprefix(self.layout.extra) for path, row in rows if row and row.kind in kinds]
        return {int(path.split("/")[1]) for path in paths}

    def states(self, kind: str) -> Iterator[tuple[str, Room, State]]:
        """Yield (history path, room, state after its last message of a kind) of each room whose state is certain."""
        for number, room in self.index.rooms.items():
            state = self.history(ROOMS, number).states.get(kind)
            if state and self._is_sure(number, kind):
                yield self.history_of(ROOMS, number), room, state

    def _is_sure(self, number: Identifier, kind: str) -> bool:
        """Whether a room's state is certain: one record with it, a history that was read in full, possible dates."""
        read = self.history_of(ROOMS, number) not in self.index.broken and kind in self.index.rooms[number].states
        return read and kind not in self.history(ROOMS, number).uncertain and not self.is_doubled("room", number)

    def partial_rules(self) -> Mapping[str, str]:
        """Return, by code, why rules of the export did not examine everything."""
        rooms, users = self.index.rooms.items(), self.index.users
        left_out = {
            **{
                code: ("rooms", sum(not self._is_sure(number, kind) for number, _ in rooms))
                for code, kind in (
                    ("HC432", "ArchiveRoomMessage"),
                    ("HC433", "GuestAccessMessage"),
                    ("HC434", "TopicRoomMessage"),
                )
            },
            "HC603": ("rooms", sum(not room.created or self.is_doubled("room", number) for number, room in rooms)),
            **dict.fromkeys(("HC430", "HC435"), ("users", sum(not self._can_be_compared(user) for user in users))),
            "HC431": ("histories", sum(user not in self.names["user"] for user in self.occurrences.get(FOREIGN, {}))),
            **dict.fromkeys(("HC801", "HC802", "HC803", "HC804"), ("histories", self.lost_histories.total())),
            **dict.fromkeys(("HC805", "HC806"), ("histories", len(self.index.histories.keys() & self.index.broken))),
        }
        return {
            code: f"not examined: {noun} that are ambiguous or were not fully read: {count:,}"
            for code, (noun, count) in left_out.items()
            if count
        }

    @cached_property
    def examined(self) -> Counter[str]:
        """The number of objects that rules of the export examine, by kind of object."""
        rooms = sum(self.kinds[kind] for kind in WRAPPERS["export/room-history"])
        private = sum(self.kinds[kind] for kind in WRAPPERS["export/user-history"])
        return Counter(
            {
                "room directory": len(self.directories(ROOMS)),
                "user directory": len(self.directories(USERS)),
                "room message": rooms,
                "message": rooms + private,
                "stored file": sum(1 for _ in self.layout.stored()),
                "expectation": len(self.layout.expected or ()),
                "log": int(self.layout.log is not None),
                "logged member": len(self.layout.log.members) if self.layout.log else 0,
            }
        )
