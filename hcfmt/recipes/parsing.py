"""Reads recipes: text of one change a line, as ``docs/recipes.md`` describes it."""

import json
import re
from dataclasses import dataclass

from hcfmt.findings import pointer_tokens
from hcfmt.recipes.actions import Action, AddLink, AddMember, RemoveMember, RemoveValue, SetValue, WriteMember
from hcfmt.recipes.errors import RecipeError
from hcfmt.recipes.source_line import Expansion, SourceLine, quoted, unescaped
from hcfmt.recipes.statements import STATEMENTS
from hcfmt.suggestions import nearest

UNCHANGED = "(the documented sample as it is)"
"""The recipe that changes nothing."""

LONGEST = 1 << 20  # characters of a recipe
MOST_LINES = 10_000
_REPEATED = re.compile(r"(.*) \* ([0-9]{1,12})", re.DOTALL)
_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Recipe:
    """The actions of a recipe, each with the number of its line, which counts from 1."""

    lines: tuple[tuple[int, Action], ...]


def parse(text: str) -> Recipe:
    """Read a recipe. Raises RecipeError, which names the line and the column, and shows what would be right."""
    if len(text) > LONGEST:
        raise RecipeError(1, None, f"A recipe has at most {LONGEST:,} characters.")
    if text.strip() == UNCHANGED:
        return Recipe(())
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise RecipeError(MOST_LINES, None, f"A recipe has at most {MOST_LINES:,} lines.")
    expansion = Expansion()
    sources = (SourceLine(number, line.removesuffix("\r"), expansion) for number, line in enumerate(lines, 1))
    return Recipe(tuple((line.number, _action(line)) for line in sources if _holds_action(line.text)))


def _holds_action(text: str) -> bool:
    return text.strip() != "" and not text.startswith(_COMMENT)


def _action(line: SourceLine) -> Action:
    try:
        line.text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise line.error(error.start, "Half of a surrogate pair is not text.") from None
    word = line.text.partition(" ")[0]
    if word in STATEMENTS:
        return STATEMENTS[word](line, len(word) + 1)
    return _member_action(line, word)


def _member_action(line: SourceLine, word: str) -> Action:
    """Read a line that begins with a member's path, and perhaps a pointer into its JSON."""
    if not word:
        raise line.error(0, "A line begins with a path or a keyword, not with a space.")
    path_text, hash_sign, pointer = word.partition("#")
    path = line.path(0, path_text)
    operator, _, _ = line.text[len(word) + 1 :].partition(" ")
    start = len(word) + len(operator) + 2  # the offset of what follows the operator and its space
    rest = line.text[start:]
    if hash_sign:
        steps = _steps(line, len(path_text) + 1, pointer)
        if operator == "=":
            return SetValue(path, steps, _json_text(line, start, rest))
        if operator == "-":
            return _without_rest(line, start, rest, RemoveValue(path, steps))
        raise line.error(len(word), f"'=' or '-' is missing here. Example: {word} = 3")
    match operator:
        case "=":
            return WriteMember(path, unescaped(rest))
        case "+=":
            return AddMember(path, unescaped(rest))
        case "-":
            return _without_rest(line, start, rest, RemoveMember(path))
        case "->" if rest:
            return AddLink(path, line.path(start, rest))
        case "->":
            raise line.error(start, f"The target is missing. Example: {word} -> /etc/passwd")
    raise line.error(len(word), _missing_operator(word))


def _missing_operator(word: str) -> str:
    keyword = nearest(word, STATEMENTS)
    guess = f" Did you mean the keyword {keyword!r}?" if keyword else ""
    return f"'=', '+=', '-' or '->' is missing after {quoted(word)}.{guess} Example: users.json = []"


def _without_rest(line: SourceLine, start: int, rest: str, action: Action) -> Action:
    if rest:
        raise line.error(start, "Nothing follows '-', which removes what is before it.")
    return action


def _steps(line: SourceLine, offset: int, pointer: str) -> tuple[str, ...]:
    """Return the steps of a JSON Pointer."""
    if not pointer.startswith("/"):
        raise line.error(
            offset,
            r"A JSON Pointer begins with '/'. Example: users.json#/0/User/id = 3"
            r" (a '#' in a path is written \x23).",
        )
    try:
        return pointer_tokens(unescaped(pointer).decode())
    except UnicodeDecodeError:
        raise line.error(offset, "A JSON Pointer is text in UTF-8.") from None


def _json_text(line: SourceLine, start: int, text: str) -> bytes:
    """Return the JSON text of a value, which ``* N`` behind it repeats."""
    repeated = _REPEATED.fullmatch(text)
    text, times = (repeated[1], int(repeated[2])) if repeated else (text, None)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise line.error(start + error.pos, f"This is not JSON ({error.msg}). {_right_json(text)}") from None
    except RecursionError:
        raise line.error(start, "The value nests too deep.") from None
    except ValueError:
        raise line.error(start, "The value holds a number of too many digits.") from None
    if times is None:
        return text.encode("utf-8", "surrogateescape")
    if not isinstance(value, (str, list)):
        raise line.error(start, 'Only a text or a list can be repeated. Example: "x" * 300')
    line.expand(start, len(json.dumps(value)) * times)
    return json.dumps(value * times).encode()


def _right_json(text: str) -> str:
    if text and all(character.isalnum() or character in " _-." for character in text):
        return f"A text has quotes: {quoted(text)}".replace("'", '"')
    return 'Write a text such as "a", a number, true, false, null, a list or an object.'
