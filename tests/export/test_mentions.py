"""Mentions are found in the texts of messages."""

import pytest

from hcfmt.export.mentions import mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no one", []),
        ("@anna", [("anna", "anna")]),
        ("ask @Anna.Müller, or @bob-smith.", [("Anna.Müller", "Anna.Müller"), ("bob-smith.", "bob-smith")]),
        ("@a @b @a", [("a", "a"), ("b", "b")]),
        ("anna@example.com (@山田)", [("example.com", "example.com"), ("山田", "山田")]),
        ("@ @, @...", [("...", "")]),
    ],
)
def test_each_name_is_found_once_with_and_without_the_end_of_a_sentence(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert list(mentions(text)) == expected
