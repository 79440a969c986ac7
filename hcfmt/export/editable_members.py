"""The members of an editable export: bytes in memory, bytes in a spool file, or the JSON of a data file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

from hcfmt.errors import UsageError
from hcfmt.export.dialect_records import dialect_json
from hcfmt.export.go_json import go_json
from hcfmt.export.schemas import dialect_of
from hcfmt.export.writer import Entry

CHUNK = 1 << 18  # bytes
REMOVED = object()
"""Replaces a removed item of a list, so that the other items keep their indices."""

Step = str | int


@dataclass(frozen=True, slots=True)
class SpooledBytes:
    """Bytes in a spool file, from an offset on."""

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
    """The text of a data file, decoded when its value is first read, and encoded again only after a change."""

    text: bytes
    schema: str
    _value: Any = None
    _changed: bool = False
    _spliced: dict[str, bytes] = field(default_factory=dict)

    @property
    def value(self) -> Any:  # noqa: ANN401 - any JSON value
        """The decoded text, for reading only; UsageError where it is invalid JSON."""
        if self._value is None:
            try:
                self._value = orjson.loads(self.text)
            except orjson.JSONDecodeError:
                raise UsageError("A data file holds invalid JSON, so it cannot be edited.") from None
        return self._value

    def to_bytes(self) -> bytes:
        """Return the text: the original, or after a change the value as the exporter of its dialect writes it."""
        if self._changed:
            value = self._value
            if isinstance(value, list):
                value = [item for item in value if item is not REMOVED]
            self.text = dialect_json(value) if dialect_of(self.schema)[0] else go_json(value)
            for placeholder, raw in self._spliced.items():
                self.text = self.text.replace(go_json(placeholder), raw)
            self._changed = False
        return self.text

    def set(self, path: Sequence[Step], value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Set the value at a path and return the previous one, None for none; an index may be one beyond the end."""
        holder, last = self._holder(path), path[-1]
        if isinstance(holder, list) and last == len(holder):
            holder.append(None)
        before = holder.get(last) if isinstance(holder, dict) else holder[last]
        holder[last] = value
        self._changed = True
        return before

    def splice(self, path: Sequence[Step], raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
        """Set raw bytes, which need not be JSON, at a path and return the previous value."""
        placeholder = f"placeholder {len(self._spliced)}"
        while go_json(placeholder) in self.text:
            placeholder += " "
        self._spliced[placeholder] = raw
        return self.set(path, placeholder)

    def drop(self, path: Sequence[Step]) -> Any:  # noqa: ANN401 - any JSON value
        """Remove the value at a path and return it; later items of a list keep their indices."""
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
    """A member: its path as in ``Entry``, and its content, or the target of a link."""

    path: str
    content: bytes | SpooledBytes | DataDocument = b""
    target: str | None = None

    @property
    def size(self) -> int:
        """The current size in bytes."""
        return self.content.size if isinstance(self.content, SpooledBytes) else len(self.read())

    def read(self) -> bytes:
        """Return the content."""
        if isinstance(self.content, SpooledBytes):
            return b"".join(self.content.chunks())
        return self.content.to_bytes() if isinstance(self.content, DataDocument) else self.content

    def entry(self) -> Entry:
        """Return the member as an entry to write."""
        chunks = self.content.chunks() if isinstance(self.content, SpooledBytes) else iter([self.read()])
        return Entry(self.path, self.size, chunks, self.target)
