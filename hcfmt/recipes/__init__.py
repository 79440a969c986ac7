"""The recipe language: lines of text that damage an archive in any way, such as ``rooms.json#/0/Room/owner = 3``.

``docs/recipes.md`` describes every line. ``parse`` reads a recipe, ``apply`` changes an export as the recipe says, and
``save`` writes the changed export.
"""

from hcfmt.recipes.application import apply
from hcfmt.recipes.draft import Draft
from hcfmt.recipes.errors import RecipeError
from hcfmt.recipes.packing import save
from hcfmt.recipes.parsing import UNCHANGED, Recipe, parse

__all__ = ["UNCHANGED", "Draft", "Recipe", "RecipeError", "apply", "parse", "save"]
