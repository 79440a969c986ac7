"""What is said of a value that the contract does not take, in the form that HipChat had for it (facts 4.9).

Proven to the letter are the sentences of a wrong type (jenkinsci/hipchat-plugin#39) and of a missing property
(codecentric/spring-boot-admin#382); those of other keywords are made in their likeness.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hcfmt.export.schema_errors import Mismatch
from hcfmt.server.api.call import Refusal

SHOWN = 100
"""How many characters of a value are said back to the client."""

_Sentence = Callable[[str, str, Any], str]  # of the value as it is shown, the field, and what the keyword says

SENTENCES: Mapping[str, _Sentence] = {  # by keyword
    "type": lambda value, name, says: f"Value {value} for field '{name}' is not of type '{expected(says)}'",
    "enum": lambda value, name, says: f"Value {value} for field '{name}' is not in the enumeration: [{_listed(says)}]",
    "pattern": lambda value, name, says: f"Value {value} for field '{name}' does not match regular expression '{says}'",
    "minLength": lambda value, name, says: _length(value, name, "greater", says),
    "maxLength": lambda value, name, says: _length(value, name, "less", says),
    "minItems": lambda value, name, says: _length(value, name, "greater", says),
    "maxItems": lambda value, name, says: _length(value, name, "less", says),
    "minimum": lambda value, name, says: f"Value {value} for field '{name}' is less than minimum value: {says}",
    "maximum": lambda value, name, says: f"Value {value} for field '{name}' is greater than maximum value: {says}",
}


def _length(value: str, name: str, than: str, says: object) -> str:
    return f"Length of value {value} for field '{name}' must be {than} than or equal to {says}"


def refusal(wrong: Mismatch, root: str = "body") -> Refusal:
    """Return what is said of a mismatch; ``root`` is what the value is called in which it was found."""
    name = ".".join(str(step) for step in wrong.path) or root
    if wrong.keyword == "required":
        return Refusal(400, f"Required field '{name}' is missing", field=name, validation="optional", value=None)
    told: dict[str, Any] = {"field": name, "validation": wrong.keyword, "value": _cut(wrong.value)}
    if wrong.keyword == "type":
        told["expected_type"] = expected(wrong.expected)
    say = SENTENCES.get(wrong.keyword, _refused)
    return Refusal(400, say(shown(wrong.value), name, wrong.expected), **told)


def _refused(value: str, name: str, _: object) -> str:
    return f"Value {value} for field '{name}' is not valid"


def expected(says: Any) -> str:  # noqa: ANN401 - a keyword's value: a name or a list of names
    """Return the types that a schema takes as they are said: null is left out, as it means that there is no value."""
    names = [says] if isinstance(says, str) else [name for name in says if name != "null"]
    return ", ".join(names)


def shown(value: object) -> str:
    """Return a value as Python 2 wrote it, in which HipChat was written: u'true'; of a long one the beginning."""
    if isinstance(value, str):
        return f"u{value[:SHOWN]!a}"
    if isinstance(value, list):
        return f"[{_listed(value[:SHOWN])[:SHOWN]}]"
    return "{...}" if isinstance(value, dict) else ascii(value)


def _listed(values: Sequence[object]) -> str:
    return ", ".join(shown(value) for value in values)


def _cut(value: object) -> object:
    """Return a value to be said back: a text's beginning; of an array or an object nothing but what it is."""
    if isinstance(value, str):
        return value[:SHOWN]
    return shown(value) if isinstance(value, (list, dict)) else value
