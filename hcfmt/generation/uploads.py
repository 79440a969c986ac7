"""The files that people send: the name, kind and size of each, by its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from random import Random

from hcfmt.errors import UsageError
from hcfmt.generation.files import images
from hcfmt.generation.files.contents import LEAST
from hcfmt.generation.files.zip_archive import LIMIT
from hcfmt.generation.names import file_name, slug15
from hcfmt.generation.plan import Plan
from hcfmt.rng import random_for

# Of a hundred files that a company's people send: how many, their median size in bytes and the spread of its logarithm.
_KINDS = {
    "png": (33, 70_000, 1.0),
    "jpg": (26, 180_000, 1.0),
    "pdf": (11, 190_000, 1.2),
    "docx": (6, 60_000, 1.0),
    "gif": (6, 120_000, 1.1),
    "log": (5, 30_000, 1.7),
    "txt": (4, 3_000, 1.2),
    "csv": (3, 15_000, 1.6),
    "zip": (3, 400_000, 1.7),
    "json": (2, 8_000, 1.4),
    "bin": (1, 200_000, 1.7),
}
KINDS = tuple(_KINDS)
"""Kinds of files, which are their extensions too."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file; ``path`` is ``<15 characters>/<name>``, ``thumbnail`` the path of its preview, "" for none.

    ``number`` identifies it among the uploads of a plan, and its content follows from it. ``size`` is in bytes.
    """

    number: int
    kind: str
    path: str
    thumbnail: str
    size: int


def upload(plan: Plan, number: int) -> Upload:
    """Return an upload by its number, from 0."""
    kinds, all_sizes = _kinds_and_sizes(plan)
    random = random_for(plan.seed, "upload", number)
    kind, directory = kinds[number], slug15(random)
    name = file_name(random, kind, nasty=plan.nasty)
    stem, _, extension = name.rpartition(".")
    thumbnail = f"{directory}/{stem}_thumb.{extension}" if kind in images.KINDS else ""
    return Upload(number, kind, f"{directory}/{name}", thumbnail, all_sizes[number])


@cache
def _kinds_and_sizes(plan: Plan) -> tuple[Sequence[str], Sequence[int]]:
    """Return the kind and the size of every upload; what is too large for a ZIP archive is binary data."""
    random = random_for(plan.seed, "uploads")
    kinds = [random_kind(random) for _ in range(plan.attachments)]
    all_sizes = sizes(random, kinds, plan.attachment_bytes)
    too_large = [kind in {"zip", "docx"} and size >= LIMIT for kind, size in zip(kinds, all_sizes, strict=True)]
    return ["bin" if large else kind for kind, large in zip(kinds, too_large, strict=True)], all_sizes


def random_kind(random: Random) -> str:
    """Return a random kind of file; common kinds are returned more often."""
    return random.choices(KINDS, [share for share, _, _ in _KINDS.values()])[0]


def sizes(random: Random, kinds: Sequence[str], total: int) -> list[int]:
    """Return a size in bytes for each file, ``total`` together: few are large, none is below its minimum.

    Raises UsageError when the total is too small.
    """
    least = sum(LEAST[kind] for kind in kinds)
    if total < least:
        raise UsageError(f"{len(kinds)} attachments of these kinds have at least {least} bytes together, not {total}.")
    # Whole numbers from here on: the last digits of a fraction differ between machines.
    weights = [int(_KINDS[kind][1] * random.lognormvariate(0, _KINDS[kind][2])) + 1 for kind in kinds]
    total_weight = max(1, sum(weights))
    ends = [(total - least) * end // total_weight for end in accumulate(weights, initial=0)]
    return [LEAST[kind] + after - before for kind, (before, after) in zip(kinds, pairwise(ends), strict=True)]
