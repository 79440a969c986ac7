"""Reads what a static page is made of, as its scripts do."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def numbers_of(text: str) -> list[int]:
    """Return the numbers of a text of digits of base 32."""
    numbers, number, weight = [], 0, 1
    for digit in map(_DIGITS.index, text):
        number, weight = number + digit % 32 * weight, weight * 32
        if digit < 32:
            numbers.append(number)
            number, weight = 0, 1
    return numbers


def summed(steps: Iterable[int], before: int = 0) -> Iterator[int]:
    """Yield the numbers of which ``steps`` are the differences."""
    return iter(list(accumulate(steps, initial=before))[1:])


def data_of(directory: Path, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a file below ``data/`` of a page that has no property ``__proto__``."""
    script = (directory / "data" / f"{name}.js").read_text("utf-8")
    start, end = f'hcfmtData("{name}",', ");\n"
    assert script.startswith(start)
    assert script.endswith(end)
    return orjson.loads(script[len(start) : -len(end)])
