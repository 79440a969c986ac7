"""A thread is told in takes, each of which has the lines that its template allows."""

import re
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.generation.dialogue.lexicon import Lexicon
from hcfmt.generation.dialogue.repertoire import Choice
from hcfmt.generation.dialogue.scripts import Script
from hcfmt.generation.dialogues.templates import parsed
from tests.support.other_process import printed_elsewhere

WORDS: dict[str, Any] = {
    "words": {"reason": ["dns", "tls"]},
    "variants": {"thanks": ["thanks", "cheers"]},
    "table": {"food": [{"what": "soup", "place": "here"}, {"what": "rice", "place": "there"}]},
}


def script(*lines: str | list[str], **changes: object) -> Script:
    """Return a compiled thread."""
    table = {"kind": "question", "rooms": ["any"], "lines": [*lines], **changes}
    found = parsed("xx", {"a.toml": {"thread": [table], **WORDS}})
    return Script(found.threads[0], Lexicon(found), "xx 0")


@given(st.integers(0, 1_000), st.integers(2, 6))
def test_a_take_has_all_lines_but_optional_ones_and_is_short_enough(seed: int, most: int) -> None:
    found = script("a: 1", "?b: 2", "&a: 3", "b: 4", "?a: 5")
    take = found.take(Random(seed).random, most)  # noqa: S311 - no secret
    texts = [text for _, _, text in take.texts]
    assert texts in (["1", "4"], ["1", "2", "3", "4"], ["1", "4", "5"], ["1", "2", "3", "4", "5"])
    assert take.messages == len(texts) <= most
    assert [after for _, after, _ in take.texts] == sorted(after for _, after, _ in take.texts)


def test_takes_have_all_alternatives_and_rows() -> None:
    found = script(["a: {food.what}", "a: no {food.what}"], "b: {food.place}, {reason}, {reason}, {thanks}")
    takes = [found.take(Random(seed).random, 9) for seed in range(300)]  # noqa: S311 - no secret
    told = {tuple(text for _, _, text in take.texts) for take in takes}
    assert {first for first, _ in told} == {"soup", "no soup", "rice", "no rice"}
    for first, second in told:
        place, reason, same, _ = second.split(", ")
        assert ("soup" in first) == (place == "here")
        assert reason == same


@pytest.mark.parametrize("rows", [1, 2, 7, 25, 36, 40, 48])
def test_takes_have_all_rows_of_a_table(rows: int) -> None:
    table = {"kind": "question", "rooms": ["any"], "lines": ["a: {food.what}"]}
    food = [{"what": str(number)} for number in range(rows)]
    found = parsed("xx", {"a.toml": {"thread": [table], "table": {"food": food}}})
    one = Script(found.threads[0], Lexicon(found), "xx 0")
    takes = [one.take(Random(seed).random, 9) for seed in range(900)]  # noqa: S311 - no secret
    assert {take.texts[0][2] for take in takes} == {row["what"] for row in food}


def test_another_draw_of_a_word_differs_from_the_first() -> None:
    found = script("a: {reason} or {reason2}?")
    takes = [found.take(Random(seed).random, 9) for seed in range(300)]  # noqa: S311 - no secret
    assert {take.texts[0][2] for take in takes} == {"dns or tls?", "tls or dns?"}


def test_a_percent_sign_is_no_gap() -> None:
    take = script("a: 5 % of {reason}, 100%s, %(reason)s").take(Random(1).random, 9)  # noqa: S311 - no secret
    assert re.fullmatch(r"5 % of (dns|tls), 100%s, %\(reason\)s", take.texts[0][2])


def test_a_thread_with_files_has_its_first_file_in_every_take() -> None:
    found = script("a: look", "?a: <file>", "?a: <file>", files=["log"])
    assert (found.files, found.least) == (1, 2)
    tied = script("a: look", "?b: where?", "&a: <file>", files=["log"])
    assert (tied.files, tied.least) == (1, 3)
    assert [line.is_file for line in tied.take(Random(1).random, 3).lines] == [False, False, True]  # noqa: S311 - as above


def test_a_choice_draws_scripts_that_are_short_enough_by_their_weights() -> None:
    short, long = script("a: 1"), script("a: 1", "b: 2", "a: 3")
    choice = Choice([(1.0, long), (3.0, short)])
    draw = Random(1).random  # noqa: S311 - as above
    assert {choice.draw(draw, 2) for _ in range(50)} == {short}
    drawn = [choice.draw(draw, 3) for _ in range(2_000)]
    assert 1_350 < drawn.count(short) < 1_650
    assert Choice([]).draw(draw, 5) is None


def test_takes_are_the_same_in_another_process_time_zone_and_hash_seed() -> None:
    expression = (
        "[Repertoire('en').choice('sales', '', with_bots=False).draw(Random(n).random, 9)"
        ".take(Random(n).random, 9) for Random in [__import__('random').Random] for n in range(99)]"
    )
    expected = printed_elsewhere("hcfmt.generation.dialogue.repertoire", expression, "1", "Asia/Tokyo")
    assert len(expected) > 1_000
    assert printed_elsewhere("hcfmt.generation.dialogue.repertoire", expression, "2", "America/Denver") == expected
