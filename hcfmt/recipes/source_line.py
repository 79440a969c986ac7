r"""One line of a recipe: its text, the escapes in it, and errors at a column."""

import re
from dataclasses import dataclass

from hcfmt.recipes.errors import RecipeError

LONGEST_EXPANSION = 64 << 20  # bytes that all repetitions of a recipe expand to
_ESCAPE = re.compile(rb"\\x([0-9a-fA-F]{2})")
_REPETITION = re.compile(r"\(([^()*]+)\*([0-9]{1,12})\)")
_MAX_QUOTED = 60  # characters of a line that an error repeats


@dataclass(slots=True)
class Expansion:
    """The bytes that the repetitions of a recipe may still expand to."""

    bytes_left: int = LONGEST_EXPANSION


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a recipe; ``number`` counts from 1, offsets in ``text`` from 0."""

    number: int
    text: str
    expansion: Expansion

    def error(self, offset: int, sentence: str) -> RecipeError:
        """Return the error for the character at an offset."""
        return RecipeError(self.number, offset + 1, sentence)

    def arguments(self, start: int, count: int, example: str) -> list[tuple[int, str]]:
        """Split the rest of the line at single spaces into ``count`` arguments; the last one may contain spaces.

        Returns each with its offset. Raises RecipeError, which shows an example, if one is missing or empty.
        """
        found: list[tuple[int, str]] = []
        for argument in self.text[start:].split(" ", count - 1) if start <= len(self.text) else []:
            found.append((start, argument))
            start += len(argument) + 1
        if len(found) < count or not all(argument for _, argument in found):
            offset = next((offset for offset, argument in found if not argument), len(self.text))
            raise self.error(offset, f"Something is missing here. Example: {example}")
        return found

    def path(self, offset: int, text: str) -> str:
        """Return the path that a text means: with its escapes and repetitions, decoded as ``Entry.path`` is."""
        for match in _REPETITION.finditer(text):
            self.expand(offset + match.start(), len(match[1].encode("utf-8", "surrogateescape")) * int(match[2]))
        return unescaped(_REPETITION.sub(lambda match: match[1] * int(match[2]), text)).decode(
            "utf-8", "surrogateescape"
        )

    def expand(self, offset: int, size: int) -> None:
        """Count bytes that a repetition expands to; raise RecipeError if they are too many."""
        self.expansion.bytes_left -= size
        if self.expansion.bytes_left < 0:
            raise self.error(offset, f"The repetitions of a recipe expand to at most {LONGEST_EXPANSION:,} bytes.")


def unescaped(text: str) -> bytes:
    r"""Return the bytes of a text in UTF-8, in which ``\xNN`` is the byte NN."""
    return _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), text.encode("utf-8", "surrogateescape"))


def quoted(text: str) -> str:
    """Return a text in quotes, shortened if it is long."""
    return repr(text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}...")
