"""Topics of rooms, in the language of their people and about what the rooms are for."""

from collections import Counter
from collections.abc import Iterable
from random import Random

from hcfmt.generation import hard_texts
from hcfmt.generation.dialogue.lexicon import filled, lexicon
from hcfmt.generation.dialogue.scenes import Scene, Stage
from hcfmt.generation.dialogues.names import FALLBACKS
from hcfmt.generation.plan import Plan
from hcfmt.generation.vocabulary import language, pick
from hcfmt.generation.world import Person

TOPIC_LENGTH = 250  # characters (docs/format.md#room-topic)
_LONGEST = 0.01  # share of nasty topics that are as long as can be


def spoken_language(plan: Plan, people: Iterable[Person]) -> str:
    """Return the language that most of some people speak; the first of the plan when two are equally frequent."""
    (first, frequency), *rest = Counter(language(person.locale) for person in people).most_common(2)
    return language(plan.locales[0]) if rest and rest[0][1] == frequency else first


def topic(plan: Plan, random: Random, spoken: str, purpose: str, about: Iterable[tuple[str, str]], second: int) -> str:
    """Return a topic, of 1 to 250 characters, that is set in a second for a room with a purpose."""
    words = lexicon(spoken)
    topics = words.found.topics
    texts = topics.get(purpose) or topics.get(FALLBACKS.get(purpose, "")) or topics["company"]
    scene = Scene(Stage(plan, random, dict(about)), words.fillers, (), (), second, 0)
    text = filled(words.template(pick(random, texts)), scene)
    if plan.nasty:
        if random.random() < _LONGEST:
            return pick(random, "#長🦊") * TOPIC_LENGTH
        text = hard_texts.name(random, text, TOPIC_LENGTH) or text
    return text[:TOPIC_LENGTH]
