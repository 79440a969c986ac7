"""Query parameters, converted from text to the types that the contract documents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hcfmt.export.schema_errors import Mismatch, first_mismatch
from hcfmt.export.schemas import Schema
from hcfmt.server.openapi.error_messages import mismatch_error

_BOOLEANS = {"true": True, "false": False}
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
        """Convert the texts given for this parameter, at least one; raises ApiError(400) for an invalid value.

        The last text wins, except for lists: their texts are joined, items stripped and empty items dropped. Booleans
        are accepted in any letter case; dates stay texts.
        """
        value: Any = texts[-1]
        kind = self.schema.get("type")
        if self.is_list:
            value = [item.strip() for text in texts for item in text.split(",") if item.strip()]
        elif kind == "boolean":
            value = _BOOLEANS.get(value.lower(), value)
        elif kind == "integer" and _INTEGER.fullmatch(value):
            value = int(value)
        if mismatch := first_mismatch(self.schema, value):
            path = (self.name, *mismatch.path)
            raise mismatch_error(Mismatch(mismatch.keyword, mismatch.expected, path, mismatch.value))
        return value


def read_query(parameters: Sequence[Parameter], pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of the documented parameters of a query by name.

    A missing parameter has its default, or is absent without one; undocumented parameters are ignored. Raises
    ApiError(400) for an invalid value.
    """
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    values: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.name in texts:
            values[parameter.name] = parameter.convert(texts[parameter.name])
        elif "default" in parameter.schema:
            default = parameter.schema["default"]
            values[parameter.name] = list(default) if parameter.is_list else default
    return values
