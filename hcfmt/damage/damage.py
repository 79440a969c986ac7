"""One way to break a sound export for a rule."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hcfmt.export.editing import EditableExport

DamageFunction = Callable[[EditableExport, Random, int], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to break a sound export so that the validator finds one rule.

    ``code`` is the rule's. ``apply`` takes the export, the source of random choices, and how many times to do the
    damage, each of which gives one more finding. It logs its changes in the export, and raises UsageError if the export
    lacks what the damage changes. ``once``: an archive can have the damage one time only. ``companions`` are the codes
    of rules that the damage may break as well. ``variant`` names a way beside the usual one, and is empty for that;
    ``about`` is the summary of a function that serves several variants.
    """

    code: str
    apply: DamageFunction
    once: bool = False
    companions: tuple[str, ...] = ()
    variant: str = ""
    about: str = ""

    @property
    def way(self) -> str:
        """The code, and the variant behind a colon: ``HC601:february-30``."""
        return f"{self.code}:{self.variant}" if self.variant else self.code

    @property
    def summary(self) -> str:
        """One sentence that says what the damage does: the function's docstring, if ``about`` has none."""
        return self.about or " ".join(inspect.cleandoc(self.apply.__doc__ or "").split())
