"""Checks of the templates in hcfmt/generation/dialogues, which yield a sentence for each problem."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, pairwise

from hcfmt.anonymisation.names import BUILT_IN_EMOTICONS
from hcfmt.generation.dialogues.names import (
    ANY,
    FALLBACKS,
    LINKS,
    MOMENTS,
    NEWCOMER,
    PRIVATE,
    PURPOSES,
    SELF,
    TEAMS,
)
from hcfmt.generation.dialogues.templates import BOT, MENTION, Dialogues, Line, Thread, gaps_of
from hcfmt.generation.files.subjects import SUBJECTS
from hcfmt.generation.vocabulary import phrases

_KINDS = (
    "announcement bug build call celebration code coffee correction customer demo deploy design document "
    "document_check facilities file good_night gossip greeting guild hand_over hiring hobby holiday how_to "
    "incident joke kudos link log lunch management meeting notes off_topic office on_call onboarding one_on_one "
    "open_question photo ping planning poll quality question quick_question release remark retro review sales "
    "scheduling screenshot security sick snippet stand_up thanks ticket todo weekend welcome"
)
KINDS = frozenset(_KINDS.split())
"""Kinds of threads; a new kind is added here."""

TABLES: Mapping[str, frozenset[str]] = {
    "bug": frozenset({"symptom", "support", "reproduction", "cause", "fix"}),
    "change": frozenset({"what", "remark", "answer"}),
    "food": frozenset({"what", "place", "reaction"}),
    "howto": frozenset({"task", "answer", "further", "further_answer"}),
    "joke": frozenset({"setup", "punchline", "reaction"}),
    "link": frozenset({"title", "opinion"}),
    "meeting": frozenset({"what", "about"}),
    "news": frozenset({"announcement", "reaction"}),
    "page": frozenset({"title", "purpose"}),
    "problem": frozenset({"symptom", "finding", "cause", "fix"}),
    "snippet": frozenset({"code", "about", "remark"}),
}
"""Tables that a complete language has, with their columns."""

_ROWS, _ENGLISH_ROWS = 15, 40
_EMOTICON = re.compile(r"\((\w+)\)")
_EMOTICONS = re.compile(r"(?:\(\w+\) ?)+")  # a text of emoticons alone
_MOST_LINES, _MOST_ROLES, _LONGEST = 14, 5, 2_000
_DATE_FIELDS = frozenset({"day", "month", "month_number", "year", "weekday"})
_URL = re.compile(r"https?://([^/\s]+)")
_HOST = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|app|de|fr|es|jp|br|pt|in|il|eu|co)\b")
_RESERVED = re.compile(r"(?:^|\.)(?:\{domain\}|example|example\.(?:com|org|net)|invalid|test)$")
_ADDRESS = re.compile(
    r"\b(?!192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|127\.0\.0\.1|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b"
)


def lines_of(thread: Thread) -> Iterator[Line]:
    yield from chain.from_iterable(turn.lines for turn in thread.turns)


def _named(thread: Thread) -> str:
    return f"{thread.kind} ({next(lines_of(thread)).text[:50]!r})"


def thread_problems(found: Dialogues) -> Iterator[str]:
    """Yield what is wrong with the head of a thread."""
    for thread in found.threads:
        name, purposes = _named(thread), PURPOSES | FALLBACKS.keys() | {ANY, PRIVATE, SELF}
        if thread.kind not in KINDS:
            yield f"{name}: no such kind"
        yield from (f"{name}: no such purpose: {room}" for room in thread.rooms - purposes)
        if not thread.hours or thread.hours.start < 0 or thread.hours.stop > 24:
            yield f"{name}: hours are from 0 to 24, the first before the last"
        if thread.weight < 1:
            yield f"{name}: the weight is 1 or more"
        for role, team in thread.cast.items():
            if role not in thread.roles or team not in TEAMS:
                yield f"{name}: cast {role} = {team} is no role of the thread or no team"
        most = 1 if SELF in thread.rooms else 2 if PRIVATE in thread.rooms else _MOST_ROLES
        if not 1 <= len(thread.roles) <= most:
            yield f"{name}: {len(thread.roles)} roles, where 1 to {most} can be"
        if thread.rooms & {SELF, PRIVATE} and any(line.notification for line in lines_of(thread)):
            yield f"{name}: integrations write in rooms only"
        yield from (f"{name}: no such subject: {subject}" for subject in thread.files - SUBJECTS.keys())
        if bool(thread.files) != any(line.is_file for line in lines_of(thread)):
            yield f"{name}: files are those of <file> lines"


def welcome_problems(found: Dialogues) -> Iterator[str]:
    """Yield what is wrong with threads for somebody who is new."""
    welcomes = [thread for thread in found.threads if thread.kind == "welcome"]
    for thread in found.threads:
        if (thread in welcomes) != (NEWCOMER in thread.roles):
            yield f"{_named(thread)}: welcomes, and they alone, have the role {NEWCOMER}"
    for thread in welcomes:
        if thread.files or thread.rooms & {ANY, PRIVATE, SELF} or any(line.notification for line in lines_of(thread)):
            yield f"{_named(thread)}: a welcome is for rooms with a purpose, without files and notifications"
    missing = {"company", "onboarding"}.difference(*(thread.rooms for thread in welcomes))
    if found.is_complete and missing:
        yield f"nobody is welcomed in rooms for {', '.join(sorted(missing))}"


def turn_problems(found: Dialogues) -> Iterator[str]:
    """Yield what is wrong with the order of lines and with alternatives."""
    texts: dict[tuple[object, ...], Thread] = {}
    for thread in found.threads:
        name = _named(thread)
        if len(thread.turns) > _MOST_LINES:
            yield f"{name}: more than {_MOST_LINES} lines"
        if thread.turns[0].is_optional or thread.turns[0].is_tied:
            yield f"{name}: the first line is in every thread"
        for before, turn in pairwise(thread.turns):
            if turn.is_tied and not (before.is_optional or before.is_tied):
                yield f"{name}: & follows a line with ? or &"
        for turn in thread.turns:
            if len({(line.role == BOT, line.is_file) for line in turn.lines}) > 1:
                yield f"{name}: alternatives are all texts, all files or all notifications"
        if same := texts.get(thread.turns):
            yield f"{name}: has the lines of {_named(same)}"
        texts[thread.turns] = thread


def line_problems(found: Dialogues) -> Iterator[str]:
    """Yield the notifications and mentions that lines lack."""
    for thread in found.threads:
        name = _named(thread)
        for line in lines_of(thread):
            if line.notification and line.notification not in phrases("work")["notification"]:
                yield f"{name}: no such notification: {line.notification}"
            for mentioned in MENTION.findall(line.text):
                if mentioned not in {*thread.roles, "all", "here"} - {line.role}:
                    yield f"{name}: {line.role} mentions @{mentioned}, who is no other role"
            if joined := [role for role in thread.roles if re.search(rf"\w@{role}\b", line.text)]:
                yield f"{name}: @{joined[0]} follows a letter, so it is no mention: {line.text[:50]!r}"


def gap_problems(found: Dialogues) -> Iterator[str]:
    """Yield gaps that nothing fills, in threads, tables, words, variants, topics and titles."""
    known = _fillers(found)
    for thread in found.threads:
        roles = {f"first.{role}" for role in thread.roles}
        for gap in gaps_of(line.text for line in lines_of(thread)):
            if gap not in roles and not _is_known(gap, known):
                yield f"{_named(thread)}: nothing fills {{{gap}}}"
    for name, texts in known.items():
        yield from (f"{name}: nothing fills {{{gap}}}" for gap in gaps_of(texts) if not _is_known(gap, known))
    for others in (*found.titles.values(), *found.topics.values()):
        yield from (f"{others[0]}: nothing fills {{{gap}}}" for gap in gaps_of(others) if not _is_known(gap, known))
    yield from _circles(known)


def _fillers(found: Dialogues) -> dict[str, tuple[str, ...]]:
    """Return the texts that may fill each gap that is no value of the moment."""
    columns = {
        f"{table}.{column}": tuple(row[column] for row in rows if column in row)
        for table, rows in found.tables.items()
        for column in rows[0]
    }
    words = {**phrases("work")["words"], **found.words, **found.variants}
    return columns | {name: tuple(texts) for name, texts in words.items() if name not in MOMENTS}


def _is_known(gap: str, known: Mapping[str, object]) -> bool:
    kind, _, name = gap.partition(".")
    return gap in known or gap in MOMENTS or (kind == "link" and name in LINKS) or _is_numbered(gap, known)


def _is_numbered(gap: str, known: Mapping[str, object]) -> bool:
    return gap[-1] in "23456789" and gap[:-1] in known and "." not in gap


def _circles(known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the gaps whose texts hold themselves."""
    inside = {name: {gap.rstrip("23456789") for gap in gaps_of(texts)} & known.keys() for name, texts in known.items()}
    for name, gaps in inside.items():
        reached: set[str] = set()
        waiting = [*gaps]
        while waiting:
            gap = waiting.pop()
            if gap not in reached:
                reached.add(gap)
                waiting += inside[gap]
        if name in reached:
            yield f"{name}: its texts hold itself"


