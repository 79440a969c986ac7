"""Reads the members of a damaged tar: behind damage it goes on with the next header.

In a tar that was compressed, headers need not be where they were: where compressed bytes were altered, others come out,
and more or fewer of them.
"""

from collections.abc import Iterator

from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import CHUNK, ByteStream
from hcfmt.container.content import content_of
from hcfmt.container.member import Member
from hcfmt.container.recovery.recovery import Recovery
from hcfmt.container.recovery.signs import header_in, is_header
from hcfmt.container.remainder import read_remainder, skip_zeros
from hcfmt.container.tar import Tar, cut_fault, is_bare
from hcfmt.container.tar_header import BLOCK, ZEROS, corrupt_fault
from hcfmt.errors import Fault

_SEARCHED = 64 * 1024  # bytes that are searched for a header at a time
_MOVED = 16 * 1024  # bytes by which a header that is not in its place may have moved


class RecoveringTar(Tar):
    """Reads the members of a damaged tar."""

    __slots__ = ("_recovery",)

    def __init__(self, stream: ByteStream, budget: Budget, recovery: Recovery) -> None:
        """Take the stream, the limits, and where damages are noted."""
        super().__init__(stream, budget)
        self._recovery = recovery

    def members(self) -> Iterator[Member]:
        """Yield each member; the payload of a damaged one may have another size. Raises Fault (budget-exceeded)."""
        number = 0
        while self._reach_header():
            try:
                found = self._next()
            except Fault as fault:
                self._recovery.note(fault)
                if self._find_header():
                    continue
                break
            if found is None:
                break
            if number == self._budget.members:
                raise self._budget.exceeded("members", "members", self._stream.position)
            header, kind, ambiguities = found
            stored = 0 if is_bare(header) else header.size
            payload = _Payload(self._stream, stored, self._recovery)
            yield Member(header.name.decode("utf-8", "surrogateescape"), stored, kind, payload, ambiguities)
            payload.skip()
            if payload.is_damaged:
                self._recovery.lost[number] = payload.missing
            number += 1
        self.rest = read_remainder(self._stream)

    def _reach_header(self) -> bool:
        """Read up to the next header, or to the zeros that end the tar; return whether there are any."""
        self._budget.spend_time()
        block = self._stream.peek(BLOCK)
        if not block:
            return False
        if block == ZEROS[: len(block)] or is_header(block):
            return True
        if len(block) < BLOCK:
            self._recovery.note(cut_fault("a header", self._stream.position))
            return False
        self._recovery.note(corrupt_fault("A tar header is not where it should be", self._stream.position))
        return self._find_header()

    def _find_header(self) -> bool:
        """Read up to the next header at any byte, and return whether there is one."""
        while (at := header_in(window := self._stream.peek(_SEARCHED))) != 0:
            self._budget.spend_time()
            skipped = self._stream.read(_until(at, window))
            if not skipped:
                return False
            self._recovery.skipped += len(skipped) - skipped.count(0)
        return True

    def _end(self, block: bytes) -> None:
        """Read the second zero block. Raises Fault (tar-corrupt) if no end follows but the rest of a member.

        Blocks that were zeroed look like the end of a tar.
        """
        byte = self._stream.position - len(block)
        super()._end(block)
        skip_zeros(self._stream)
        head = self._stream.peek(BLOCK)
        if len(head) == BLOCK and (content_of(head) is None or not self.terminated):
            raise corrupt_fault("Zeros stand where a tar header should be", byte)


class _Payload:
    """Iterates over what is left of the bytes of one member.

    ``is_damaged``: they are not those of the member, all of them; ``missing`` is the number of bytes that are known to
    be missing or unknown.
    """

    def __init__(self, stream: ByteStream, size: int, recovery: Recovery) -> None:
        self._stream = stream
        self._recovery = recovery
        self._start = stream.position
        self._end = self._start + size
        self._is_free = self._is_over = False
        self.is_damaged = False
        self.missing = 0

    def __iter__(self) -> "_Payload":
        return self

    def __next__(self) -> bytes:
        if self._is_over:
            raise StopIteration
        chunk = self._next_of_any_size() if self._is_free else self._next_of_size()
        if chunk:
            return chunk
        if self._is_free and not self._is_over:
            return self.__next__()
        self._close()
        raise StopIteration

    def skip(self) -> None:
        """Read what was not read, and the bytes that fill the last block."""
        for _ in self:
            pass

    def _next_of_size(self) -> bytes:
        """Return the next bytes, or none at the end, or where the size no longer tells it."""
        stream = self._stream
        left = self._end - stream.position
        if not left:
            if not self._is_header_behind(0):
                self._go_on_freely()
            return b""
        if not stream.peek(1):
            self._recovery.note(cut_fault("a member's payload", stream.position))
            self._is_over = True
            return b""
        if stream.position > self._start and self._recovery.has_gap(stream.position, stream.position + 1):
            self._go_on_freely()
            return b""
        if left > _MOVED:
            return stream.read_some(min(left - _MOVED, CHUNK, self._before_gap(left)))
        if not self._is_header_behind(left):
            self._go_on_freely()
            return b""
        return stream.read_some(min(left, CHUNK, self._before_gap(left)))

    def _before_gap(self, left: int) -> int:
        """Return the number of bytes to the next gap, ``left`` for none within them."""
        gap = self._recovery.next_gap(self._stream.position + 1)
        return left if gap is None else min(left, gap - self._stream.position)

    def _is_header_behind(self, left: int) -> bool:
        """Whether the payload may end after ``left`` more bytes: no header near that place shows that it moved."""
        place = left + -(self._end - self._start) % BLOCK
        window = self._stream.peek(place + BLOCK)
        block = window[place:]
        if len(window) < place + BLOCK or block == ZEROS or is_header(block):
            return True
        window = self._stream.peek(place + _MOVED)
        moved = header_in(window)
        return moved is None or (moved - place) % BLOCK == 0

    def _go_on_freely(self) -> None:
        """Take all bytes up to the next header for the member's."""
        self._is_free = self.is_damaged = True

    def _next_of_any_size(self) -> bytes:
        window = self._stream.peek(_SEARCHED)
        chunk = self._stream.read(_until(header_in(window), window))
        self._is_over = not chunk
        return chunk

    def _close(self) -> None:
        self._is_over = True
        stream = self._stream
        if not self._is_free and stream.position < self._end:
            self.missing = self._end - stream.position
        unknown = self._recovery.count_unknown(self._start, stream.position)
        self.missing += unknown
        self.is_damaged = self.is_damaged or self.missing > 0
        if not self._is_free and stream.position == self._end:
            padding = -(self._end - self._start) % BLOCK
            if len(stream.read(padding)) < padding:
                self._recovery.note(cut_fault("a member's last block", stream.position))


def _until(header: int | None, window: bytes) -> int:
    """Return how many bytes may be read before a header, which may also begin near the end of a full window."""
    if header is not None:
        return header
    return len(window) if len(window) < _SEARCHED else len(window) - BLOCK
