"""One way to break a sound export for every rule of the catalogue."""

from collections.abc import Mapping

from hcfmt.damage import (
    files,
    histories,
    identity,
    layers,
    members,
    messages,
    people,
    references,
    shape,
    texts,
)
from hcfmt.damage.kind import Damage

__all__ = ["DAMAGES", "EXCUSED", "Damage"]

_FAMILIES = (layers, members, texts, shape, references, identity, histories, files, messages, people)

DAMAGES: Mapping[str, Damage] = {
    one.code: one
    for one in sorted(
        (value for family in _FAMILIES for value in vars(family).values() if isinstance(value, Damage)),
        key=lambda one: one.code,
    )
}

EXCUSED: Mapping[str, str] = {
    "HCX02": "no archive causes it; only a mistake in hcfmt does",
}
"""Rules without a damage, and why."""
