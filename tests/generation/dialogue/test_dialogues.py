"""Templates of every language are complete and sound; test_templates.py says how they are read."""

from collections.abc import Callable, Iterator

import pytest

from hcfmt.generation.dialogues.templates import Dialogues, dialogues, languages
from tests.support.dialogue_checks import CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("language", languages())
def test_the_templates_of_a_language_have_no(language: str, check: Callable[[Dialogues], Iterator[str]]) -> None:
    problems = [*check(dialogues(language))]
    assert not problems, "\n".join(problems)
