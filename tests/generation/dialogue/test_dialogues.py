"""Templates of every language are complete and sound; test_templates.py says how they are read."""

from collections.abc import Callable, Iterator

import pytest

from hcfmt.generation.dialogues.templates import Dialogues, dialogues, is_complete, languages, titles
from tests.support.dialogue_checks import CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("language", languages())
def test_the_templates_of_a_language_have_no(language: str, check: Callable[[Dialogues], Iterator[str]]) -> None:
    problems = [*check(dialogues(language))]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("language", languages())
def test_what_is_known_without_all_templates_of_a_language_is_the_same(language: str) -> None:
    assert is_complete(language) == dialogues(language).is_complete
    assert titles(language) == dialogues(language).titles


def test_a_language_without_a_folder_is_not_complete() -> None:
    assert not is_complete("xx")
