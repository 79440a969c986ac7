"""What becomes of the texts of a history: typing errors, hard texts, deletions; timestamps and attachments."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any
from urllib.parse import quote

from hcfmt.generation import hard_texts
from hcfmt.generation.activity import DAY
from hcfmt.generation.names import company
from hcfmt.generation.scenarios import CODE, CODE_TEXTS
from hcfmt.generation.uploads import upload
from hcfmt.generation.vocabulary import pick
from hcfmt.generation.world import World

_DELETED = 0.004  # share of messages
_CODE = 0.1  # share of messages with code, if the plan has this edge case
_HARD, _LONG = 0.4, 0.0015  # shares of hard and of longest messages in nasty plans
_TYPO = 0.02  # share of texts with two letters swapped
_EMOTICON = 0.02  # share of short texts that get an emoticon of the company
_BARE = 0.3  # share of texts of one emoticon that it replaces
_SHORT = 60  # characters
_PAIR = re.compile(r"(?<=[a-z])[a-z]{2}(?=[a-z])")
_NO_TYPO = re.compile(r"[a-z]\.[a-z]|[(/@]")  # hosts, emoticons, commands and mentions
_EMOTICON_ALONE = re.compile(r"\(\w+\)")
_COMMAND = re.compile(r"/(?:me|code|quote) ")
_MINUTES = tuple(f"T{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60))
_SECONDS = tuple(f"{second:02}Z " for second in range(60))


class MessageTexts:
    """What becomes of the texts of one history.

    It is drawn from ``random`` in the order of the messages. The second of each upload is added to ``uploaded`` by its
    number.
    """

    def __init__(self, world: World, random: Random, uploaded: dict[int, int]) -> None:
        """Take what the texts depend on."""
        plan = world.plan
        self._plan, self._uploaded, self._host = plan, uploaded, company(plan.seed).host
        self._shortcuts = world.shortcuts_before
        self.random = random
        self._code_share = _CODE if CODE in plan.scenarios else 0.0
        self._changed = 1 if plan.nasty or self._code_share else _DELETED + _TYPO + _EMOTICON

    def unusual(self, told: Sequence[tuple[float, int, str, object]]) -> list[tuple[int, float]]:
        """Return the places of messages that may not be sent as they are said, each with a number for ``typed``.

        They are those of files, previews and notifications, those that ``typed`` changes, and others that it may.
        """
        draw, changed = self.random.random, self._changed
        return [
            (place, roll)
            for place, (_, _, said, more) in enumerate(told)
            if (roll := draw()) < changed or more is not None or said[:1] == "("
        ]

    def typed(self, roll: float, text: str, second: float, speaker: int) -> tuple[str, dict[str, Any] | None]:
        """Return what a person types who means to say a text, and its deletion within an hour, None for most texts.

        ``roll`` is a random number from 0 to 1.
        """
        if roll >= self._changed and text[:1] != "(":
            return text, None
        if roll < _DELETED:
            deleted = _iso_second(int(second) + self.random.randrange(5, 3_600))
            return "", {"user_id": speaker, "date": deleted, "reason": None}
        if self._code_share and self.random.random() < self._code_share:
            return pick(self.random, CODE_TEXTS), None
        return (_hard(self.random, text) if self._plan.nasty else self._plain(text, second, roll)), None

    def _plain(self, text: str, second: float, roll: float) -> str:
        """Return a text, in which letters may be swapped, or to which an emoticon of the company is added."""
        if text.startswith("("):
            is_alone = roll < _BARE and _EMOTICON_ALONE.fullmatch(text)
            return (self._with_emoticon("", second) or text) if is_alone else text
        if roll < _DELETED + _TYPO:
            return _with_typo(self.random, text)
        return self._with_emoticon(text, second) if len(text) < _SHORT and not _NO_TYPO.search(text) else text

    def _with_emoticon(self, text: str, second: float) -> str:
        """Return a text with an emoticon of the company, as it is before the first one was uploaded."""
        uploaded = self._shortcuts(second)
        return f"{text} ({pick(self.random, uploaded)})".lstrip() if uploaded else text

    def attachment(self, number: int, second: float, sender: int) -> tuple[dict[str, Any], str]:
        """Return the attachment of a message with an upload, and the URL of the upload."""
        self._uploaded[number] = int(second)
        file = upload(self._plan, number, int(second))
        attachment: dict[str, Any] = {
            "name": file.path,
            "path": file.path,
            "size": file.size,
            "url": "",
            "created": _iso_second(int(second)),
            "senderid": sender,
        }
        if file.thumbnail:
            attachment["thumbnail"] = file.thumbnail
        return attachment, f"https://{self._host}/files/1/{sender}/{quote(file.path)}"


def _hard(random: Random, text: str) -> str:
    """Return a text or, sometimes, a hard one; commands, corrections and mentions stay as they are."""
    roll = random.random()
    if roll < _LONG:
        return pick(random, hard_texts.long_texts())
    if roll >= _HARD or "@" in text or text.startswith("s/"):
        return text
    command = _COMMAND.match(text)
    prefix = command[0] if command else ""
    return f"{prefix}{hard_texts.text(random, text[len(prefix) :])}"


def _with_typo(random: Random, text: str) -> str:
    """Return a text with two letters swapped; hosts, emoticons, commands and mentions stay as they are."""
    if _NO_TYPO.search(text) or not (pairs := [*_PAIR.finditer(text)]):
        return text
    pair = pick(random, pairs)
    return text[: pair.start()] + pair[0][::-1] + text[pair.end() :]


def timestamps(seconds: Iterable[float]) -> list[str]:
    """Return the timestamps of messages: an ISO 8601 date and time, a space and six digits of microseconds."""
    # By str() and zfill(), as a format with a width takes longer.
    return [
        f"{_date((whole := int(second)) // DAY)}{_MINUTES[whole % DAY // 60]}{_SECONDS[whole % 60]}"
        f"{str(int((second - whole) * 1e6)).zfill(6)}"
        for second in seconds
    ]


def _iso_second(moment: int) -> str:
    """Return seconds since 1970 UTC as an ISO 8601 date and time."""
    return timestamps([moment])[0].partition(" ")[0]


@cache
def _date(day: int) -> str:
    """Return the ISO 8601 date of a day since 1970."""
    return datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")
