"""An unknown name is answered with the nearest known one."""

import doctest

import pytest

from hcfmt import suggestions
from hcfmt.check.catalogue import RULES
from hcfmt.suggestions import nearest, unknown_name


def test_the_examples_of_the_module_are_true() -> None:
    results = doctest.testmod(suggestions)
    assert (results.failed, results.attempted) == (0, 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unknown-sendr", "unknown-sender"),
        ("unknown_sender", "unknown-sender"),
        ("UNKNOWN-SENDR", "unknown-sender"),
        ("HC401x", "HC401"),
        ("hc-401", "HC401"),
        ("HC4O1", "HC401"),
        ("hc5ol", "HC501"),
        ("", None),
        ("please", None),
        ("x" * 1_000_000, None),
    ],
)
def test_the_nearest_rule_is_found_if_there_is_one(name: str, expected: str | None) -> None:
    assert nearest(name, [*RULES, *(rule.name for rule in RULES.values())]) == expected


def test_a_long_name_is_shortened() -> None:
    assert len(unknown_name("profile", "x" * 10_000, ["tiny", "small"])) < 200


def test_names_are_listed_where_no_command_lists_them() -> None:
    assert unknown_name("profile", "Tiny1", ["tiny", "small"]) == (
        "There is no profile 'Tiny1'; did you mean 'tiny'? There are tiny, small."
    )
