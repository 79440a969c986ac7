"""What a rule is: a code, a name, a severity, and a function that looks at one thing and says what is wrong with it."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hcfmt.findings import Flaw, Severity

Flaws = Iterable[Flaw]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the catalogue.

    ``subject`` names what the function is handed (several, where it has several); where that is a kind of record,
    ``when`` names the properties one of which must hold something for the function to be asked. ``looks_at`` names the
    objects that its ledger entry counts, ``needs`` the data files without which it cannot tell. ``fault``: what it
    finds makes the verdict incomplete. ``damage``: what it finds is damage to bytes that could all be read
    nevertheless; the verdict is incomplete too. ``ought``: to see no object at all is odd, and said. ``page`` is the
    function's docstring, the only place where the rule is described.
    """

    code: str
    name: str
    severity: Severity
    subject: str
    looks_at: str
    when: tuple[str, ...]
    needs: tuple[str, ...]
    fault: bool
    damage: bool
    ought: bool
    page: str
    check: Callable[[Any], Flaws]

    @property
    def subjects(self) -> Sequence[str]:
        """What the function is handed, one by one."""
        return self.subject.split()

    @property
    def means(self) -> str:
        """The first paragraph of the page, as one line."""
        return " ".join(self.page.partition("\n\n")[0].split())


def rule(  # noqa: PLR0913 - the columns of the catalogue
    code: str,
    name: str,
    severity: Severity,
    subject: str,
    *,
    looks_at: str = "",
    when: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    fault: bool = False,
    damage: bool = False,
    ought: bool = False,
) -> Callable[[Callable[[Any], Flaws]], Rule]:
    """Make a Rule of a function; its docstring becomes the rule's page."""

    def made(check: Callable[[Any], Flaws]) -> Rule:
        page = inspect.cleandoc(check.__doc__ or "")
        return Rule(code, name, severity, subject, looks_at or subject, when, needs, fault, damage, ought, page, check)

    return made


@dataclass(frozen=True, slots=True)
class Noted:
    """What the layers below noted about one thing, by the name or code of the rule that speaks for it."""

    flaws: dict[str, list[Flaw]]

    def of(self, rule: str) -> list[Flaw]:
        """Return what was noted for a rule, nothing when nothing was."""
        return self.flaws.get(rule, [])
