"""Damages sound exports: one damage for every rule of the catalogue, and a table of all of them."""

from hcfmt.damage.table import DAMAGES, EXCUSED, Damage

__all__ = ["DAMAGES", "EXCUSED", "Damage"]
