"""The error for a recipe that cannot be read or applied."""

from hcfmt.errors import UsageError


class RecipeError(UsageError):
    """A line of a recipe that cannot be read or applied.

    ``line`` and ``column`` count from 1; the column is None for a line that can be read but not applied.
    """

    def __init__(self, line: int, column: int | None, sentence: str) -> None:
        """Put the place before the sentence."""
        location = f"line {line:,}" if column is None else f"line {line:,}, column {column:,}"
        super().__init__(f"Recipe, {location}: {sentence}")
        self.line = line
        self.column = column
