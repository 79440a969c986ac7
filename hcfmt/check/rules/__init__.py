"""The catalogue: every rule of every family, by code."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from types import ModuleType

from hcfmt.check.rule import Rule
from hcfmt.check.rules import (
    container,
    directories,
    encryption,
    files,
    histories,
    identity,
    messages,
    names,
    people,
    places,
    references,
    rooms,
    shape,
    stored,
    text,
    times,
    tool,
)
from hcfmt.container.budget import OUT_OF_MEMORY
from hcfmt.findings import Flaw

FAMILIES: tuple[ModuleType, ...] = (
    encryption,
    container,
    names,
    places,
    directories,
    text,
    shape,
    references,
    identity,
    histories,
    files,
    stored,
    times,
    messages,
    people,
    rooms,
    tool,
)


def collected(rules: Sequence[Rule]) -> dict[str, Rule]:
    """Return rules by code, sorted; RuntimeError when two have the same one."""
    by_code = {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}
    if len(by_code) != len(rules):
        raise RuntimeError("Two rules have the same code.")
    return by_code


RULES = collected([value for family in FAMILIES for value in vars(family).values() if isinstance(value, Rule)])

RULES_OF: dict[str, list[Rule]] = defaultdict(list)
"""The rules of each family of subjects, by what they are handed."""
for _rule in RULES.values():
    for _subject in _rule.subjects:
        RULES_OF[_subject].append(_rule)


def judged(rules: Sequence[Rule], subject: object) -> Iterator[tuple[str, Flaw]]:
    """Yield (rule code, flaw) for all that some rules say of their subject.

    A rule that raises is HCX02's business: the finding names the rule and the kind of exception, never its text, which
    may hold words of the archive. Memory that runs out is a limit that was reached.
    """
    for rule in rules:
        try:
            for flaw in rule.check(subject):
                yield rule.code, flaw
        except MemoryError:
            yield tool.budget_exceeded.code, Flaw(OUT_OF_MEMORY)
        except Exception as error:  # noqa: BLE001 - whatever a rule raises is reported, none may pass as a verdict
            yield (
                tool.rule_failed.code,
                Flaw(
                    "Rule {rule} raised {exception}.",
                    {"rule": f"{rule.code} {rule.name}", "exception": type(error).__name__},
                ),
            )
