"""Lookup of operations by method and path."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hcfmt.server.errors import ApiError, MethodNotAllowedError
from hcfmt.server.openapi.contract import Operation


@dataclass(slots=True)
class _Node:
    """A node of the tree of path templates: its children, and its operations by method with their parameter names."""

    literals: "dict[str, _Node]" = field(default_factory=dict)
    parameter: "_Node | None" = None
    operations: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)


class OperationTree:
    """The operations of the contract as a tree of path parts; literal parts take precedence over parameters."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Build the tree; raises ValueError for two operations with the same method and path."""
        self._root = _Node()
        for operation in operations:
            node, names = self._root, []
            for part in filter(None, operation.path.split("/")):
                if part.startswith("{"):
                    names.append(part[1:-1])
                    node.parameter = node = node.parameter or _Node()
                else:
                    node = node.literals.setdefault(part, _Node())
            if operation.method in node.operations:
                other = node.operations[operation.method][0]
                raise ValueError(f"{operation.id} has the method and path of {other.id}")
            node.operations[operation.method] = (operation, tuple(names))

    def find(self, method: str, parts: tuple[str, ...]) -> tuple[Operation, Mapping[str, str]]:
        """Return the operation of a method and of the decoded path parts below /v2, and its path parameters.

        HEAD finds GET. Raises ApiError(404) for an unknown path and MethodNotAllowedError for another method.
        """
        matches = [match for match in _matches(self._root, parts, ()) if match[0].operations]
        lookup_method = "GET" if method == "HEAD" else method
        for node, values in matches:
            if lookup_method in node.operations:
                operation, names = node.operations[lookup_method]
                return operation, dict(zip(names, values, strict=True))
        raise MethodNotAllowedError(self.methods(parts))

    def methods(self, parts: tuple[str, ...]) -> set[str]:
        """Return the methods of the operations at the decoded path parts; raises ApiError(404) for an unknown path."""
        methods = {name for node, _ in _matches(self._root, parts, ()) for name in node.operations}
        if not methods:
            raise ApiError(404, "No such endpoint")
        return methods


def _matches(node: _Node, parts: tuple[str, ...], values: tuple[str, ...]) -> list[tuple[_Node, tuple[str, ...]]]:
    """Return the nodes that a path matches, most literal first, each with the values of its parameters."""
    if not parts:
        return [(node, values)]
    first, rest = parts[0], parts[1:]
    matches = _matches(node.literals[first], rest, values) if first in node.literals else []
    if node.parameter:
        matches += _matches(node.parameter, rest, (*values, first))
    return matches
