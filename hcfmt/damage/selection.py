"""Selects the values that a damage changes: a given number, in random order."""

from collections.abc import Iterable, Sequence
from itertools import islice
from random import Random
from typing import TypeVar

from hcfmt.errors import UsageError

T = TypeVar("T")


def shuffled(random: Random, values: Iterable[T]) -> list[T]:
    """Return values in a random order."""
    order = list(values)
    random.shuffle(order)
    return order


def take(values: Iterable[T], count: int, noun: str) -> list[T]:
    """Return the first ``count`` values; raise UsageError, with their plural noun, if there are fewer."""
    found = list(islice(values, count))
    if len(found) < count:
        raise UsageError(f"The export has too few {noun}: {len(found):,}, and {count:,} are needed.")
    return found


def unused_name(used: Iterable[str], word: str) -> str:
    """Return a word that equals no taken name in any letter case, with a number appended if necessary."""
    folded = {name.casefold() for name in used}
    number, name = 1, word
    while name.casefold() in folded:
        number += 1
        name = f"{word}{number}"
    return name


def pairs(values: Sequence[T]) -> list[tuple[T, T]]:
    """Return values two by two; an odd last value is left out."""
    return list(zip(values[::2], values[1::2], strict=False))
