"""Choices of a user among rules, as options and configuration write them."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Choices(Struct, frozen=True):
    """Choices of a user, as written in options and configuration; ``compiled_choices.compiled`` checks them.

    Rules are chosen by code, by name, by the beginning of codes (``HC4``), or all by ``ALL``; of two choices that
    concern a rule the more exact one counts, and ``ignore`` of two equal ones. Without ``select`` all rules count.
    ``per_path_ignores`` are the rules that are ignored in members whose path matches a pattern. ``severity`` are other
    severities than the catalogue's. ``tolerate`` is, by rule, the number of places whose findings are tolerated, or
    their share of the objects that the rule examined, such as ``"0.1%"``; if there are more, all findings count.

    A rule whose finding makes the verdict incomplete always counts. To name one in ``ignore``, ``per_path_ignores``,
    ``severity`` or ``tolerate`` is an error; a choice of several rules passes it over.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    per_path_ignores: Mapping[str, Sequence[str]] = {}
    severity: Mapping[str, str] = {}
    tolerate: Mapping[str, int | str] = {}
