"""Predicates of profiles: a column at a time they find what each record by itself meets."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt import UsageError
from hcfmt.export.columns import Structs
from hcfmt.profiles.compiled_conditions import CompiledCondition, is_certain, is_possible
from hcfmt.profiles.loading import profile
from hcfmt.profiles.operators import type_name
from hcfmt.profiles.predicates import compiled
from hcfmt.profiles.profile import Predicate
from hcfmt.profiles.record_columns import RecordColumns
from hcfmt.profiles.struct_types import ABSENT


class Inner(msgspec.Struct):
    """An object in a record."""

    path: str | None
    size: int


class Outer(msgspec.Struct):
    """A record."""

    text: str | None
    number: int | bool
    inner: Inner | msgspec.UnsetType | None = msgspec.UNSET


TEXTS = st.text("ab<\udfff", max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["text", "inner", "path"]), inner),
    max_leaves=4,
)
RECORDS = st.fixed_dictionaries({}, optional={"text": VALUES, "number": VALUES, "inner": VALUES})
STRUCTS = st.builds(
    Outer,
    st.none() | TEXTS,
    st.booleans() | st.integers(-2, 2),
    st.just(msgspec.UNSET) | st.none() | st.builds(Inner, st.none() | TEXTS, st.integers(-2, 2)),
)
FIELDS = st.sampled_from(["", "/text", "/number", "/inner", "/inner/path", "/inner/size", "/nothing/at/all"])

# What each operator means, said once more and in the plainest way: of a value, or of ABSENT, and an argument.
PLAIN: dict[str, tuple[Callable[[Any, Any], bool | None], st.SearchStrategy[Any]]] = {
    "absent": (lambda value, argument: (value is ABSENT) == argument, st.booleans()),
    "null": (lambda value, argument: None if value is ABSENT else (value is None) == argument, st.booleans()),
    "falsy": (lambda value, argument: (value is ABSENT or not value) == argument, st.booleans()),
    "type": (
        lambda value, names: None if value is ABSENT else bool({type_name(value), _wider(value)} & set(names)),
        st.lists(st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"]), max_size=3),
    ),
    "equals": (
        lambda value, argument: type(value) is type(argument) and value == argument if _is_scalar(value) else None,
        st.integers(-1, 1) | TEXTS | st.booleans(),
    ),
    "contains": (lambda value, argument: argument in value if isinstance(value, str) else None, TEXTS),
    "starts_with": (
        lambda value, texts: any(value[: len(text)] == text for text in texts) if isinstance(value, str) else None,
        st.lists(TEXTS, max_size=2),
    ),
    "ends_with": (lambda value, argument: value.endswith(argument) if isinstance(value, str) else None, TEXTS),
    "longer_than": (
        lambda value, argument: len(value) > argument if isinstance(value, str) else None,
        st.integers(0, 4),
    ),
    "shorter_than": (
        lambda value, argument: len(value) < argument if isinstance(value, str) else None,
        st.integers(0, 4),
    ),
    "longer_than_bytes": (
        lambda value, argument: (
            len(value.encode("utf-8", "surrogatepass")) > argument if isinstance(value, str) else None
        ),
        st.integers(0, 12),
    ),
    "greater_than": (lambda value, argument: value > argument if _is_number(value) else None, st.integers(-2, 2)),
    "less_than": (lambda value, argument: value < argument if _is_number(value) else None, st.integers(-2, 2)),
    "matches": (
        lambda value, argument: bool(re.search(argument, value)) if isinstance(value, str) else None,
        st.sampled_from(["^a", "b$", "<"]),
    ),
}


def _wider(value: object) -> str:
    return "number" if type_name(value) == "integer" else ""


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool | int | float)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def value_at(record: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON value
    for token in pointer.split("/")[1:]:
        if isinstance(record, msgspec.Struct):
            record = getattr(record, token, ABSENT)
        elif isinstance(record, dict):
            record = record.get(token, ABSENT)
        else:
            return ABSENT
    return record


@st.composite
def predicates(draw: st.DrawFn) -> tuple[Predicate, Callable[[Any], bool]]:
    name = draw(st.sampled_from(sorted(PLAIN)))
    plain, arguments = PLAIN[name]
    argument, field, negated = draw(arguments), draw(FIELDS), draw(st.booleans())

    def is_met(record: object) -> bool:
        holds = plain(value_at(record, field), argument)
        return holds is not None and holds is not negated

    given_argument = tuple(argument) if isinstance(argument, list) else argument
    values: dict[str, Any] = {"field": field, "negated": negated, name: given_argument}
    return Predicate(**values), is_met


@given(
    st.lists(STRUCTS, max_size=6).map(Structs) | st.lists(RECORDS | VALUES, max_size=6),
    st.lists(predicates(), max_size=3),
)
def test_a_condition_finds_in_columns_what_each_record_meets_by_itself(
    records: list[Any], drawn: list[tuple[Predicate, Callable[[Any], bool]]]
) -> None:
    condition = CompiledCondition("x", "x/X", tuple(compiled(predicate) for predicate, _ in drawn), ())
    expected = [place for place, record in enumerate(records) if all(is_met(record) for _, is_met in drawn)]
    assert list(condition.positions(RecordColumns(records))) == expected


@given(STRUCTS, predicates())
def test_a_predicate_that_no_struct_can_meet_is_met_by_none(
    record: Outer, drawn: tuple[Predicate, Callable[[Any], bool]]
) -> None:
    assert is_possible(compiled(drawn[0]), Outer) or not drawn[1](record)


@given(STRUCTS, predicates())
def test_a_predicate_that_all_structs_meet_is_met_by_each(
    record: Outer, drawn: tuple[Predicate, Callable[[Any], bool]]
) -> None:
    assert not is_certain(compiled(drawn[0]), Outer) or drawn[1](record)


@given(st.lists(STRUCTS, max_size=6).map(Structs), predicates(), predicates())
def test_any_finds_what_meets_one_of_its_predicates(
    records: list[Any], one: tuple[Predicate, Callable[[Any], bool]], other: tuple[Predicate, Callable[[Any], bool]]
) -> None:
    expected = [place for place, record in enumerate(records) if one[1](record) or other[1](record)]
    assert list(compiled(Predicate(any=(one[0], other[0]))).positions(RecordColumns(records))) == expected


@pytest.mark.parametrize("number", [0, False])
@pytest.mark.parametrize("argument", [0, False])
@pytest.mark.parametrize("negated", [True, False])
def test_zero_and_false_are_two_values(number: int, argument: int, *, negated: bool) -> None:
    records = Structs([Outer(None, number)])
    predicate = compiled(Predicate(field="/number", equals=argument, negated=negated))
    assert list(predicate.positions(RecordColumns(records))) == [0] * ((type(number) is type(argument)) is not negated)


CONDITION = '{{ id = "A", where = ["{where}"], effect = "dies", happens = "", source = "", evidence = "run", {rest} }}'
WRONG = {
    "no TOML": ("name = ", "A profile is wrong: "),
    "an unknown property": ('name = "a"\ncolour = 1', "unknown field `colour`"),
    "no conditions": ('name = "a"\ntitle = "A"\nsource = "A"', "missing required field `condition`"),
    "an unknown effect": ("when = [], loses = [1]", "Expected `str`, got `int`"),
    "values without a finding": ('when = [{ field = "/id", null = true, values = { a = 1 } }]', "needs 'finding'"),
    "a test without an operator": ('when = [{ field = "/id" }]', "each predicate has one operator"),
    "a test with two operators": (
        'when = [{ field = "/id", null = true, absent = true }]',
        "each predicate has one operator",
    ),
    "a field without a slash": ('when = [{ field = "id", null = true }]', "it begins with '/'"),
    "an unknown key": ('when = [{ field = "/id", key = "lowercase", equals = "a" }]', "did you mean 'lower_case'?"),
    "an unknown type": ('when = [{ field = "/id", type = ["text"] }]', "There is no type 'text'"),
    "a pattern that is none": ('when = [{ field = "/id", matches = "(" }]', "is no regular expression"),
    "a test of the archive on records": ('when = [{ missing = "users.json" }]', "'where' must say so"),
    "a test of all records beside another": (
        'when = [{ field = "/id", null = true }, { field = "/id", unknown = "user" }]',
        "must be the only predicate",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_profile_is_refused_with_what_is_wrong(case: str) -> None:
    text, expected = WRONG[case]
    if text.startswith("when"):
        condition = CONDITION.format(where="User", rest=text)
        text = f'name = "a"\ntitle = "A"\nsource = "A"\ncondition = [{condition}]'
    with pytest.raises(UsageError) as refused:
        profile(text)
    assert expected in str(refused.value)


def test_a_predicate_of_records_on_the_archive_is_refused() -> None:
    condition = CONDITION.format(where="archive", rest='when = [{ field = "/id", null = true }]')
    with pytest.raises(UsageError, match="predicates of the archive are finding"):
        profile(f'name = "a"\ntitle = "A"\nsource = "A"\ncondition = [{condition}]')
