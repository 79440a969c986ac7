"""One member that can be edited: bytes, bytes that were put aside, or the JSON of a data file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

from hcfmt.errors import UsageError
from hcfmt.export.go_json import go_json
from hcfmt.export.writer import Entry

CHUNK = 1 << 18  # bytes
REMOVED = object()
"""Stands in a list where a record was, so that the places of the others stay what they were."""

Step = str | int


@dataclass(frozen=True, slots=True)
class SpooledBytes:
    """Bytes that were put aside in a file of ours."""

    spool: BinaryIO
    offset: int
    size: int

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        at, end = self.offset, self.offset + self.size
        while at < end:
            self.spool.seek(at)
            chunk = self.spool.read(min(CHUNK, end - at))
            at += len(chunk)
            yield chunk


@dataclass(slots=True)
class DataDocument:
    """The text of a data file, and once somebody asks for it the value; written anew only when that was changed."""

    text: bytes
    schema: str
    _value: Any = None
    _changed: bool = False
    _spliced: dict[str, bytes] = field(default_factory=dict)

    @property
    def value(self) -> Any:  # noqa: ANN401 - any JSON value
        """The decoded text, to be looked at; UsageError when it is none that can be written again as it was."""
        if self._value is None:
            try:
                self._value = orjson.loads(self.text)
            except orjson.JSONDecodeError:
                raise UsageError("A data file holds text that no sound export has; nothing in it is edited.") from None
        return self._value

    def to_bytes(self) -> bytes:
        """Return the text: the original one, or that of the changed value as Go writes it."""
        if self._changed:
            value = self._value
            if isinstance(value, list):
                value = [item for item in value if item is not REMOVED]
            self.text = go_json(value)
            for mark, raw in self._spliced.items():
                self.text = self.text.replace(go_json(mark), raw)
            self._changed = False
        return self.text

    def set(self, path: Sequence[Step], value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Put a value at a path, and return what was there (None for nothing); an index may be one beyond the end."""
        holder, last = self._holder(path), path[-1]
        if isinstance(holder, list) and last == len(holder):
            holder.append(None)
        before = holder.get(last) if isinstance(holder, dict) else holder[last]
        holder[last] = value
        self._changed = True
        return before

    def splice(self, path: Sequence[Step], raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
        """Put bytes that no JSON value is written as at a path, and return what was there."""
        mark = f"bytes to come {len(self._spliced)}"
        while go_json(mark) in self.text:
            mark += " "
        self._spliced[mark] = raw
        return self.set(path, mark)

    def drop(self, path: Sequence[Step]) -> Any:  # noqa: ANN401 - any JSON value
        """Take what is at a path away, and return it; what stands behind it in a list keeps its index."""
        holder, last = self._holder(path), path[-1]
        before = holder[last]
        if isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = REMOVED
        self._changed = True
        return before

    def _holder(self, path: Sequence[Step]) -> Any:  # noqa: ANN401 - any JSON value
        inner = self.value
        for step in path[:-1]:
            inner = inner[step]
        return inner


@dataclass(eq=False, slots=True)
class EditableMember:
    """A member: its path as in ``Entry``, and its bytes, some of which are a data file's."""

    path: str
    content: bytes | SpooledBytes | DataDocument = b""
    target: str | None = None

    @property
    def size(self) -> int:
        """The size in bytes, as it is now."""
        return self.content.size if isinstance(self.content, SpooledBytes) else len(self.read())

    def read(self) -> bytes:
        """Return all bytes at once."""
        if isinstance(self.content, SpooledBytes):
            return b"".join(self.content.chunks())
        return self.content.to_bytes() if isinstance(self.content, DataDocument) else self.content

    def entry(self) -> Entry:
        """Return the member as the packer takes it."""
        chunks = self.content.chunks() if isinstance(self.content, SpooledBytes) else iter([self.read()])
        return Entry(self.path, self.size, chunks, self.target)
