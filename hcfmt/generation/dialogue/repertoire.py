"""The choice of threads that fit a room, by their weights, and their order in which none comes again soon."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from itertools import accumulate, pairwise
from math import fsum

from hcfmt.generation.dialogue.lexicon import lexicon
from hcfmt.generation.dialogue.scripts import Script, Take
from hcfmt.generation.dialogues.names import ANY, FALLBACKS, PRIVATE, SELF

_WEEK = 7  # days
_OWN_SHARE, _FEW = 0.9, 3  # share of threads of a room's own purpose, if there are many, and how many give half of it
_NEAR_SHARE = 0.6  # share of the others that are of the purpose that a purpose falls back to
_LONG = 5  # messages of a thread; longer ones are not favoured more
_ORDERED, _ORDERED_SHARE = 16, 3  # scripts that a history has in order, at most one in so many of those to choose from
_LATELY, _LATELY_SHARE = 32, 2  # scripts that count as told lately, at most one in so many of the variety of a choice
_SEARCHED = 3  # messages that must be left for a search in this order
_TRIES = 6  # short scripts drawn, of which the first is told that fits and was not told lately


class Choice:
    """Scripts to choose from, each with its weight; the shortest come first."""

    def __init__(self, weighted: Iterable[tuple[float, Script]]) -> None:
        """Sort the scripts by length; ``len`` is their number."""
        ordered = sorted(weighted, key=lambda item: item[1].least)
        self._scripts = [script for _, script in ordered]
        self._lengths = [script.least for script in self._scripts]
        self._weights = [*accumulate(weight for weight, _ in ordered)]
        self._fitting = [bisect_right(self._lengths, most) for most in range(16)]

    def __len__(self) -> int:
        """Return the number of scripts."""
        return len(self._scripts)

    @cached_property
    def variety(self) -> float:
        """How many scripts of equal weight would be told again as seldom as these: the inverse of Simpson's index."""
        weights = [end - begin for begin, end in pairwise([0.0, *self._weights])]
        total = fsum(weights)
        return total * total / fsum(weight * weight for weight in weights) if total else 0.0

    def draw(self, draw: Callable[[], float], most: int) -> Script | None:
        """Return a script of up to ``most`` messages of people, None when there is none."""
        count = self._fitting[most] if most < len(self._fitting) else len(self._scripts)
        if not count:
            return None
        return self._scripts[bisect_right(self._weights, draw() * self._weights[count - 1], 0, count - 1)]

    def sample(self, draw: Callable[[], float], count: int) -> Sequence[Script]:
        """Return up to ``count`` scripts, each once, at even steps of the weights."""
        if not self._scripts:
            return ()
        step = self._weights[-1] / count
        first, last = draw() * step, len(self._scripts) - 1
        places = [bisect_right(self._weights, first + number * step, 0, last) for number in range(count)]
        return [self._scripts[place] for place in dict.fromkeys(places)]


