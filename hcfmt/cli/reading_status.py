"""The exit status of commands that read an export and pass over what cannot be read."""

from collections.abc import Iterable

from hcfmt.check.catalogue import RULES
from hcfmt.exits import Exit


def reading_status(codes: Iterable[str]) -> Exit:
    """Return the exit status for the codes of the problems that were met.

    That is 3 if a part of the archive could not be read or is damaged, 1 for any other problem, and 0 for none.
    """
    rules = [RULES[code] for code in codes]
    if any(rule.unchecked or rule.damaged for rule in rules):
        return Exit.INCOMPLETE
    return Exit.INVALID if rules else Exit.VALID
