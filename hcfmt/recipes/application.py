"""Applies a recipe to an export."""

from collections.abc import Sequence

from hcfmt.errors import UsageError
from hcfmt.export.editing import EditableExport
from hcfmt.recipes.draft import Draft
from hcfmt.recipes.errors import RecipeError
from hcfmt.recipes.parsing import Recipe


def apply(recipe: Recipe, export: EditableExport, layers: Sequence[str] = ("aes", "gzip", "tar")) -> Draft:
    """Change an export as a recipe says, line by line, and return it with the settings for packing it.

    ``layers`` are packed unless the recipe sets others; for a directory they are empty. Raises RecipeError, which names
    the line, if the export lacks what the line changes; the export is then changed in part.
    """
    draft = Draft(export, layers)
    for line, action in recipe.lines:
        try:
            action.apply(draft)
        except UsageError as error:
            raise RecipeError(line, None, str(error)) from None
    draft.finish()
    return draft
