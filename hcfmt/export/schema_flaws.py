"""Turns errors of the reference engine into flaws: a rule code, a sentence and its values."""

from collections.abc import Callable
from typing import Any

import orjson
from jsonschema.exceptions import ValidationError

from hcfmt.export.schemas import DEFAULT_RULE, SECRET_RULE
from hcfmt.export.timestamps import is_showable
from hcfmt.findings import Flaw, PropertyPath, Quoted

UNDOCUMENTED_RULE = "HC303"
LETTER_CASE_RULE = "HC308"
FLOAT_RULE = "HC309"


class RuleCause(Exception):  # noqa: N818 - no error: it carries a value through an error of jsonschema
    """The cause of an error whose rule is named by the schema, by code."""


class EmbeddedFlaw(Exception):  # noqa: N818 - no error: it carries a value through an error of jsonschema
    """The cause of an error in JSON inside a string: the flaw found there."""

    def __init__(self, flaw: Flaw) -> None:
        """Take the flaw."""
        super().__init__(flaw.message)
        self.flaw = flaw


def flaw_of(error: ValidationError) -> tuple[str, Flaw]:  # noqa: PLR0911 - a table, a row each
    """Return (rule code, flaw) of an error; the flaw has the path of the value."""
    keyword = str(error.validator)
    schema: Any = error.schema
    path = tuple(error.absolute_path)
    match keyword:
        case "x-undocumented":
            return UNDOCUMENTED_RULE, Flaw("The property is undocumented.", path=path, new_name=True)
        case "x-secret":
            return SECRET_RULE, Flaw("The property looks like a password or an API token.", path=path, new_name=True)
        case "x-letter-case":
            return LETTER_CASE_RULE, Flaw(
                "This name differs from another property's in letter case alone.",
                path=path,
                new_name=True,
            )
        case "x-float":
            return FLOAT_RULE, Flaw("An integer is written as a float.", path=path)
        case "x-should":
            return str(error.cause), _recommended(error, path)
        case "x-legacy":
            return str(error.validator_value), Flaw(
                "A field documented as always empty holds {value}.", {"value": Quoted(error.instance)}, path
            )
        case "x-reports":
            return str(error.validator_value), Flaw(
                "It is {value}, a form of other exporters.", {"value": Quoted(error.instance)}, path
            )
        case "x-embedded" if isinstance(error.cause, EmbeddedFlaw):
            inner = error.cause.flaw
            values = {"inside": PropertyPath(inner.path or (), inner.new_name)} | dict(inner.values)
            return error.message, Flaw(
                f"Inside the JSON text, at {{inside}}: {inner.message}", values, path, subcode=inner.subcode
            )
        case "x-embedded":
            return error.message, Flaw(
                "It should hold JSON text, but is {value}.", {"value": Quoted(error.instance)}, path
            )
    code = schema.get("x-rules", {}).get(keyword, DEFAULT_RULE) if isinstance(schema, dict) else DEFAULT_RULE
    sentence = _SENTENCES.get(keyword, _unmet)(error)
    return code, Flaw(sentence.message, sentence.values, path, subcode=keyword)


def _recommended(error: ValidationError, path: tuple[str | int, ...]) -> Flaw:
    """Return the flaw of a value that ``x-should`` refuses; numbers and dates are shown, not written by users."""
    value = error.instance
    if isinstance(value, int) or (isinstance(value, str) and is_showable(value)):
        return Flaw(f"{error.message} It is {{value}}.", {"value": value}, path)
    if value is None or (isinstance(value, str) and "propertyNames" not in error.schema_path):
        return Flaw(f"{error.message} It is {{value}}.", {"value": Quoted(value)}, path)
    return Flaw(error.message, path=path)


def _unmet(error: ValidationError) -> Flaw:
    return Flaw(f"It is {{value}}, which the schema's {error.validator} refuses.", {"value": Quoted(error.instance)})


def _undocumented(error: ValidationError, documented: Any) -> Flaw:  # noqa: ANN401 - a list of JSON values
    listed = " or ".join(orjson.dumps(item).decode() for item in documented)
    sentence = f"It is {{value}}; documented is {listed}."
    return Flaw(sentence, {"value": Quoted(error.instance), "documented": documented})


def _of_type(error: ValidationError) -> Flaw:
    types = error.validator_value
    return _undocumented(error, types if isinstance(types, list) else [types])


def _with_value(sentence: str) -> Callable[[ValidationError], Flaw]:
    return lambda error: Flaw(sentence, {"value": Quoted(error.instance)})


_SENTENCES: dict[str, Callable[[ValidationError], Flaw]] = {
    "type": _of_type,
    "enum": lambda error: _undocumented(error, error.validator_value),
    "const": lambda error: _undocumented(error, [error.validator_value]),
    "required": lambda error: Flaw('The property "{property}" is missing.', {"property": error.message}),
    "pattern": lambda error: Flaw(
        "It is {value}, which does not match {pattern}",
        {"value": Quoted(error.instance), "pattern": error.validator_value},
    ),
    "minimum": lambda error: Flaw(
        "It is {value}, less than {minimum}.", {"value": Quoted(error.instance), "minimum": error.validator_value}
    ),
    "additionalProperties": _with_value("It is {value}, and its key is not a record kind of this file."),
    "minProperties": lambda _: Flaw("The wrapper is empty: a record kind is missing."),
    "maxProperties": _with_value("The wrapper is {value}; it holds exactly one record."),
}
