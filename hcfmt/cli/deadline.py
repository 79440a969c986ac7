"""The time limit of a run; worker processes import nothing else of the command line."""

import time

from msgspec import Struct

SIX_HOURS = 6 * 60 * 60  # seconds; a hundred gigabytes take minutes


class Deadline(Struct, frozen=True):
    """A point in time on the monotonic clock, which all processes of a machine share. Picklable.

    ``end`` is in seconds.
    """

    end: float

    def __call__(self) -> bool:
        """Return whether the deadline has passed."""
        return time.monotonic() > self.end

    def on_calendar(self) -> "CalendarDeadline":
        """Return the same point in time for other machines."""
        return CalendarDeadline(time.time() + self.end - time.monotonic())


class CalendarDeadline(Struct, frozen=True):
    """A point in time on the clock of the calendar, which all machines share as far as they are set right. Picklable.

    ``end`` is in seconds since 1970.
    """

    end: float

    def __call__(self) -> bool:
        """Return whether the deadline has passed."""
        return time.time() > self.end


def deadline(limit: float) -> Deadline:
    """Return the deadline ``limit`` seconds from now."""
    return Deadline(time.monotonic() + limit)
