"""The files that people send: a name, a kind and a size for each, by its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hcfmt.generation.files.contents import kind_of, sizes
from hcfmt.generation.names import file_name, slug15
from hcfmt.generation.plan import Plan
from hcfmt.rng import random_for

PICTURES = frozenset({"jpg", "png", "gif"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file; ``path`` is ``<15 characters>/<name>``, ``thumbnail`` the path of its preview, "" for none.

    ``size`` is in bytes. ``number`` tells it from all others of a plan, its content follows from it.
    """

    number: int
    kind: str
    path: str
    thumbnail: str
    size: int


@cache
def _kinds_and_sizes(plan: Plan) -> tuple[Sequence[str], Sequence[int]]:
    random = random_for(plan.seed, "uploads")
    kinds = [kind_of(random) for _ in range(plan.attachments)]
    return kinds, sizes(random, kinds, plan.attachment_bytes)


def upload(plan: Plan, number: int) -> Upload:
    """Return an upload by its number, from 0."""
    kinds, all_sizes = _kinds_and_sizes(plan)
    random = random_for(plan.seed, "upload", number)
    kind, directory = kinds[number], slug15(random)
    name = file_name(random, kind, nasty=plan.nasty)
    stem, _, extension = name.rpartition(".")
    thumbnail = f"{directory}/{stem}_thumb.{extension}" if kind in PICTURES else ""
    return Upload(number, kind, f"{directory}/{name}", thumbnail, all_sizes[number])
