"""What reading an archive may cost at most, so that no input, however made, exhausts the machine."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from hcfmt.errors import Fault, UsageError

KIB, MIB, GIB, TIB = 1 << 10, 1 << 20, 1 << 30, 1 << 40


DEPTHS = range(16, 501)


OUT_OF_MEMORY = "The memory that this process may have ran out."
OUT_OF_TIME = "The time allowed for reading ran out; --max-seconds raises it."


def never_expired() -> bool:
    """Say that the time is not up."""
    return False


@dataclass(frozen=True, slots=True)
class Budget:
    """The declared limits of one reading; each field is raised by the command's option ``--max-<field>``.

    ``expanded`` is bytes after decryption and decompression, ``members`` their number, ``header`` the bytes of one
    member's extended headers, ``path`` the bytes of a member's name, ``names`` the bytes of memory that all names
    together take, ``record`` the bytes of the largest single JSON record that is held in memory, ``depth`` levels
    of JSON nesting (``DEPTHS``: the documented format needs six, and Python's own stack ends at about a thousand),
    ``references`` different ids and file names in all records together, ``values`` JSON values in one record, or in
    one document that is no list: a few bytes of text take a hundred of memory. ``expired`` is asked now and then
    whether the time is up; the limit itself belongs to the caller, because nothing down here reads a clock. Where
    slices are checked in other processes, it can be pickled. Raises UsageError for a depth out of ``DEPTHS``.
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
        """Refuse a depth that could not be kept."""
        if self.depth not in DEPTHS:
            raise UsageError(f"The depth of JSON can be limited to {DEPTHS[0]} to {DEPTHS[-1]} levels.")

    def exceeded(self, name: str, unit: str, byte: int | None = None) -> Fault:
        """Return the fault that says which limit was reached and which option raises it."""
        limit: int = getattr(self, name)
        return Fault(
            "budget-exceeded",
            f"The limit of {limit:,} {unit} was reached; --max-{name} raises it.",
            byte,
            {"limit": limit, "option": f"--max-{name}"},
        )

    def spend_time(self) -> None:
        """Raise Fault when the time is up; called once a chunk."""
        if self.expired():
            raise Fault("budget-exceeded", OUT_OF_TIME)


LIMITS = tuple(field.name for field in fields(Budget) if field.name != "expired")
