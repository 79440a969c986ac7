"""Turns the errors of a value into flaws: a rule code, a sentence and its values."""

from collections.abc import Callable, Sequence

import orjson

from hcfmt.export.schema_walk import SchemaError
from hcfmt.export.schemas import SECRET_RULE, UNTRIED_RULE, rule_of
from hcfmt.export.timestamps import is_showable
from hcfmt.findings import Flaw, PropertyPath, Quoted

UNDOCUMENTED_RULE = "HC303"
LETTER_CASE_RULE = "HC308"
FLOAT_RULE = "HC309"

_CONSEQUENCES = {UNTRIED_RULE: " What importers do with it is not known."}


def flaw_of(error: SchemaError) -> tuple[str, Flaw]:
    """Return (rule code, flaw) of an error; the flaw has the path of the value."""
    ours = _OURS.get(error.keyword)
    if ours is not None:
        return ours(error)
    code = rule_of(error.part, error.keyword, error.about)
    sentence, values = _SENTENCES.get(error.keyword, _unmet)(error)
    sentence = f"{sentence}{_CONSEQUENCES.get(code, '')}"
    names = (error.about,) if error.keyword == "required" else ()
    return code, Flaw(sentence, values, error.path, subcode=error.keyword, names=names)


def _name_flaw(code: str, sentence: str) -> Callable[[SchemaError], tuple[str, Flaw]]:
    return lambda error: (code, Flaw(sentence, path=error.path, new_name=True))


def _value_flaw(sentence: str) -> Callable[[SchemaError], tuple[str, Flaw]]:
    """Return a function for errors of keywords whose value is the rule's code."""
    return lambda error: (str(error.expected), Flaw(sentence, {"value": Quoted(error.value)}, error.path))


def _embedded(error: SchemaError) -> tuple[str, Flaw]:
    inner = error.about
    if inner is None:
        sentence = "It should hold JSON text, but is {value}."
        return error.expected, Flaw(sentence, {"value": Quoted(error.value)}, error.path)
    values = {"inside": PropertyPath(inner.path or (), inner.new_name)} | dict(inner.values)
    sentence = f"Inside the JSON text, at {{inside}}: {inner.message}"
    names = *(token for token in inner.path or () if isinstance(token, str)), *inner.names
    return error.expected, Flaw(sentence, values, error.path, subcode=inner.subcode, names=names)


def _recommended(error: SchemaError) -> tuple[str, Flaw]:
    """Return the flaw of a value that ``x-should`` refuses; numbers and dates are shown, not written by users."""
    value, sentence = error.value, error.part["description"]
    if isinstance(value, int) or (isinstance(value, str) and is_showable(value)):
        return error.expected, Flaw(f"{sentence} It is {{value}}.", {"value": value}, error.path)
    if value is None or (isinstance(value, str) and not error.is_name):
        return error.expected, Flaw(f"{sentence} It is {{value}}.", {"value": Quoted(value)}, error.path)
    return error.expected, Flaw(sentence, path=error.path)


_OURS: dict[str, Callable[[SchemaError], tuple[str, Flaw]]] = {
    "x-undocumented": _name_flaw(UNDOCUMENTED_RULE, "The property is undocumented."),
    "x-secret": _name_flaw(SECRET_RULE, "The property looks like a password or an API token."),
    "x-letter-case": _name_flaw(LETTER_CASE_RULE, "This name differs from another property's in letter case alone."),
    "x-float": lambda error: (FLOAT_RULE, Flaw("An integer is written as a float.", path=error.path)),
    "x-should": _recommended,
    "x-legacy": _value_flaw("A field documented as always empty holds {value}."),
    "x-reports": _value_flaw("It is {value}, a form of other exporters."),
    "x-embedded": _embedded,
}

_Sentence = tuple[str, dict[str, object]]  # and its values


def _unmet(error: SchemaError) -> _Sentence:
    return f"It is {{value}}, which the schema's {error.keyword} refuses.", {"value": Quoted(error.value)}


def _undocumented(error: SchemaError, documented: Sequence[object]) -> _Sentence:
    listed = " or ".join(orjson.dumps(item).decode() for item in documented)
    return f"It is {{value}}; documented is {listed}.", {"value": Quoted(error.value), "documented": documented}


def _of_type(error: SchemaError) -> _Sentence:
    types = error.expected
    return _undocumented(error, types if isinstance(types, list) else [types])


def _of_form(error: SchemaError) -> _Sentence:
    """Return a sentence on a failed regular expression in words: the title of its schema names the form."""
    form = f", {error.part['title']}" if "title" in error.part else ""
    return f"It is {{value}}, which is not of the documented form{form}.", {"value": Quoted(error.value)}


def _with_value(sentence: str) -> Callable[[SchemaError], _Sentence]:
    return lambda error: (sentence, {"value": Quoted(error.value)})


_SENTENCES: dict[str, Callable[[SchemaError], _Sentence]] = {
    "type": _of_type,
    "enum": lambda error: _undocumented(error, error.expected),
    "const": lambda error: _undocumented(error, [error.expected]),
    "required": lambda error: ('The property "{property}" is missing.', {"property": error.about}),
    "pattern": _of_form,
    "minimum": lambda error: (
        "It is {value}, less than {minimum}.",
        {"value": Quoted(error.value), "minimum": error.expected},
    ),
    "additionalProperties": _with_value("It is {value}, and its key is not a record kind of this file."),
    "minProperties": lambda _: ("The wrapper is empty: a record kind is missing.", {}),
    "maxProperties": _with_value("The wrapper is {value}; it holds exactly one record."),
}
