"""Damages sound exports: one damage for every rule of the catalogue, and for some rules further ones, the variants."""

from hcfmt.damage.damage import Damage
from hcfmt.damage.dialect_limits import NO_PLACE
from hcfmt.damage.table import DAMAGES, EXCUSED
from hcfmt.damage.variants import VARIANTS

__all__ = ["DAMAGES", "EXCUSED", "NO_PLACE", "VARIANTS", "Damage"]
