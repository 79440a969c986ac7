"""Text files of an exact size: notes, tables, logs and JSON, generated row by row."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from hcfmt.generation.vocabulary import Phrases, fill_gaps, phrases

KINDS = ("txt", "csv", "log", "json")
LEAST = 256  # bytes of the smallest: more than a head and a last row

_DENSEST = 2_000  # bytes of a minute of rows, at least
_TEXTS, _ROWS = 400, 60  # different texts of rows in a file; rows of a block, which differ in their second
_FILLER = b"checked against the list of last month and found to agree with it in every point, "


def text_file(random: Random, kind: str, size: int, second: int) -> Iterator[bytes]:
    """Yield a file of one of ``KINDS`` and exactly ``size`` bytes, ``LEAST`` at least.

    Its rows tell of times before ``second``, in seconds since 1970 UTC.
    """
    layout, end = phrases("files")["text"][kind], datetime.fromtimestamp(second, UTC)
    head, before, after = (
        part.encode() for part in (layout["head"], end.strftime(layout["last"][0]), layout["last"][1])
    )
    remaining = size - len(head) - len(before) - len(after)
    yield head
    blocks = _blocks(random, layout, end - timedelta(minutes=1 + size // _DENSEST))
    while len(block := next(blocks)) <= remaining:
        remaining -= len(block)
        yield block
    rows = block[: block.rfind(b"\n", 0, remaining) + 1]
    remaining -= len(rows)
    yield rows + before + (_FILLER * (remaining // len(_FILLER) + 1))[:remaining] + after


def _blocks(random: Random, layout: Phrases, now: datetime) -> Iterator[bytes]:
    """Yield blocks of rows without end, each of the next minute."""
    texts = [fill_gaps(random, layout["row"], phrases("work")["words"]) for _ in range(_TEXTS)]
    while True:
        before, after = now.strftime(layout["time"]).split("#")
        rows = enumerate(random.choices(texts, k=_ROWS))
        yield "".join([f"{before}{second:02}{after}{text}\n" for second, text in rows]).encode()
        now += timedelta(minutes=1)
