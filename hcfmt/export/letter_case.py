"""Finds property names that differ in letter case alone: readers such as Go's encoding/json confuse them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

_OTHERS = {"k": "\u212a", "s": "\u017f"}  # Unicode folds these to an ASCII letter, besides its capital


def fold_case(name: str) -> str:
    """Return a name by Unicode's simple case folding, which keeps the number of characters."""
    return name.lower() if name.isascii() else "".join(map(_folded, name))


def _folded(character: str) -> str:
    return next((fold for fold in (character.casefold(), character.lower()) if len(fold) == 1), character)


def clashes(names: Iterable[str], documented: Iterable[str]) -> Iterator[str]:
    """Yield the undocumented names of an object that differ from a documented or earlier one in letter case alone."""
    exact = set(documented)
    folded_names = {fold_case(name) for name in exact}
    for name in names:
        if name not in exact:
            fold = fold_case(name)
            if fold in folded_names:
                yield name
            folded_names.add(fold)


def nested_clashes(value: object) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths of the properties of a JSON value that differ from another in the same object in case alone."""
    pending: list[tuple[tuple[str | int, ...], object]] = [((), value)]
    while pending:
        path, inner = pending.pop()
        if isinstance(inner, dict):
            yield from ((*path, name) for name in clashes(inner, ()))
            pending += [((*path, name), item) for name, item in inner.items() if isinstance(item, (dict, list))]
        elif isinstance(inner, list):
            pending += [((*path, index), item) for index, item in enumerate(inner) if isinstance(item, (dict, list))]


def has_no_clash(value: object) -> bool:
    """Whether no object in a JSON value has two properties whose names differ in letter case alone."""
    level: list[object] = [value]
    while level:
        objects = [item for item in level if isinstance(item, dict)]
        if not all(map(_keys_are_apart, objects)):
            return False
        arrays = [item for item in level if isinstance(item, list)]
        inside = chain.from_iterable([*(item.values() for item in objects), *arrays])
        level = [inner for inner in inside if isinstance(inner, (dict, list))]
    return True


def _keys_are_apart(keys: Mapping[str, object]) -> bool:
    together = "".join(keys)
    plain = together.isascii() and together == together.lower()  # most objects: nothing in them needs folding
    return plain or len(set(map(fold_case, keys))) == len(keys)


def any_case_pattern(documented: Iterable[str]) -> str:
    """Return a pattern (ECMA-262) that matches documented names in any letter case."""
    return f"^(?:{'|'.join(map(any_case, documented))})$"


def any_case(word: str) -> str:
    """Return a pattern (ECMA-262) that matches one word in any letter case, anywhere in a text."""
    return "".join(map(_any_case, word))


def _any_case(character: str) -> str:
    variants = {character, character.lower(), character.upper(), _OTHERS.get(character.lower(), character)}
    return f"[{''.join(sorted(variants))}]" if len(variants) > 1 else re.sub(r"([^\w@ ])", r"\\\1", character)
