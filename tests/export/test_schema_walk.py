"""The walk through a schema agrees with python-jsonschema, which shares no code with it, on every keyword and place."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from hcfmt.export.schema_errors import explain, first_mismatch
from hcfmt.export.schema_walk import STANDARD, Walk
from hcfmt.export.schemas import resolved
from hcfmt.strategies import documents
from tests.support.mutations import changed
from tests.support.schema_library import EXAMPLES, NAMES, REGISTRY, Reference, having, reference

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
WALK = Walk(STANDARD)
SHOULD = {code for _, part in having("x-should") for code in part.schema["x-should"]}
EXPORT = sorted(name for name in NAMES if name.startswith("export/"))

Place = tuple[str, tuple[str | int, ...]]  # a keyword or the code of a rule, and a path


def _expected(_: Validator, expectations: Any, instance: object, __: object) -> Iterator[ValidationError]:  # noqa: ANN401 - a keyword's value
    for code, schema in expectations.items():
        for error in list(Reference(schema).iter_errors(instance))[:1]:
            yield ValidationError(code, validator="x-should", path=error.absolute_path)


Expecting = extend(Reference, {"x-should": _expected})  # type: ignore[no-untyped-call]


def walked(name: str, document: object) -> list[Place]:
    return sorted(((error.keyword, error.path) for error in WALK.errors(resolved(name), document)), key=repr)


def referred(name: str, document: Any) -> list[Place]:  # noqa: ANN401 - any JSON value
    """Return the errors of the reference engine, each once: the target of a reference may say what stands beside it."""
    errors = reference(name).iter_errors(document)
    distinct = {(str(error.validator), tuple(error.absolute_path), error.message) for error in errors}
    return sorted(((keyword, path) for keyword, path, _ in distinct), key=repr)


def expected(name: str, document: Any) -> list[Place]:  # noqa: ANN401 - any JSON value
    errors = Expecting(reference(name).schema, registry=REGISTRY).iter_errors(document)
    return sorted(((error.message, tuple(error.absolute_path)) for error in errors), key=repr)


def agree(name: str, document: object) -> None:
    found = referred(name, document)
    assert walked(name, document) == found
    mismatch = first_mismatch(resolved(name), document)
    assert (mismatch is not None) == bool(found)
    if not found:
        # Not those of undocumented names and of JSON inside strings, which the reference engine does not see.
        flaws = [(code, flaw) for code, flaw in explain(name, document) if code in SHOULD and not flaw.new_name]
        places = [(code, flaw.path or ()) for code, flaw in flaws if "inside" not in flaw.values]
        assert sorted(places, key=repr) == expected(name, document)


def examples() -> dict[str, list[Any]]:
    """Return the documents among the examples, valid or not, by schema."""
    found: dict[str, list[Any]] = {name: [] for name in EXPORT}
    for kind in ("positive", "negative"):
        for path in sorted((EXAMPLES / kind / "export").glob("*/*.json")):
            value = json.loads(path.read_bytes())
            found[f"export/{path.parent.name}"].append(value if kind == "positive" else value["instance"])
    return found


@pytest.mark.parametrize("name", EXPORT)
def test_the_walk_agrees_with_the_reference_engine_on_every_example(name: str) -> None:
    for document in examples()[name]:
        agree(name, document)


@pytest.mark.parametrize("name", EXPORT)
def test_the_walk_agrees_with_the_reference_engine_on_damaged_documents(name: str) -> None:
    @given(documents(name) | st.sampled_from(examples()[name]), st.integers(0, 2**32), st.integers(0, 3))
    @FEW
    def prove(document: Any, seed: int, times: int) -> None:  # noqa: ANN401 - any JSON value
        random = Random(seed)  # noqa: S311 - drawn by Hypothesis
        damaged = copy.deepcopy(document)
        for _ in range(times):
            damaged = changed(random, damaged)
        agree(name, damaged)

    prove()


@pytest.mark.parametrize("text", ["a\ud800", "\ud800\udc00", "\udfff", "2018-04-02T15:40:44Z 94282\ud800"])
def test_lone_surrogates_are_characters_like_others(text: str) -> None:
    record = {"id": text, "timestamp": text, "message": text * 10_001, text: text, "sender": {text: text}}
    for kind in ("UserMessage", "Foo"):
        agree("export/room-history", [{kind: record}])
    agree("export/room-history", [{"UserMessage": {**record, "type": "muc_message"}, text: {}}])


def test_what_a_reference_and_its_schema_both_demand_is_one_error() -> None:
    sender = {"id": "7", "mention_name": "", "name": "Build", "version": ""}
    document = [{"NotificationMessage": {"sender": sender}}]
    agree("export/room-history", document)
    assert ("type", (0, "NotificationMessage", "sender", "id")) in walked("export/room-history", document)


def test_an_infinite_number_is_a_number_of_no_integer_type() -> None:
    agree("export/rooms", [{"Room": {"id": float("inf"), "owner": float("-inf"), "members": [float("inf")]}}])
