"""One mechanical remedy for a rule."""

from collections.abc import Callable

from msgspec import Struct

from hcfmt.check.remedies import REMEDIES, Safety
from hcfmt.fixes.plan import Plan

FixFunction = Callable[[Plan], None]


class Fix(Struct, frozen=True):
    """The fix of one rule: ``plan`` adds to a plan what the next pass over the archive has to change.

    ``companions`` are the codes of rules that report what the fix adds, without harm: they are not taken for damage.
    ``follow_ups`` are those that report what is left behind, and whose own fix the next pass makes, unless the archive
    had findings of them before.
    """

    code: str
    plan: FixFunction
    companions: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()

    @property
    def is_safe(self) -> bool:
        """Whether it neither drops nor invents anything."""
        return REMEDIES[self.code].safety is Safety.SAFE
