"""Reads on in a damaged archive: what its layers still hold, and what of each member is lost.

``open_archive`` takes a ``Recovery``. The layers then do not raise at damage: they note it there, and go on behind it.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from hcfmt.container.budget import Budget
from hcfmt.container.byte_stream import ByteStream
from hcfmt.container.content import content_of
from hcfmt.container.member import Member
from hcfmt.container.remainder import skip_zeros
from hcfmt.container.tar import Tar
from hcfmt.container.tar_header import BLOCK, checksum_holds, corrupt_fault, is_ustar
from hcfmt.errors import Defect, Fault

DAMAGES = frozenset({"ciphertext-cut", "gzip-corrupt", "gzip-cut", "tar-corrupt", "tar-cut"})
"""Kinds of the faults behind which reading goes on."""

_GARBLING = frozenset({"gzip-corrupt", "tar-corrupt"})
_MOST_NOTED = 1000  # damages that are described


class Recovery:
    """What one reading of a damaged archive met.

    ``damages`` are the defects in the order in which they were met, the first 1,000. ``lost`` is the number of bytes
    that are missing of a member's payload, by the member's number, from 0; whole members are not in it.
    ``is_garbled``: bytes that were read may have been altered, and not only cut off.
    """

    def __init__(self) -> None:
        """Begin without a damage."""
        self.damages: list[Defect] = []
        self.lost: dict[int, int] = {}
        self.is_garbled = False

    def note(self, fault: Fault) -> None:
        """Note a damage. Raises the fault again if it is none, such as a limit that is reached."""
        if fault.defect.kind not in DAMAGES:
            raise fault
        self.is_garbled = self.is_garbled or fault.defect.kind in _GARBLING
        if len(self.damages) < _MOST_NOTED:
            self.damages.append(fault.defect)

    def tolerated(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield chunks up to a damage, which is noted."""
        try:
            yield from chunks
        except Fault as fault:
            self.note(fault)


class RecoveringTar(Tar):
    """Reads the members of a damaged tar: behind damage it goes on with the next block that is a header."""

    __slots__ = ("_members_before", "_recovery")

    def __init__(self, stream: ByteStream, budget: Budget, recovery: Recovery) -> None:
        """Take the stream, the limits, and where damages are noted."""
        super().__init__(stream, budget)
        self._recovery = recovery
        self._members_before = 0

    def members(self) -> Iterator[Member]:
        """Yield each member; the payload of one that is damaged ends early. Raises Fault (budget-exceeded)."""
        while True:
            start, size = self._stream.position, 0
            try:
                for member in super().members():
                    self._count()
                    start, size = self._stream.position, member.size
                    yield replace(member, chunks=self._recovery.tolerated(member.chunks))
            except Fault as fault:
                self._recovery.note(fault)
                missing = start + size - self._stream.position
                if missing > 0:
                    self._recovery.lost[self._members_before - 1] = missing
                if not self._find_header():
                    return
            else:
                return

    def _count(self) -> None:
        self._members_before += 1
        if self._members_before > self._budget.members:
            raise self._budget.exceeded("members", "members", self._stream.position)

    def _end(self, block: bytes) -> None:
        """Read the second zero block. Raises Fault (tar-corrupt) if no end follows but the rest of a member.

        Blocks that were zeroed look like the end of a tar.
        """
        byte = self._stream.position - len(block)
        super()._end(block)
        skip_zeros(self._stream)
        head = self._stream.peek(BLOCK)
        if len(head) == BLOCK and content_of(head) is None:
            raise corrupt_fault("Zeros stand where a tar header should be", byte)

    def _find_header(self) -> bool:
        """Read up to the next block that is a header, and return whether there is one."""
        while len(block := self._stream.peek(BLOCK)) == BLOCK:
            if is_ustar(block) and checksum_holds(block):
                return True
            self._stream.read(BLOCK)
            self._budget.spend_time()
        return False
