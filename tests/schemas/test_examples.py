"""Examples that the schemas accept or refuse, by two independent validators.

``positive/<schema>/<case>.json`` is a value that the schema accepts. ``negative/<schema>/<case>.json`` is an object: an
``instance`` with one fault, the ``keyword`` that refuses it and the ``pointer`` to the place; the case's name says
what is wrong. Cases called ``sample`` are the documentation's own. A new file is a new case.
"""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.schema_library import NAMES, cases, compiled, example, reference

NEGATIVE_FORM = 'a negative example has the form {"keyword": "type", "pointer": "/id", "instance": {"id": "1", ...}}'
DEFINED_TEXTS = {
    "message-id": "2088ec9e-dd0d-4214-8f74-45e2fb85109c",
    "timestamp": "2018-04-02T15:40:44Z 942827",
    "iso-date": "2018-04-02T15:31:34+00:00",
}


@pytest.mark.parametrize("case", cases("positive"))
def test_a_positive_example_is_accepted(case: str) -> None:
    schema, instance = example("positive", case)
    assert [error.message for error in reference(schema).iter_errors(instance)] == []
    assert compiled(schema).is_valid(instance)


@pytest.mark.parametrize("case", cases("negative"))
def test_a_negative_example_is_refused_for_its_one_fault(case: str) -> None:
    schema, expected = example("negative", case)
    assert isinstance(expected, dict), NEGATIVE_FORM
    assert expected.keys() == {"keyword", "pointer", "instance"}, NEGATIVE_FORM
    errors = reference(schema).iter_errors(expected["instance"])
    found = [(error.validator, "".join(f"/{step}" for step in error.absolute_path)) for error in errors]
    assert found == [(expected["keyword"], expected["pointer"])]
    assert not compiled(schema).is_valid(expected["instance"])


@pytest.mark.parametrize("kind", ["positive", "negative"])
def test_every_schema_has_three_examples_of_each_kind(kind: str) -> None:
    counts = Counter(case.rpartition("/")[0] for case in cases(kind))
    names = set(NAMES) - {"messages/common"}
    assert {name: counts[name] for name in names if counts[name] < 3} == {}, f"add files to tests/schemas/{kind}/"
    assert counts.keys() - names == set(), "these directories belong to no schema"


@pytest.mark.parametrize(
    ("case", "path", "schema"),
    [
        ("messages/NotificationMessage/sample-card", ["card"], "embedded/card"),
        ("export/users/sample", [0, "User", "metadata"], "embedded/user-metadata"),
        ("export/autojoins/sample", ["AutoJoins", 0, "data"], "embedded/autojoin-data"),
    ],
)
def test_the_json_inside_a_sample_matches_its_own_schema(case: str, path: list[str | int], schema: str) -> None:
    _, value = example("positive", case)
    for step in path:
        value = value[step]
    assert json.loads(value)
    assert reference(schema).is_valid(json.loads(value))


@pytest.mark.parametrize("name", DEFINED_TEXTS)
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", " ", "\0"])
def test_a_text_with_something_after_its_end_is_refused(name: str, end: str) -> None:
    for validator in (reference, compiled):
        assert validator("messages/common", f"/$defs/{name}").is_valid(DEFINED_TEXTS[name])
        assert not validator("messages/common", f"/$defs/{name}").is_valid(DEFINED_TEXTS[name] + end)


@settings(max_examples=100)
@given(
    name=st.sampled_from(sorted(DEFINED_TEXTS)),
    position=st.integers(0, 36),
    cut=st.integers(0, 8),
    new=st.text("09afAFgTZ +-:.\n\r\t\0\u0663\u2028\U0001d7d8", max_size=4),
)
def test_two_regex_engines_agree_on_every_text_near_a_sound_one(name: str, position: int, cut: int, new: str) -> None:
    sound = DEFINED_TEXTS[name]
    text = sound[:position] + new + sound[position + cut :]
    fragment = f"/$defs/{name}"
    verdict = reference("messages/common", fragment).is_valid(text)
    assert compiled("messages/common", fragment).is_valid(text) == verdict
