"""Keeps the messages of two people in a file: they are made once, and stand in the histories of both."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hcfmt.export.go_json import go_text
from hcfmt.generation.activity import merged
from hcfmt.generation.records import Messages

_AT_ONCE = 800  # messages of a list, from which it is complete


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
    seconds, lines = list[float](), list[str]()
    for messages in conversation:
        seconds += messages.seconds
        lines += messages.json()
        if len(lines) >= _AT_ONCE:
            lists.append(_write(seconds, lines, stream))
            seconds, lines = [], []
    if lines:
        lists.append(_write(seconds, lines, stream))
    return lists


def _write(seconds: Iterable[float], lines: Sequence[str], stream: BinaryIO) -> KeptList:
    begin = stream.tell()
    array("d", seconds).tofile(stream)
    stream.write(go_text("\n".join(lines).encode()))
    return KeptList(begin, len(lines), stream.tell())


def history_lines(conversations: Iterable[Kept]) -> Iterator[list[bytes]]:
    """Yield the records of several conversations in parts, as JSON texts, in the order of time."""
    return ([line for _, line in timed] for timed in merged(map(_lists, conversations)))


def _lists(kept: Kept) -> Iterator[list[tuple[float, bytes]]]:
    for begin, messages, end in kept.lists:
        seconds = array("d")
        # Opened for each list, because a user may have more conversations than a process may have open files.
        with Path(kept.file).open("rb") as stream:
            stream.seek(begin)
            text = stream.read(end - begin)
        size = messages * seconds.itemsize
        seconds.frombytes(text[:size])
        yield list(zip(seconds, text[size:].split(b"\n"), strict=True))
