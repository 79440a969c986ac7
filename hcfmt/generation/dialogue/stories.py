"""What integrations report when nobody speaks, as stories: a build that fails is fixed."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from hcfmt.generation.activity import DAY
from hcfmt.generation.dialogue.lexicon import lexicon
from hcfmt.generation.dialogue.notifications import LANGUAGE, notification
from hcfmt.generation.dialogue.scenes import Scene, Stage
from hcfmt.generation.dialogue.telling import Told
from hcfmt.generation.vocabulary import phrases

_SHORTEST_STEP, _STEP = 120, 2_700  # seconds between two notifications of a story: at least, and what is drawn besides


@cache
def _stories() -> tuple[list[tuple[str, ...]], list[int], list[int]]:
    """Return the names of notifications of each story, the shortest first; its length; cumulative weights."""
    ordered = sorted(phrases("work")["story"], key=lambda story: len(story["names"]))
    names = [tuple(story["names"]) for story in ordered]
    return names, [*map(len, names)], [*accumulate(story["weight"] for story in ordered)]


def stories(stage: Stage, day: int, count: int) -> Iterator[Told]:
    """Yield ``count`` notifications, which begin at any hour of a day, which is given by its first second."""
    names, lengths, weights = _stories()
    draw, fillers = stage.random.random, lexicon(LANGUAGE).fillers
    while count > 0:
        fitting = bisect_right(lengths, count)
        story = names[bisect_right(weights, draw() * weights[fitting - 1], 0, fitting - 1)]
        second = day + draw() * DAY
        scene = Scene(stage, fillers, (), (), second, 0)
        for name in story:
            yield second, 0, "", notification(name, scene, second)
            second += _SHORTEST_STEP + _STEP * draw()
        count -= len(story)
