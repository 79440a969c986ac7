"""Writes numbers as short text: digits of base 32, the lowest first, all but the last of a number marked."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from operator import sub

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # the last 32 say that more digits follow
_BASE = 32
_GROUP = _BASE**3


def increasing_text(numbers: Iterable[int], before: int = 0) -> str:
    """Return the text of numbers of which each is at least as large as the one before, as differences."""
    numbers = list(numbers)
    return numbers_text(map(sub, numbers, chain((before,), numbers)))


def numbers_text(numbers: Iterable[int]) -> str:
    """Return the text of numbers that are not negative."""
    low, marked = _groups()
    return "".join([low[number] if number < _GROUP else _long(number, low, marked) for number in numbers])


def signed(numbers: Iterable[int]) -> Iterator[int]:
    """Yield even numbers for those that are not negative, odd ones for the others."""
    return (2 * number if number >= 0 else -2 * number - 1 for number in numbers)


def _long(number: int, low: list[str], marked: list[str]) -> str:
    text = ""
    while number >= _GROUP:
        number, rest = divmod(number, _GROUP)
        text += marked[rest]
    return text + low[number]


@cache
def _groups() -> tuple[list[str], list[str]]:
    """Return the texts of all numbers of up to three digits: alone, and as the beginning of a longer one."""
    marks, ends = _DIGITS[_BASE:], _DIGITS[:_BASE]
    three = [low + middle + high for high in marks for middle in marks for low in marks]
    alone = [*ends, *(low + high for high in ends[1:] for low in marks)]
    alone += [low + middle + high for high in ends[1:] for middle in marks for low in marks]
    return alone, three
