"""What goes wrong, in three channels: findings judge the archive, faults stop the reading, exceptions blame the caller.

::

    HcfmtError
    ├── UsageError       the caller asked for something that cannot be (exit status 2)
    ├── Fault            the archive cannot be read on (exit status 3)
    └── WorkerLostError  a process that shared the work was killed (exit status 4)

A finding is no exception: it is a value, see ``hcfmt.findings``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that a layer noticed about the bytes it reads.

    ``kind`` is the name of the rule that speaks for it (``"gzip-cut"``), ``message`` one sentence for people
    that holds nothing of the archive's own text, ``byte`` the offset in that layer's own bytes where known.
    """

    kind: str
    message: str
    byte: int | None = None


class HcfmtError(Exception):
    """The base of every exception that hcfmt raises on purpose; its text is written for people."""


class UsageError(HcfmtError):
    """The caller asked for something that cannot be done: a missing file, no password, an unknown name."""


class Fault(HcfmtError):  # noqa: N818 - the field's word: the archive is at fault, not the program
    """The archive cannot be read on; ``defect`` says why. Whatever was judged before it stays judged."""

    def __init__(self, kind: str, message: str, byte: int | None = None) -> None:
        """Take the name of the rule that speaks, its sentence, and the byte where known."""
        super().__init__(message)
        self.defect = Defect(kind, message, byte)

    def __reduce__(self) -> tuple[type["Fault"], tuple[str, str, int | None]]:
        """Say what it is made of, so that it may come from another process."""
        return Fault, (self.defect.kind, self.defect.message, self.defect.byte)


class WorkerLostError(HcfmtError, RuntimeError):
    """A process that shared the work was ended by somebody else, so there is no result."""

    def __init__(self) -> None:
        """Take the one sentence there is."""
        super().__init__(
            "A process that shared the work was ended by somebody else, or for lack of memory: there is no result."
        )
