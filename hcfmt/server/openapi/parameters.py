"""Parameters of a query: each is text, and becomes what the contract says that it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from hcfmt.export.schema_errors import Mismatch, first_mismatch
from hcfmt.export.schemas import Schema
from hcfmt.server.openapi.error_messages import refusal

_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?[0-9]{1,100}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A documented parameter: its name and the schema of its value."""

    name: str
    schema: Schema

    @classmethod
    def of(cls, told: Schema) -> Self:
        """Return the parameter that a parameter object of OpenAPI describes."""
        return cls(told["name"], told["schema"])

    @property
    def is_list(self) -> bool:
        """Whether it is several values with commas between them."""
        return self.schema.get("type") == "array"

    def typed(self, values: Sequence[str]) -> Any:  # noqa: ANN401 - what the schema says
        """Return the value of a parameter that was given, once or more often; raises Refusal(400) for a wrong one.

        The last counts; lists are joined, without the white space around their items and without empty items.
        """
        value: Any = values[-1]
        kind = self.schema.get("type")
        if self.is_list:
            value = [item.strip() for text in values for item in text.split(",") if item.strip()]
        elif kind == "boolean":
            value = _BOOLEANS.get(value.lower(), value)
        elif kind == "integer" and _INTEGER.fullmatch(value):
            value = int(value)
        if wrong := first_mismatch(self.schema, value):
            raise refusal(Mismatch(wrong.keyword, wrong.expected, (self.name, *wrong.path), wrong.value))
        return value


def typed(parameters: Sequence[Parameter], pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of a query's parameters by name, those that are not given with their defaults.

    One that is neither given nor has a default is left out, and so is one that is not documented.
    """
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        given.setdefault(name, []).append(text)
    found: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.name in given:
            found[parameter.name] = parameter.typed(given[parameter.name])
        elif "default" in parameter.schema:
            default = parameter.schema["default"]
            found[parameter.name] = list(default) if parameter.is_list else default
    return found
