"""Errors of hcfmt: a fault ends the reading of an archive, a usage error rejects what the caller asked for.

::

    HcfmtError
    ├── UsageError       the caller asked for something that cannot be done (exit status 2)
    │   ├── UnreadableError  an input cannot be read: no such file, no permission, no connection
    │   └── NoPasswordError  an input is encrypted, and no password was given
    ├── Fault            the archive cannot be read on (exit status 3)
    └── WorkerLostError  a process that shared the work was killed (exit status 4)

A finding is a value and not an exception, see ``hcfmt.findings``.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Defect(NamedTuple):
    """Defect that a layer found in the bytes it reads; the check makes a Flaw of it, and of that a Finding.

    ``kind`` is the name of the rule that reports it (``"gzip-cut"``), ``message`` a sentence for people without text of
    the archive, ``byte`` the offset in the bytes of the layer if it is known. ``values`` are numbers and names of the
    sentence as data. ``path`` is the path of property names and indices to the place in a JSON text.
    """

    kind: str
    message: str
    byte: int | None = None
    values: Mapping[str, object] = {}
    path: tuple[str | int, ...] = ()


class HcfmtError(Exception):
    """Base of all exceptions that hcfmt raises on purpose; their text is written for people."""


class UsageError(HcfmtError):
    """Request that cannot be carried out: a missing file, no password, an unknown name."""


class UnreadableError(UsageError):
    """Input that cannot be read at all or to its end, for a reason outside its content."""

    def __init__(self, name: str, reason: str) -> None:
        """Take the input's name, and why it cannot be read: ``cannot be read: No such file or directory.``."""
        super().__init__(name, reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return name and reason."""
        return ": ".join(self.args)


class NoPasswordError(UsageError):
    """Encrypted input for which no password was given."""


class Fault(HcfmtError):  # noqa: N818 - the field's word: the archive is at fault, not the program
    """Defect after which an archive cannot be read any further; findings up to it stay valid."""

    def __init__(
        self, kind: str, message: str, byte: int | None = None, values: Mapping[str, object] | None = None
    ) -> None:
        """Take the fields of the defect."""
        super().__init__(message)
        self.defect = Defect(kind, message, byte, values or {})

    @classmethod
    def of(cls, defect: Defect) -> "Fault":
        """Return the fault of a defect."""
        return cls(defect.kind, defect.message, defect.byte, defect.values)

    def __reduce__(self) -> tuple[type["Fault"], tuple[str, str, int | None, Mapping[str, object]]]:
        """Return the class and its arguments: a fault may come from another process."""
        return Fault, (self.defect.kind, self.defect.message, self.defect.byte, self.defect.values)


class WorkerLostError(HcfmtError, RuntimeError):
    """Loss of a worker process, which was killed or ran out of memory."""

    def __init__(self) -> None:
        """Take no argument: the sentence is always the same."""
        super().__init__("A worker process was killed, perhaps for lack of memory, so there is no result.")
