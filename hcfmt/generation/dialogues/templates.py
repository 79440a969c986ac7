"""Templates of conversations in a language, as the folders of ``dialogues`` hold them in TOML (dialogues/README.md)."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

BOT = "bot"
"""The role of integrations, whose lines name a notification."""

_LINE = re.compile(r"(?P<mark>[?&]?)(?P<role>[a-z][a-z0-9_]*): ?(?P<text>.+)", re.DOTALL)
_FILE = "<file>"
_COMPLETE = re.compile(r"^complete = true$", re.MULTILINE)
_TITLES = re.compile(r"^\[?title\b", re.MULTILINE)
_NOTIFICATION = re.compile(r"(?P<name>[a-z_]+)(?:: (?P<summary>.+))?")
GAP = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
MENTION = re.compile(r"(?<![\w@.])@([a-z][a-z0-9_]*)")


class Line(Struct, frozen=True, gc=False):
    """One of the texts that a line may have.

    ``notification`` is the name of a notification in phrases/work.toml and ``text`` its summary, "" without one; of
    messages of people it is "". ``is_file`` is true for a message with a file, which has no text.
    """

    role: str
    text: str
    notification: str = ""
    is_file: bool = False


class Turn(Struct, frozen=True):
    """A line of a thread with its alternatives, of which one is drawn.

    ``is_optional``: about half of the threads have it. ``is_tied``: only threads with the line before it have it.
    """

    lines: tuple[Line, ...]
    is_optional: bool = False
    is_tied: bool = False


class Thread(Struct, frozen=True):
    """The template of a conversation.

    ``rooms`` are purposes of rooms; ``hours`` the local hours of the first speaker in which it may begin; ``days``
    numbers of weekdays, Monday is 0; ``cast`` the teams of roles; ``files`` the subjects of its files. ``roles`` are
    those of people, in the order of their first line.
    """

    kind: str
    rooms: frozenset[str]
    turns: tuple[Turn, ...]
    roles: tuple[str, ...]
    hours: range
    days: frozenset[int]
    weight: int
    cast: Mapping[str, str]
    files: frozenset[str]


class Dialogues(Struct, frozen=True):
    """Everything that people of a language talk with.

    ``tables`` hold rows of texts by column, ``words`` and ``variants`` texts that fill a gap: words stay the same
    in a thread, variants are drawn anew. ``calendar`` holds names of weekdays and months, and the form of dates.
    ``titles`` are those of jobs by team, ``topics`` those of rooms by purpose. A language is complete when archives
    may be generated in it.
    """

    language: str
    is_complete: bool
    threads: tuple[Thread, ...]
    tables: Mapping[str, Sequence[Mapping[str, str]]]
    words: Mapping[str, Sequence[str]]
    variants: Mapping[str, Sequence[str]]
    calendar: Mapping[str, Any]
    titles: Mapping[str, Sequence[str]]
    topics: Mapping[str, Sequence[str]]


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIELDS = frozenset({"kind", "rooms", "hours", "days", "weight", "cast", "files", "lines"})
_SECTIONS = frozenset({"complete", "thread", "table", "words", "variants", "calendar", "title", "topic"})


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a folder, sorted."""
    entries = files("hcfmt.generation").joinpath("dialogues").iterdir()
    return tuple(sorted(entry.name for entry in entries if entry.name.isalpha() and entry.is_dir()))


def complete_languages() -> tuple[str, ...]:
    """Return the languages in which archives may be generated, sorted; their templates are not parsed."""
    return tuple(filter(is_complete, languages()))


@cache
def is_complete(language: str) -> bool:
    """Return whether archives may be generated in a language; its templates are not parsed."""
    return language in languages() and any(map(_COMPLETE.search, _texts(language).values()))


@cache
def titles(language: str) -> Mapping[str, Sequence[str]]:
    """Return ``Dialogues.titles``; of the language's files those that hold some are parsed."""
    texts = {name: text for name, text in _texts(language).items() if _TITLES.search(text)}
    return _read(language, texts).titles


def _texts(language: str) -> dict[str, str]:
    folder = files("hcfmt.generation").joinpath("dialogues", language)
    return {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")}


@cache
def dialogues(language: str) -> Dialogues:
    """Return what the folder of a language holds; raise ValueError for a template that cannot be read."""
    return _read(language, _texts(language))


def _read(language: str, texts: Mapping[str, str]) -> Dialogues:
    return parsed(language, {name: tomllib.loads(texts[name]) for name in sorted(texts)})


def parsed(language: str, documents: Mapping[str, Mapping[str, Any]]) -> Dialogues:
    """Return the dialogues of some documents by their file names, which are read together."""
    threads: list[Thread] = []
    sections: dict[str, dict[str, Any]] = {
        name: {} for name in ("table", "words", "variants", "calendar", "title", "topic")
    }
    for name, document in documents.items():
        if unknown := document.keys() - _SECTIONS:
            raise ValueError(f"{language}/{name} has unknown keys: {', '.join(sorted(unknown))}")
        for number, table in enumerate(document.get("thread", ()), 1):
            try:
                threads.append(_thread(table))
            except (ValueError, TypeError, KeyError) as problem:
                raise ValueError(f"{language}/{name}, thread {number} ({table.get('kind')}): {problem}") from problem
        for section, entries in sections.items():
            for key, value in document.get(section, {}).items():
                entries[key] = [*entries.get(key, ()), *value] if isinstance(value, list) else value
    return Dialogues(
        language,
        any(document.get("complete") for document in documents.values()),
        tuple(threads),
        sections["table"],
        sections["words"],
        sections["variants"],
        sections["calendar"],
        sections["title"],
        sections["topic"],
    )


def _thread(table: Mapping[str, Any]) -> Thread:
    """Return the thread of a table; raise ValueError or KeyError for one that cannot be read."""
    if unknown := table.keys() - _FIELDS:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    turns = tuple(map(_turn, table["lines"]))
    first, end = table.get("hours", (0, 24))
    return Thread(
        table["kind"],
        frozenset(table["rooms"]),
        turns,
        tuple(dict.fromkeys(line.role for turn in turns for line in turn.lines if line.role != BOT)),
        range(first, end),
        frozenset(map(_DAYS.index, table.get("days", _DAYS))),
        table.get("weight", 1),
        table.get("cast", {}),
        frozenset(table.get("files", ())),
    )


def _turn(value: str | Sequence[str]) -> Turn:
    texts = [value] if isinstance(value, str) else value
    matches = [_LINE.fullmatch(text) for text in texts]
    if not texts or None in matches:
        raise ValueError(f"{value!r} is no line: it begins with a role and a colon")
    found = [match for match in matches if match]
    marks = {match["mark"] for match in found}
    if len(marks) > 1:
        raise ValueError(f"{value!r}: alternatives have the same mark")
    return Turn(tuple(_line(match["role"], match["text"]) for match in found), "?" in marks, "&" in marks)


def _line(role: str, text: str) -> Line:
    if role != BOT:
        return Line(role, "", is_file=True) if text == _FILE else Line(role, text)
    if not (match := _NOTIFICATION.fullmatch(text)):
        raise ValueError(f"{text!r} names no notification")
    return Line(role, match["summary"] or "", match["name"])


def gaps_of(texts: Iterable[str]) -> Iterator[str]:
    """Yield the names of the gaps in texts."""
    for text in texts:
        yield from GAP.findall(text)
