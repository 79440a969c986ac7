"""Reduces the users, rooms, emoticons and autojoins of a draft, each with all that depends on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from hcfmt.findings import Finding
from hcfmt.reduction.archive_links import RecordPlace
from hcfmt.reduction.delta_debugging import smallest
from hcfmt.reduction.draft import Draft
from hcfmt.reduction.judge import Judge
from hcfmt.reduction.record_links import RecordLinks, Thing, decoded, encoded, links_of, without_items

_OWNERS = {"rooms": "room", "users": "user"}


def reduce_entities(draft: Draft, judge: Judge, findings: Iterable[Finding]) -> Draft:
    """Return a draft with as few users, rooms, emoticons and autojoins as pass.

    With one of them goes what needs it: its messages and files, the rooms that it owns, its place in the lists of
    others. What the messages and the findings need is tried first.
    """
    links = {place: _links(draft, place) for place in draft.places()}
    removable = [place for place in links if place[0] not in draft.links.keys]

    def without(kept: Iterable[RecordPlace]) -> Draft:
        return _consistent(draft, links, frozenset(kept))

    def passes(kept: Sequence[RecordPlace]) -> bool:
        return judge.passes(without(kept))

    needed = _needed(draft, links, frozenset(_places_of(draft, findings)))
    guess = [place for place in removable if place in needed]
    if len(guess) < len(removable) and passes(guess):
        return without(smallest(guess, passes))
    return without(smallest(removable, passes))


def _links(draft: Draft, place: RecordPlace) -> RecordLinks:
    member = draft.stored.members[place[0]]
    return links_of(member.schema or "", member.place, draft.text(place))


def _places_of(draft: Draft, findings: Iterable[Finding]) -> Iterator[RecordPlace]:
    """Yield the places of the records in which findings are."""
    numbers = {draft.stored.members[number].place: number for number in draft.records}
    for finding in findings:
        number = numbers.get(finding.location.member or "")
        if number is not None and finding.location.index is not None:
            yield number, finding.location.index


def _owner(place: str) -> Thing | None:
    """Return the room or user to whom a member belongs by its place, None for others."""
    tree, _, rest = place.partition("/")
    number = rest.partition("/")[0]
    return (_OWNERS[tree], int(number)) if tree in _OWNERS and number.isdecimal() and number.isascii() else None


def _needed(
    draft: Draft, links: Mapping[RecordPlace, RecordLinks], found: AbstractSet[RecordPlace]
) -> AbstractSet[RecordPlace]:
    """Return all messages, the records found, and the records that these need."""
    definers: dict[Thing, list[RecordPlace]] = {}
    for place, of_record in links.items():
        for thing in of_record.defines:
            definers.setdefault(thing, []).append(place)
    waiting = [place for place in links if place[0] in draft.links.keys or place in found]
    needed = set(waiting)
    while waiting:
        place = waiting.pop()
        owner = _owner(draft.stored.members[place[0]].place)
        things = {thing for need in links[place].needs for thing in need} | ({owner} if owner else set())
        more = {definer for thing in things for definer in definers.get(thing, ())} - needed
        needed |= more
        waiting += sorted(more)
    return needed


def _consistent(draft: Draft, links: Mapping[RecordPlace, RecordLinks], kept: AbstractSet[RecordPlace]) -> Draft:
    """Return a draft with some records besides messages, without what needs one of the others."""
    before = _defined(links.values())
    records = kept | {place for place in links if place[0] in draft.links.keys}
    while True:
        left = _defined(links[place] for place in records)

        def is_gone(meant: AbstractSet[Thing], left: AbstractSet[Thing] = left) -> bool:
            return not meant.isdisjoint(before) and meant.isdisjoint(left)

        members = {number for number in draft.members if not _belongs_to(draft, number, before - left)}
        stay = {place for place in records if place[0] in members and not any(map(is_gone, links[place].needs))}
        if stay == records:
            break
        records = stay
    kept_records = {
        number: [index for index in indices if (number, index) in records] for number, indices in draft.records.items()
    }
    texts = dict(_trimmed(draft, sorted(records), is_gone))
    return replace(draft, members=members, records=kept_records, texts={**draft.texts, **texts})


def _defined(links: Iterable[RecordLinks]) -> AbstractSet[Thing]:
    return {thing for of_record in links for thing in of_record.defines}


def _belongs_to(draft: Draft, number: int, gone: AbstractSet[Thing]) -> bool:
    return _owner(draft.stored.members[number].place) in gone


def _trimmed(draft: Draft, places: Iterable[RecordPlace], is_gone: object) -> Iterator[tuple[RecordPlace, bytes]]:
    """Yield the new texts of records whose lists have items that refer to what is gone."""
    for place in places:
        schema = draft.stored.members[place[0]].schema or ""
        value = decoded(draft.text(place))
        trimmed = without_items(schema, value, is_gone)  # type: ignore[arg-type]
        if trimmed != value:
            yield place, encoded(schema, trimmed)
