"""Keeps the messages of two people in a file: they are made once, and stand in the histories of both."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hcfmt.export.go_json import go_text
from hcfmt.generation.activity import merged
from hcfmt.generation.history import conversation
from hcfmt.generation.history_stats import ConversationStats, messages_by_month
from hcfmt.generation.world import World


class KeptList(NamedTuple):
    """The place of some messages in a file, in bytes: their seconds, then as many lines up to ``end``."""

    begin: int
    messages: int
    end: int


class Kept(NamedTuple):
    """A kept conversation: its file, and the lists of its messages in the order of time."""

    file: str
    lists: Sequence[KeptList]


class KeptConversation(NamedTuple):
    """What was kept: statistics, messages by month, and the lists of messages in the order of time."""

    stats: ConversationStats
    months: Counter[str]
    lists: Sequence[KeptList]


def keep(world: World, pair: tuple[int, int], uploaded: dict[int, int], stream: BinaryIO) -> KeptConversation:
    """Make the messages of a pair, write them to a stream, and count them; months leave out what former users sent.

    The second of each upload, since 1970 UTC, is added to ``uploaded`` by its number.
    """
    former = frozenset(person.id for person in world.former)
    stats, months, lists = ConversationStats(), Counter[str](), list[KeptList]()
    for messages in conversation(world, pair, uploaded):
        begin = stream.tell()
        stats.count(messages)
        months.update(messages_by_month(messages, former))
        array("d", messages.seconds).tofile(stream)
        stream.write(go_text("\n".join(messages.json()).encode()))
        lists.append(KeptList(begin, len(messages.seconds), stream.tell()))
    return KeptConversation(stats, months, lists)


def history_lines(conversations: Iterable[Kept]) -> Iterator[list[bytes]]:
    """Yield the records of several conversations in parts, as JSON texts, in the order of time."""
    return ([line for _, line in timed] for timed in merged(map(_lists, conversations)))


def _lists(kept: Kept) -> Iterator[list[tuple[float, bytes]]]:
    for begin, messages, end in kept.lists:
        seconds = array("d")
        # Opened for each list, because a user may have more conversations than a process may have open files.
        with Path(kept.file).open("rb") as stream:
            stream.seek(begin)
            seconds.fromfile(stream, messages)
            lines = stream.read(end - stream.tell()).split(b"\n")
        yield list(zip(seconds, lines, strict=True))