class ScriptOrder:
    """The scripts of a choice in an order for one history, in which none comes again soon."""

    def __init__(self, choice: Choice, simple: Choice, draw: Callable[[], float], lately: deque[Script]) -> None:
        """Take the numbers of the order; one of the ``simple`` scripts is told when no other fits.

        ``lately`` are scripts that were told, also by another order of the history.
        """
        self._choice, self._simple, self._draw = choice, simple, draw
        self._size = max(1, min(_ORDERED, len(choice) // _ORDERED_SHARE))
        self._scripts: list[Script] = []  # the next one is the last
        self._lately = lately

    def take(self, left: int, people: int, weekday: int, bots: int) -> tuple[Script, Take]:
        """Return a script and a take of it for what is left of a day in messages.

        It has up to so many ``people`` and ``bots``. It seldom leaves a single message for another script.
        """
        scripts = self._scripts
        if len(scripts) <= self._size // 3:
            scripts[:] = self._next_scripts()
        for place, script in enumerate(reversed(scripts), 1) if left >= _SEARCHED else ():
            if (
                script.least <= left
                and len(script.roles) <= people
                and weekday in script.days
                and script.bots <= bots
                and script not in self._lately
                and left - (take := script.take(self._draw, left)).messages != 1
            ):
                del scripts[-place]
                self._lately.append(script)
                return script, take
        script = self._short(left, people, weekday)
        return script, script.take(self._draw, left)

    def _next_scripts(self) -> list[Script]:
        """Return the next scripts in an order in which those that were told lately come last."""
        draw, lately = self._draw, frozenset(self._lately)
        scripts = self._choice.sample(draw, self._size)
        return sorted(scripts, key=lambda script: draw() + (script not in lately))

    def _short(self, left: int, people: int, weekday: int) -> Script:
        """Return a script of up to ``left`` messages."""
        for _ in range(_TRIES):
            script = self._choice.draw(self._draw, left)
            if (
                script
                and not script.bots
                and len(script.roles) <= people
                and weekday in script.days
                and script not in self._lately
            ):
                self._lately.append(script)
                return script
        if not (script := self._simple.draw(self._draw, left)):
            message = "a language has no thread of a single message"
            raise LookupError(message)
        self._lately.append(script)  # so that what fits no less comes again, where little fits
        return script


class Repertoire:
    """The scripts of a language by the room's purpose and the circumstances of a thread."""

    def __init__(self, language: str) -> None:
        """Compile the threads of a language."""
        self.lexicon = lexicon(language)
        threads = self.lexicon.found.threads
        scripts = [Script(thread, self.lexicon, f"{language} {number}") for number, thread in enumerate(threads)]
        self._scripts = [script for script in scripts if script.newcomer is None]
        self._welcomes = [script for script in scripts if script.newcomer is not None]
        self._choices: dict[tuple[str, str, bool], Choice] = {}
        self._simple: dict[tuple[str, str], Choice] = {}
        self._choices_of_welcomes: dict[str, Choice] = {}

    def choice(self, purpose: str, subject: str, *, with_bots: bool) -> Choice:
        """Return the scripts for a room's purpose, "private" or "self".

        They have a file that shows the ``subject``, or none for "", and notifications only ``with_bots``.
        """
        key = purpose, subject, with_bots
        if key not in self._choices:
            fitting = [script for script in self._with_file(subject) if with_bots or not script.bots]
            self._choices[key] = Choice(_weighted(fitting, purpose))
        return self._choices[key]

    def orders(self, purpose: str, draw: Callable[[], float]) -> tuple[ScriptOrder, ScriptOrder]:
        """Return an order of the scripts without a file and without notifications, and one of all without a file.

        They are for one history, and ``draw`` gives their numbers.
        """
        choices = [self.choice(purpose, "", with_bots=with_bots) for with_bots in (False, True)]
        lately = deque[Script](maxlen=min(_LATELY, int(choices[0].variety / _LATELY_SHARE)))
        simple = self.simple(purpose, "")
        without, with_bots = (ScriptOrder(choice, simple, draw, lately) for choice in choices)
        return without, with_bots

    def simple(self, purpose: str, subject: str) -> Choice:
        """Return those scripts of ``choice`` in which one person talks, on any day."""
        if (purpose, subject) not in self._simple:
            fitting = [
                script
                for script in self._with_file(subject)
                if len(script.roles) == 1 and not script.bots and len(script.thread.days) == _WEEK
            ]
            self._simple[purpose, subject] = Choice(_weighted(fitting, purpose))
        return self._simple[purpose, subject]

    def welcome(self, purpose: str, draw: Callable[[], float], most: int) -> Script | None:
        """Return a script of up to ``most`` messages in which somebody is welcomed, None when there is none."""
        if purpose not in self._choices_of_welcomes:
            self._choices_of_welcomes[purpose] = Choice(_weighted(self._welcomes, purpose))
        return self._choices_of_welcomes[purpose].draw(draw, most)

    def _with_file(self, subject: str) -> list[Script]:
        return [script for script in self._scripts if (subject in script.thread.files if subject else not script.files)]


def _weighted(scripts: Sequence[Script], purpose: str) -> list[tuple[float, Script]]:
    """Return the scripts of a purpose with their weights: the more there are, the more of its rooms' threads are own.

    The others are those of the purpose that it falls back to, and those for any room.
    """
    own = [script for script in scripts if purpose in script.thread.rooms]
    if purpose in {PRIVATE, SELF}:
        return _shared(own, 1)
    near = [script for script in scripts if FALLBACKS.get(purpose) in script.thread.rooms and script not in own]
    anywhere = [script for script in scripts if ANY in script.thread.rooms and script not in own + near]
    share = _OWN_SHARE * len(own) / (len(own) + _FEW)
    near_share = (1 - share) * _NEAR_SHARE * bool(near)
    return [*_shared(own, share), *_shared(near, near_share), *_shared(anywhere, 1 - share - near_share)]


def _shared(scripts: Sequence[Script], share: float) -> list[tuple[float, Script]]:
    """Return the weights of scripts that have a share together; short ones are told more seldom."""
    weights = [script.thread.weight * min(script.least, _LONG) for script in scripts]
    total = sum(weights)
    return [(share * weight / total, script) for weight, script in zip(weights, scripts, strict=True)]


@cache
def repertoire(language: str) -> Repertoire:
    """Return the scripts of a language, compiled once in a process."""
    return Repertoire(language)
