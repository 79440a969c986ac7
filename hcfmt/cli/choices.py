"""Options and arguments whose value is one of a table's names: checked, completed, and corrected when misspelt."""

from collections.abc import Callable, Iterable
from typing import Any

import typer

from hcfmt.suggestions import unknown_name

Names = Callable[[], Iterable[str]]
"""Returns the names; called when a value is read or completed, so that the table is not loaded before."""


def choice(kind: str, names: Names) -> dict[str, Any]:
    """Return the arguments of ``typer.Option`` or ``typer.Argument`` that limit a value to ``names()``.

    ``kind`` is the noun that errors use, such as "format". Wrong values raise typer.BadParameter, which names the
    nearest right one.
    """

    def parse(value: str) -> str:
        if value not in names():
            raise typer.BadParameter(unknown_name(kind, value, names()))
        return value

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return {"parser": parse, "autocompletion": complete}


def choice_of_file(kind: str, names: Names) -> dict[str, Any]:
    """Return the arguments of ``typer.Option`` that limit a value to ``NAME:FILE`` with one of ``names()``."""
    of_name = choice(kind, names)

    def parse(value: str) -> str:
        name, colon, path = value.partition(":")
        if not colon or not path:
            raise typer.BadParameter(f"{value!r} is not {kind.upper()}:FILE.")
        of_name["parser"](name)
        return value

    def complete(incomplete: str) -> list[str]:
        return [f"{name}:" for name in of_name["autocompletion"](incomplete)]

    return {"parser": parse, "autocompletion": complete}


def complete_rule(incomplete: str) -> list[tuple[str, str]]:
    """Return the rules whose code or name begins with ``incomplete``, each with the other one as its help."""
    from hcfmt.check.catalogue import RULES  # noqa: PLC0415 - only rules and completion need it

    by_code = [(rule.code, rule.name) for rule in RULES.values()]
    return [pair for pair in (*by_code, *((name, code) for code, name in by_code)) if pair[0].startswith(incomplete)]


def complete_variant(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the variants of the rule that was given, each with what it does; of all rules without one."""
    from hcfmt.check.catalogue import RULES  # noqa: PLC0415 - only completion needs it
    from hcfmt.damage import VARIANTS  # noqa: PLC0415 - as above

    rule = (context.params.get("rule") or "").casefold()
    rows = [(row.variant, row.summary) for code, table in VARIANTS.items() for row in table.values()
            if rule in {"", code.casefold(), RULES[code].name}]  # fmt: skip
    return [row for row in rows if row[0].startswith(incomplete)]


def listed(names: Iterable[str]) -> str:
    """Return names as help texts list them: "text, json or jsonl"."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
