"""Names of rooms, unique without regard to letter case, and what the rooms are about."""

from dataclasses import dataclass
from random import Random

from hcfmt.export.canonical_names import NAME_LENGTH, canonical_name
from hcfmt.generation import hard_texts
from hcfmt.generation.dialogues.templates import gaps_of
from hcfmt.generation.names import company
from hcfmt.generation.names_registry import NamesRegistry
from hcfmt.generation.vocabulary import Words, fill_gaps, gap_words, phrases, pick
from hcfmt.profiles.computed_keys import mattermost_channel, rocketchat_slug
from hcfmt.rng import random_for

_DRAFTS = 8  # before the name of a room gets a number
_HARD = 0.6  # share of hard names in nasty plans
_SIMILAR = 0.3  # share of hard names that are similar to another name


@dataclass(frozen=True, slots=True)
class RoomName:
    """The names of a room: HipChat derives ``canonical_name`` from ``name``.

    ``purpose`` is what the room is for, ``about`` the words of its name by the gaps that they fill.
    """

    name: str
    canonical_name: str
    purpose: str
    about: tuple[tuple[str, str], ...]


def room_names(seed: int, count: int, *, nasty: bool = False, first: str = "General") -> list[RoomName]:
    """Return the names of ``count`` rooms, of which one is given; a larger count appends names.

    Names and canonical names are unique without regard to letter case, and unless they are nasty also once importers
    have converted them. Names have up to 50 characters.
    """
    random = random_for(seed, "room names")
    words = gap_words(company(seed).domain)
    patterns = [(purpose, pattern) for purpose, names in phrases("work")["room"].items() for pattern in names]
    names = NamesRegistry(*({"General"} - {first}))
    registries = [names, NamesRegistry("", key=canonical_name)]
    if not nasty:
        registries += [NamesRegistry(key=mattermost_channel), NamesRegistry(key=rocketchat_slug)]
    rooms: list[RoomName] = []
    candidates, purpose, about = [first], "company", dict[str, str]()
    while len(rooms) < count:
        if not candidates:
            drafts = [_room_draft(random, *pick(random, patterns), words) for _ in range(_DRAFTS)]
            plain, purpose, about = next((draft for draft in drafts if names.is_free(draft[0])), drafts[0])
            candidates = _hard_room_names(random, plain) if nasty and random.random() < _HARD else [plain]
        numbered = names.numbered(candidates.pop(0), NAME_LENGTH, " ")
        name = next(text for text in numbered if all(registry.is_free(text) for registry in registries))
        for registry in registries:
            registry.take(name)
        rooms.append(RoomName(name, canonical_name(name), purpose, tuple(about.items())))
    return rooms


def _room_draft(random: Random, purpose: str, pattern: str, words: Words) -> tuple[str, str, dict[str, str]]:
    """Return a name of a room, its purpose, and the words in the name by the gaps that they fill."""
    about = {gap: fill_gaps(random, f"{{{gap}}}", words) for gap in gaps_of([pattern])}
    return fill_gaps(random, pattern, {gap: (word,) for gap, word in about.items()}), purpose, about


def _hard_room_names(random: Random, plain: str) -> list[str]:
    """Return a hard name, or three similar ones."""
    if random.random() < _SIMILAR:
        return [plain, *random.sample(hard_texts.similar_room_names(plain), 2)]
    return [
        pick(random, hard_texts.SYMBOLS)
        if random.random() < _SIMILAR
        else hard_texts.name(random, plain, NAME_LENGTH) or plain
    ]