def text_problems(found: Dialogues) -> Iterator[str]:
    """Yield texts that are blank, too long, or with hosts that may exist."""
    texts = [line.text for thread in found.threads for line in lines_of(thread) if line.text]
    texts += chain.from_iterable(_fillers(found).values())
    for text in texts:
        if not text.strip() or len(text) > _LONGEST:
            yield f"{text[:50]!r}: blank or longer than {_LONGEST} characters"
        hosts = [*_URL.findall(text), *_HOST.findall(text)]
        yield from (f"{text[:80]!r}: the host {host} may exist" for host in hosts if not _RESERVED.search(host))
        yield from (f"{text[:80]!r}: the address {found} may exist" for found in _ADDRESS.findall(text))
        emoticons = {*_EMOTICON.findall(text)} if _EMOTICONS.fullmatch(text) else set()
        yield from (f"{text}: HipChat has no ({name})" for name in emoticons - BUILT_IN_EMOTICONS - {"custom"})


def section_problems(found: Dialogues) -> Iterator[str]:
    """Yield what is wrong with tables, calendar, titles and topics."""
    for table, rows in found.tables.items():
        for number, row in enumerate(rows, 1):
            if row.keys() != rows[0].keys():
                yield f"table {table}, row {number}: other columns than the first row"
            if table in TABLES and not row.keys() >= TABLES[table]:
                yield f"table {table}, row {number} lacks {', '.join(sorted(TABLES[table] - row.keys()))}"
    yield from (f"title.{team}: no such team" for team in found.titles.keys() - TEAMS)
    yield from (f"topic.{purpose}: no such purpose" for purpose in found.topics.keys() - PURPOSES - FALLBACKS.keys())
    for title in chain.from_iterable(found.titles.values()):
        if len(title) > 50:
            yield f"title {title!r}: longer than 50 characters"
    if found.calendar:
        if (len(found.calendar["weekdays"]), len(found.calendar["months"])) != (7, 12):
            yield "calendar: 7 weekdays and 12 months"
        if not {*gaps_of([found.calendar["date"]])} <= _DATE_FIELDS:
            yield f"calendar: the fields of a date are {', '.join(sorted(_DATE_FIELDS))}"
    both = found.words.keys() & found.variants.keys()
    yield from (f"{name}: in words and in variants" for name in both)


