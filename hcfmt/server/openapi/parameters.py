"""Parameters of queries and fields of forms, converted from text to the types that the contract documents."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hcfmt.export.schema_errors import Mismatch, first_mismatch
from hcfmt.export.schemas import Schema
from hcfmt.server.openapi.error_messages import mismatch_error

_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_INTEGER = re.compile(r"-?[0-9]{1,100}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A documented query parameter: its name and the schema of its value."""

    name: str
    schema: Schema

    @property
    def is_list(self) -> bool:
        """Whether the value is a comma-separated list."""
        return self.schema.get("type") == "array"

    def convert(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - a value of the documented type
        """Convert the texts given for this parameter, as ``typed_value`` does.

        Raises ApiError(400) for an invalid value.
        """
        value = typed_value(self.schema, texts)
        if mismatch := first_mismatch(self.schema, value):
            path = (self.name, *mismatch.path)
            raise mismatch_error(Mismatch(mismatch.keyword, mismatch.expected, path, mismatch.value))
        return value


def typed_value(schema: Schema, texts: Sequence[str]) -> Any:  # noqa: ANN401 - a value of the documented type
    """Convert the texts given for one name, at least one, to the type of a schema; a text that has none stays a text.

    The last text wins, except for lists: their texts are joined, items stripped and empty items dropped. Booleans are
    accepted in any letter case and as 1 or 0; dates stay texts, and so does what may be a text.
    """
    types = schema.get("type", "string")
    names = {types} if isinstance(types, str) else set(types)
    text = texts[-1]
    if "string" in names:
        return text
    if "array" in names:
        return [item.strip() for text in texts for item in text.split(",") if item.strip()]
    if "boolean" in names:
        return _BOOLEANS.get(text.lower(), text)
    return int(text) if "integer" in names and _INTEGER.fullmatch(text) else text


def texts_by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the texts that each name of a query or form has, in their order."""
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    return texts


def read_query(parameters: Sequence[Parameter], pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of the documented parameters of a query by name.

    A missing parameter has its default, or is absent without one; undocumented parameters are ignored. Raises
    ApiError(400) for an invalid value.
    """
    texts = texts_by_name(pairs)
    values: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.name in texts:
            values[parameter.name] = parameter.convert(texts[parameter.name])
        elif "default" in parameter.schema:
            default = parameter.schema["default"]
            values[parameter.name] = list(default) if parameter.is_list else default
    return values
