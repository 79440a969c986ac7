"""Keeps the messages of two people in a file: they are made once, and stand in the histories of both."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hcfmt.export.go_json import go_text
from hcfmt.generation.activity import merged
from hcfmt.generation.records import Messages


class KeptList(NamedTuple):
    """The place of some messages in a file, in bytes: their seconds, then as many lines up to ``end``."""

    begin: int
    messages: int
    end: int


class Kept(NamedTuple):
    """A kept conversation: its file, and the lists of its messages in the order of time."""

    file: str
    lists: Sequence[KeptList]


def keep(conversation: Iterable[Messages], stream: BinaryIO) -> list[KeptList]:
    """Write the messages of a conversation, which come in the order of time, to a stream."""
    lists = list[KeptList]()
    for messages in conversation:
        begin = stream.tell()
        array("d", messages.seconds).tofile(stream)
        stream.write(go_text("\n".join(messages.json()).encode()))
        lists.append(KeptList(begin, len(messages.seconds), stream.tell()))
    return lists


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
