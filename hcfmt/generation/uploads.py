"""The files that people send: subject, kind, size and name of each, by its number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise, repeat
from random import Random
from typing import NamedTuple

from hcfmt.errors import UsageError
from hcfmt.generation.files import images
from hcfmt.generation.files.contents import LEAST
from hcfmt.generation.files.subjects import SUBJECTS
from hcfmt.generation.files.zip_archive import LIMIT
from hcfmt.generation.names import file_name, file_pattern, slug15
from hcfmt.generation.plan import Plan
from hcfmt.generation.scenarios import LARGE_FILE
from hcfmt.generation.vocabulary import phrases, pick
from hcfmt.generation.world import World
from hcfmt.generation.world_building import build_world
from hcfmt.rng import random_for

# The median size in bytes of each kind of files, and the spread of its logarithm.
_SIZES = {
    "png": (70_000, 1.0),
    "jpg": (180_000, 1.0),
    "pdf": (190_000, 1.2),
    "docx": (60_000, 1.0),
    "gif": (120_000, 1.1),
    "log": (30_000, 1.7),
    "txt": (3_000, 1.2),
    "csv": (15_000, 1.6),
    "zip": (400_000, 1.7),
    "json": (8_000, 1.4),
    "bin": (200_000, 1.7),
}
_LARGE_FILE = 1_000  # bytes of the large file, to those of all others, where one is large
KINDS = tuple(_SIZES)
"""Kinds of files, which are their extensions too."""

_FAVOURITES = 0.7  # share of a room's files that show what its purpose favours
_TOO_LARGE = "binary", "bin"  # for a ZIP archive
_TALKED_ABOUT = frozenset({"city", "customer", "project", "service", "team"})  # gaps of names


class Look(NamedTuple):
    """What a file shows, its kind, and the words by gap that its room is about."""

    subject: str
    kind: str
    about: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file; ``path`` is ``<15 characters>/<name>``, ``thumbnail`` the path of its preview, "" for none.

    ``subject`` is what it shows, one of ``SUBJECTS``. ``number`` identifies it among the uploads of a plan. ``second``
    is when it was sent, in seconds since 1970 UTC, ``size`` its bytes.
    """

    number: int
    subject: str
    kind: str
    path: str
    thumbnail: str
    size: int
    second: int


def upload(plan: Plan, number: int, second: int) -> Upload:
    """Return an upload by its number, from 0, and by the second in which it is sent."""
    looks, all_sizes = _looks_and_sizes(plan)
    random, directory, pattern, words = _drafted(plan, number)
    subject, kind, _ = looks[number]
    name = file_name(random, pattern, words, kind, second, nasty=plan.nasty)
    stem, _, extension = name.rpartition(".")
    thumbnail = f"{directory}/{stem}_thumb.{extension}" if kind in images.KINDS else ""
    return Upload(number, subject, kind, f"{directory}/{name}", thumbnail, all_sizes[number], second)


def upload_subject(plan: Plan, number: int) -> str:
    """Return what an upload shows, whenever it is sent."""
    return _looks_and_sizes(plan)[0][number].subject


def upload_words(plan: Plan, number: int) -> Mapping[str, str]:
    """Return the words in the name of an upload that people may talk about, such as a project, by their gaps.

    A nasty plan may have made the name a hard one.
    """
    *_, words = _drafted(plan, number)
    return {gap: word for gap, word in words.items() if gap in _TALKED_ABOUT}


def _drafted(plan: Plan, number: int) -> tuple[Random, str, str, Mapping[str, str]]:
    """Return random numbers for an upload, its directory, and the pattern of its name with the words in it."""
    look, random = _looks_and_sizes(plan)[0][number], random_for(plan.seed, "upload", number)
    return random, slug15(random), *file_pattern(random, look.subject, look.about)


@cache
def _looks_and_sizes(plan: Plan) -> tuple[Sequence[Look], Sequence[int]]:
    """Return how each upload looks, and its size; what is too large for a ZIP archive is binary data."""
    random, favourites = random_for(plan.seed, "uploads"), phrases("files")["favourites"]
    looks = [
        Look(*random_look(random, favourites.get(purpose, ())), about)
        for purpose, about in _purposes(build_world(plan))
    ]
    kinds = [look.kind for look in looks]
    if LARGE_FILE in plan.scenarios:
        looks[0] = Look(*_TOO_LARGE, looks[0].about)
        others = max(plan.attachment_bytes // _LARGE_FILE, sum(LEAST[kind] for kind in kinds[1:]))
        all_sizes = [plan.attachment_bytes - others, *sizes(random, kinds[1:], others)]
    else:
        all_sizes = sizes(random, kinds, plan.attachment_bytes)
    for number, (look, size) in enumerate(zip(looks, all_sizes, strict=True)):
        if look.kind in {"zip", "docx"} and size >= LIMIT:
            looks[number] = Look(*_TOO_LARGE, look.about)
    return looks, all_sizes


def _purposes(world: World) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the purpose of the room of each upload, "" for those in private, and the words that it is about."""
    for room in world.rooms:
        yield from repeat((room.purpose, dict(room.about)), len(world.room_quotas[room.id].uploads))
    for quota in world.pair_quotas.values():
        yield from repeat(("", {}), len(quota.uploads))


def random_look(random: Random, favourites: Sequence[str] = ()) -> tuple[str, str]:
    """Return a random subject and a kind of file that shows it; favourites and common ones are returned more often."""
    if favourites and random.random() < _FAVOURITES:
        name = pick(random, favourites)
    else:
        (name,) = random.choices([*SUBJECTS], [subject.share for subject in SUBJECTS.values()])
    return name, pick(random, SUBJECTS[name].kinds)


def sizes(random: Random, kinds: Sequence[str], total: int) -> list[int]:
    """Return a size in bytes for each file, ``total`` together: few are large, none is below its minimum.

    Raises UsageError when the total is too small.
    """
    least = sum(LEAST[kind] for kind in kinds)
    if total < least:
        raise UsageError(f"{len(kinds)} attachments of these kinds have at least {least} bytes together, not {total}.")
    # Whole numbers from here on: the last digits of a fraction differ between machines.
    weights = [int(_SIZES[kind][0] * random.lognormvariate(0, _SIZES[kind][1])) + 1 for kind in kinds]
    total_weight = max(1, sum(weights))
    ends = [(total - least) * end // total_weight for end in accumulate(weights, initial=0)]
    return [LEAST[kind] + after - before for kind, (before, after) in zip(kinds, pairwise(ends), strict=True)]
