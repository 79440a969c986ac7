"""Strategies for what demands ask for: a small interpreter of the keywords that the schemas use."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

from hypothesis import strategies as st

from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.letter_case import clashes
from hcfmt.export.schemas import SUFFIX, resolved
from hcfmt.strategies.demands import Given, together, ways
from hcfmt.strategies.text import matching, texts

Said = Mapping[str, list[Any]]  # of each keyword all that is demanded by it
Values = st.SearchStrategy[Any]

_EMPTY: tuple[Any, ...] = (None, "", [])
_USUAL = 5  # how many times as frequent as any other the simplest way is
_MOST = 3  # things in a list, or properties beside the documented ones
_TYPES = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object", type(None): "null"}
_NESTING = frozenset({"array", "object"})
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\:]|(^|/)\.{0,2}(/|\Z)")  # in a path: climbs, or means more than a name


def drawn(given: Iterable[Given]) -> Values:
    """Return a strategy for values that match some schemas, and do not match others.

    Of all ways to match them, that of the smallest value is the most frequent, and what is drawn shrinks to it.
    """
    made = [values for said in sorted(_all_said(given), key=_size) if not (values := _made(said)).is_empty]
    if len(made) <= 1:
        return st.one_of(*made)
    choices = made[:1] * _USUAL + made[1:]
    return st.integers(0, len(choices) - 1).flatmap(choices.__getitem__)


def _all_said(given: Iterable[Given]) -> list[Said]:
    """Return what is said by each way to match some schemas, and not others."""
    found: list[Said] = []
    for way in together(ways(*one) for one in given):
        said: dict[str, list[Any]] = defaultdict(list)
        for keyword, value in way:
            said[keyword].append(value)
        found.append(said)
    return found


def _size(said: Said) -> int:
    """Return how many properties and items the smallest value has, nested ones too."""
    if any(_is_wanted(kind, said) for kind in _MAKERS if kind not in _NESTING):
        return 0
    inner = _inner(said)
    return len(said["contains"]) + sum(
        1 + min(map(_size, _all_said(inner[name])), default=0) for name in set(said["present"])
    )


def _inner(said: Said) -> dict[str, list[Given]]:
    """Return what each property should match, or not."""
    inner: dict[str, list[Given]] = defaultdict(list)
    for name, given in said["property"]:
        inner[name].append(given)
    return inner


def _made(said: Said) -> Values:
    if said["x-legacy"]:
        said["enum"].append(list(_EMPTY))
    if said["enum"]:
        choices = [value for value in said["enum"][0] if _is_chosen(value, said)]
        # A copy, so that who changes what was drawn does not change what is drawn next.
        return st.sampled_from(choices).map(deepcopy) if choices else st.nothing()
    return _apart(st.one_of(*(make(said) for kind, make in _MAKERS.items() if _is_wanted(kind, said))), said)


def _is_chosen(value: Any, said: Said) -> bool:  # noqa: ANN401 - any JSON value
    listed = all(_is_among(value, choice) for choice in said["enum"])
    return listed and not any(_is_among(value, out) for out in said["!enum"]) and _is_wanted(_TYPES[type(value)], said)


def _is_among(value: Any, choices: Iterable[Any]) -> bool:  # noqa: ANN401 - any JSON value
    return any(type(value) is type(choice) and value == choice for choice in choices)


def _is_wanted(kind: str, said: Said) -> bool:
    """Whether a JSON type is asked for; where nothing is said, any that nests nothing is."""
    asked = all(kind in kinds for kinds in said["type"]) if said["type"] else kind not in _NESTING
    return asked and not any(kind in kinds for kinds in said["!type"])


def anything() -> Values:
    """Return a strategy for what may stand where anything may: nothing nested."""
    return drawn([({}, True)])


def _integers(said: Said) -> Values:
    """Return a strategy for numbers that every reader of JSON takes; an id counts from 1, as it names a directory."""
    least = [1] if said["x-defines"] or said["x-refers-to"] else [-SAFE_INTEGER]
    numbers = st.integers(max(least + said["minimum"]), SAFE_INTEGER)
    others = [value for one in said["x-refers-to"] for value in one.get("except", ())]
    return st.sampled_from(others) | numbers if others else numbers


def _numbers(said: Said) -> Values:
    bounds = [*said["minimum"], -SAFE_INTEGER]
    return _integers(said) | st.floats(max(bounds), SAFE_INTEGER, allow_nan=False)


def _strings(said: Said) -> Values:
    if said["x-embedded"]:
        return st.one_of(*map(_embedded, said["x-embedded"]))
    nonempty = any("" in refused for refused in said["!enum"])
    shortest, longest = max([int(nonempty), *said["minLength"]]), min(said["maxLength"], default=None)
    patterns = [*said["pattern"], *(pattern for one in said["x-file"] for pattern in _forms(one))]
    if patterns or said["!pattern"]:
        fitting = matching(patterns, said["!pattern"])
    else:
        fitting = texts(shortest, longest)
        if not said["x-file"]:
            return fitting
        fitting = fitting.map(partial(_UNSAFE.sub, "_"))  # most are unsafe: to refuse those would take long
    if said["x-file"]:
        fitting = fitting.filter(lambda text: not _UNSAFE.search(text))
    if shortest or longest is not None:
        fitting = fitting.filter(lambda text: shortest <= len(text) and (longest is None or len(text) <= longest))
    return fitting


def _forms(file: Mapping[str, Any]) -> list[str]:
    """Return the patterns that the path of a stored file has."""
    return [one["pattern"] for one in (file, file.get("form", {})) if "pattern" in one]


def _apart(values: Values, said: Said) -> Values:
    """Leave out the values that are refused."""
    refused = [value for out in said["!enum"] for value in out]
    return values.filter(lambda value: not _is_among(value, refused)) if refused else values


def _embedded(inside: Mapping[str, Any]) -> Values:
    """Return a strategy for JSON text of a schema, non-ASCII characters as they are or escaped."""
    values = drawn([(resolved(inside["schema"].removesuffix(SUFFIX)), True)])
    made = st.builds(partial(json.dumps, separators=(",", ":")), values, ensure_ascii=st.booleans())
    return st.just("") | made if inside.get("blank") else made


def _arrays(said: Said) -> Values:
    """Return a strategy for lists with everything that they must contain, in any order."""
    each: list[Given] = said["items"] or [({}, True)]
    least = [drawn([*each, (one, True)]) for one in said["contains"]]
    if not least:
        return st.lists(drawn(each), max_size=_MOST)
    whole_list = st.builds(lambda some, more: [*some, *more], st.tuples(*least), st.lists(drawn(each), max_size=_MOST))
    return whole_list.flatmap(st.permutations)


def _objects(said: Said) -> Values:
    """Return a strategy for objects with documented properties, and with some others where they are open."""
    inner, present, absent = _inner(said), set(said["present"]), set(said["absent"])
    # What depends on the way comes last: a shrink to another way then leaves most of the value as it is.
    order = sorted(inner, key=lambda name: (name in present, len(inner[name])))
    documented = {name: drawn(inner[name]) for name in order}
    if said["maxProperties"]:  # a wrapper: exactly one
        return st.one_of(*(st.fixed_dictionaries({name: value}) for name, value in documented.items()))
    if present & absent or any(documented[name].is_empty for name in present & documented.keys()):
        return st.nothing()
    known = _known({name: one for name, one in documented.items() if name not in absent and not one.is_empty}, present)
    if not said["x-open"]:
        return known
    names = drawn([({"type": "string"}, True), *((one, True) for one in said["propertyNames"])])
    others = st.dictionaries(names.filter(lambda name: name not in documented), anything(), max_size=_MOST)
    together = st.builds(lambda some, more: {**some, **more}, known, others)
    return together.filter(lambda made: not any(clashes(made, documented)))


@st.composite
def _known(draw: st.DrawFn, documented: Mapping[str, Values], present: set[str]) -> dict[str, Any]:
    """Return a strategy for objects with all that must be present and any of the others, beginning with any.

    ``fixed_dictionaries`` draws a whole permutation of the names, twice as many choices, which shrink as slowly.
    """
    made = [(name, draw(one)) for name, one in documented.items() if name in present or draw(st.booleans())]
    first = draw(st.integers(0, len(documented)))
    return dict(made[first:] + made[:first])


# In the order in which values shrink: the simplest first.
_MAKERS: Mapping[str, Callable[[Said], Values]] = {
    "null": lambda _: st.none(),
    "boolean": lambda _: st.booleans(),
    "integer": _integers,
    "number": _numbers,
    "string": _strings,
    "array": _arrays,
    "object": _objects,
}
