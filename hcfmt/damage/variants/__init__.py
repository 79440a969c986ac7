"""The table of variants: further ways to break a rule than the one of ``DAMAGES``, where importers tell them apart."""

from collections.abc import Iterable, Mapping

from hcfmt.damage.damage import Damage
from hcfmt.damage.variants import containers, files, identities, members, properties, texts, values


def _by_code(damages: Iterable[Damage]) -> Mapping[str, Mapping[str, Damage]]:
    """Return variants by their names, by the codes of their rules, both in order."""
    table: dict[str, dict[str, Damage]] = {}
    for damage in sorted(damages, key=lambda damage: damage.code):
        table.setdefault(damage.code, {})[damage.variant] = damage
    return table


VARIANTS: Mapping[str, Mapping[str, Damage]] = _by_code(
    row for module in (containers, members, texts, properties, values, identities, files) for row in module.ROWS
)
"""The variants by name, by the codes of their rules; a rule with one way alone is not in it."""
