"""Keeps the messages of two people in a file: they are made once, and stand in the histories of both."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hcfmt.export.go_json import go_text
from hcfmt.generation.activity import merged
from hcfmt.generation.history import conversation
from hcfmt.generation.history_stats import ConversationStats
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


def keep(
    world: World, pair: tuple[int, int], uploaded: dict[int, int], stream: BinaryIO
) -> tuple[ConversationStats, list[KeptList]]:
    """Make the messages of a pair, write them to a stream, and count them.

    The second of each upload, since 1970 UTC, is added to ``uploaded`` by its number.
    """
    stats, lists = ConversationStats(frozenset(person.id for person in world.former)), list[KeptList]()
    for messages in conversation(world, pair, uploaded):
        begin = stream.tell()
        stats.count(messages)
        array("d", messages.seconds).tofile(stream)
        stream.write(go_text("\n".join(messages.json()).encode()))
        lists.append(KeptList(begin, len(messages.seconds), stream.tell()))
    return stats, lists


def history_lines(conversations: Iterable[Kept]) -> Iterator[bytes]:
    """Return the records of several conversations as JSON texts, in the order of time."""
    return chain.from_iterable([line for _, line in timed] for timed in merged(map(_lists, conversations)))


def _lists(kept: Kept) -> Iterator[list[tuple[float, bytes]]]:
    for begin, messages, end in kept.lists:
        seconds = array("d")
        # Opened for each list, because a user may have more conversations than a process may have open files.
        with Path(kept.file).open("rb") as stream:
            stream.seek(begin)
            seconds.fromfile(stream, messages)
            lines = stream.read(end - stream.tell()).split(b"\n")
        yield list(zip(seconds, lines, strict=True))
