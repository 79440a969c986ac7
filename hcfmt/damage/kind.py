"""What a damage is, and how it chooses what it damages."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TypeVar

from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport

T = TypeVar("T")

Do = Callable[[EditableExport, Random, int], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to break a sound export so that one rule speaks.

    ``code`` is the rule's. ``what`` says in one sentence what is done. ``do`` does it a number of times, each of which
    is one finding more, and leaves a log of it in the export; it raises UsageError where the export lacks what that
    takes. ``once``: it can be done to an archive one time only. ``companions`` are codes of rules that cannot but speak
    as well.
    """

    code: str
    what: str
    do: Do
    once: bool = False
    companions: tuple[str, ...] = ()


def damage(code: str, *, once: bool = False, companions: tuple[str, ...] = ()) -> Callable[[Do], Damage]:
    """Make a Damage of a function; its docstring is ``what``."""

    def made(do: Do) -> Damage:
        return Damage(code, " ".join(inspect.cleandoc(do.__doc__ or "").split()), do, once, companions)

    return made


def shuffled(random: Random, things: Iterable[T]) -> list[T]:
    """Return things in a random order."""
    order = list(things)
    random.shuffle(order)
    return order


def enough(things: Iterable[T], count: int, what: str) -> list[T]:
    """Return the first ``count`` things; UsageError when there are fewer, which says ``what`` they are (plural)."""
    found = list(islice(things, count))
    if len(found) < count:
        raise UsageError(f"The export has too few {what}: {len(found):,}, and {count:,} are needed.")
    return found


def unused(taken: Iterable[str], word: str) -> str:
    """Return a word, with a number behind it if need be, that is none of those taken, whatever the letter case."""
    folded = {one.casefold() for one in taken}
    number, tried = 1, word
    while tried.casefold() in folded:
        number += 1
        tried = f"{word}{number}"
    return tried


def pairs(things: Sequence[T]) -> list[tuple[T, T]]:
    """Return things two by two; an odd one is left out."""
    return list(zip(things[::2], things[1::2], strict=False))
