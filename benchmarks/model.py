"""Computes from measured steps what more cores give, on paper.

Reading is serial: one stream is decrypted and inflated by one thread, which releases the interpreter lock. Cutting,
pickling and merging are serial too, in the main thread. Only the checks of slices are shared out. So a validation takes
at least its longest serial part, and at least all work divided by the cores.
"""

from collections.abc import Mapping

CORES = (1, 2, 4, 16, 64)


def least_time(steps: Mapping[str, float], cores: int) -> float:
    """Return the least nanoseconds a message on a number of cores; one core starts no other process."""
    read, main = steps["read"], steps["cut"] + steps["merge"]
    if cores == 1:
        return read + main + steps["check"]
    main += steps["pickle here"]
    work = read + main + steps["check"] + steps["pickle there"]
    return max(work / cores, read, main)


def ratio(steps: Mapping[str, float], cores: int) -> float:
    """Return the least time on a number of cores ÷ the time that openssl and tar take to unpack."""
    return least_time(steps, cores) / steps["unpack elapsed"]
