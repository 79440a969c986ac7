"""Rows of one export in a temporary file, divided by their ids, so that a part of them is in memory at a time."""

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import msgspec

from hcfmt.differences.rows import ID, Row
from hcfmt.errors import Fault, UsageError

PARTITIONS = 256
IN_MEMORY = 8 << 20  # bytes of records whose rows wait to be written, and of the file before it is on a disk
_ROW = 256  # bytes that the row of a small record takes at least
_TOO_MANY = "The limit of {:,} records with equal ids was reached; --max-references raises it."
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Row]).decode


class Partitions:
    """Rows of one export: add them, then read them partition by partition; two with the same id are in the same."""

    def __init__(self, most_rows: int) -> None:
        """Take the number of rows that a partition may have, all of which are in memory at once; begin without rows."""
        self._most_rows = most_rows
        self._counts = [0] * PARTITIONS
        self._file = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY, prefix="hcfmt-"))  # noqa: SIM115
        self._waiting: list[list[Row]] = [[] for _ in range(PARTITIONS)]
        self._waiting_bytes = 0
        self._blocks: list[list[tuple[int, int]]] = [[] for _ in range(PARTITIONS)]

    def add(self, rows: Sequence[Row], size: int) -> None:
        """Add rows; ``size`` is the length of the text that they were made of.

        Raises Fault where so many have the same id that a partition is too large.
        """
        for row in rows:
            self._waiting[hash(row[ID]) % PARTITIONS].append(row)
        self._waiting_bytes += max(size, _ROW * len(rows))
        if self._waiting_bytes > IN_MEMORY:
            self._write()

    def read(self, number: int) -> Iterator[Row]:
        """Yield the rows of a partition."""
        yield from self._waiting[number]
        for offset, size in self._blocks[number]:
            self._file.seek(offset)
            yield from _decode(self._file.read(size))

    def close(self) -> None:
        """Delete the temporary file."""
        self._file.close()

    def _write(self) -> None:
        """Write the rows that wait."""
        try:
            end = self._file.seek(0, 2)
            for number, rows in enumerate(self._waiting):
                if rows:
                    block = _encode(rows)
                    self._blocks[number].append((end, len(block)))
                    end += self._file.write(block)
                    self._counts[number] += len(rows)
                    rows.clear()
        except OSError as error:
            raise UsageError(f"The temporary directory cannot hold what is compared: {error.strerror}.") from None
        self._waiting_bytes = 0
        if max(self._counts) > self._most_rows:
            raise Fault("budget-exceeded", _TOO_MANY.format(self._most_rows))
