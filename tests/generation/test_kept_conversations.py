"""Kept conversations are the messages that were made, in the order of time, whoever's history they are in."""

import json
from pathlib import Path

from hcfmt.generation.history import conversation
from hcfmt.generation.kept_conversations import Kept, history_lines, keep
from tests.support.company import company_world


def test_the_lines_of_a_history_are_the_messages_of_its_conversations_in_order(tmp_path: Path) -> None:
    world, file = company_world(), tmp_path / "kept"
    kept: list[Kept] = []
    made: list[tuple[float, str]] = []
    with file.open("wb") as stream:
        for pair in world.pairs[:8]:
            parts = [*conversation(world, pair, {})]
            kept.append(Kept(str(file), keep(parts, stream)))
            made += [one for messages in parts for one in zip(messages.seconds, messages.json(), strict=True)]
    lines = [line for part in history_lines(kept) for line in part]
    assert len(lines) > 20
    assert [json.loads(line) for line in lines] == [json.loads(text) for _, text in sorted(made)]