def missing_parts(found: Dialogues) -> Iterator[str]:
    """Yield what a language lacks that is said to be complete."""
    if not found.is_complete:
        return
    rooms = {room for thread in found.threads for room in thread.rooms}
    yield from (f"no thread for {room}" for room in sorted((PURPOSES | {ANY, PRIVATE, SELF}) - rooms))
    single = {
        room
        for thread in found.threads
        if len(thread.turns) == 1 and len(thread.hours) == 24 and len(thread.days) == 7 and not thread.files
        for room in thread.rooms
        if len(thread.roles) == 1
    }
    yield from (f"no thread of one line at any time for {room}" for room in {ANY, PRIVATE, SELF} - single)
    shown = {subject for thread in found.threads for subject in thread.files}
    yield from (f"no thread with a file that is a {subject}" for subject in sorted(SUBJECTS.keys() - shown))
    least = _ENGLISH_ROWS if found.language == "en" else _ROWS
    for table in TABLES:
        rows = len(found.tables.get(table, ()))
        if rows < least:
            yield f"table {table} has {rows} of at least {least} rows"
    yield from (f"no title for team {team}" for team in sorted(TEAMS - found.titles.keys()))
    yield from (f"no topic for {purpose}" for purpose in sorted(PURPOSES - found.topics.keys()))
    if not found.calendar:
        yield "no calendar"


CHECKS: tuple[Callable[[Dialogues], Iterator[str]], ...] = (
    thread_problems,
    welcome_problems,
    turn_problems,
    line_problems,
    gap_problems,
    text_problems,
    section_problems,
    missing_parts,
)
