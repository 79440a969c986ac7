"""Fixes what rules report: a table of fixes, and the passes that apply them."""

from hcfmt.fixes.fixing import Fixed, fix
from hcfmt.fixes.table import FIXES

__all__ = ["FIXES", "Fixed", "fix"]
