"""Limits on the memory, size and time of reading, which no input can exceed."""

from collections.abc import Callable

from msgspec import Struct

from hcfmt.errors import Fault, UsageError

KIB, MIB, GIB, TIB = 1 << 10, 1 << 20, 1 << 30, 1 << 40


DEPTHS = range(16, 501)


OUT_OF_MEMORY = "The process ran out of memory."
OUT_OF_TIME = "The time limit was reached; --max-seconds raises it."


def never_expired() -> bool:
    """Return False: there is no time limit."""
    return False


class Budget(Struct, frozen=True):
    """The limits of reading one archive; the command's option ``--max-<field>`` raises a field.

    - ``expanded``: bytes after decryption and decompression
    - ``members``: number of members
    - ``header``: bytes of the extended headers before one member
    - ``path``: bytes of one member's name
    - ``names``: bytes of memory for the names of all members
    - ``record``: bytes of one JSON record, which is held in memory
    - ``depth``: levels of JSON nesting, within ``DEPTHS``; the documented format needs six
    - ``references``: different ids and file names in all records together
    - ``values``: JSON values in one record, or in one document without a list; each takes about 100 bytes of memory
    - ``expired``: returns whether the time limit is reached; the caller owns the clock. It is called with every chunk,
      in several threads. Picklable where slices are checked in other processes

    Raises UsageError for a depth outside ``DEPTHS``.
    """

    expanded: int = TIB
    members: int = 500_000
    header: int = MIB
    path: int = 4 * KIB
    names: int = 64 * MIB
    record: int = 12 * MIB
    depth: int = 128
    references: int = 500_000
    values: int = 300_000
    expired: Callable[[], bool] = never_expired

    def __post_init__(self) -> None:
        """Refuse a depth outside ``DEPTHS``: Python's stack ends at about a thousand levels."""
        if self.depth not in DEPTHS:
            raise UsageError(f"depth is {self.depth:,}, but must be from {DEPTHS[0]} to {DEPTHS[-1]} levels.")

    def exceeded(self, name: str, unit: str, byte: int | None = None) -> Fault:
        """Return the fault that names the limit reached and the option that raises it."""
        limit: int = getattr(self, name)
        return Fault(
            "budget-exceeded",
            f"The limit of {limit:,} {unit} was reached; --max-{name} raises it.",
            byte,
            {"limit": limit, "option": f"--max-{name}"},
        )

    def names_exceeded(self) -> Fault:
        """Return the fault of names that take more memory than allowed."""
        return self.exceeded("names", "bytes of memory for all member names together")

    def spend_time(self) -> None:
        """Raise Fault when the time limit is reached; called once a chunk."""
        if self.expired():
            raise Fault("budget-exceeded", OUT_OF_TIME)


def name_memory(name: str) -> int:
    """Return the bytes of memory that the characters of a member's name take."""
    if name.isascii():
        return len(name)
    widest = max(name)
    return len(name) * (1 if widest <= "\xff" else 2 if widest <= "\uffff" else 4)


LIMITS = tuple(name for name in Budget.__struct_fields__ if name != "expired")
