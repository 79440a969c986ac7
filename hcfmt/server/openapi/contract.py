"""The contract: the operations that ``schemas/api/openapi.json`` documents, and the document as it is served."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hcfmt.export.schemas import SUFFIX, Schema, read, resolve_reference, resolved
from hcfmt.server.openapi.parameters import Parameter, read_query

API = "api/openapi"
"""The document's name among the schemas."""

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_AUTH_TEST_STATUS = "202"
_LOCAL = "#/"
_POINTER_STEPS = frozenset({"$defs", "properties"})  # steps of a JSON pointer that a component's name leaves out


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the document.

    ``path`` is a template below /v2, such as ``/room/{id_or_name}/history``. A token needs one of ``scopes``; without
    scopes any valid token is accepted. ``is_open`` operations need no token. ``success`` is the documented status.
    ``content`` holds the schemas of the request body by media type.
    """

    id: str
    method: str
    path: str
    scopes: frozenset[str]
    is_open: bool
    success: int
    parameters: tuple[Parameter, ...] = field(default=(), compare=False, repr=False)
    content: Mapping[str, Schema] = field(default_factory=dict, compare=False, repr=False)
    needs_body: bool = field(default=False, compare=False)

    @property
    def is_read_only(self) -> bool:
        """Whether the operation changes nothing: a GET, or a call that tokens with view scopes may make."""
        is_viewing = bool(self.scopes) and all(scope.startswith("view_") for scope in self.scopes)
        return self.method == "GET" or is_viewing

    def query(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return the documented query parameters of a request; see ``parameters.read_query``."""
        return read_query(self.parameters, pairs)


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations, in the document's order."""
    return tuple(_operations(resolved(API)))


def _operations(document: Schema) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(path, method, item[method], item[method].get("security", document["security"]))


def _operation(path: str, method: str, node: Schema, security: Sequence[Mapping[str, Sequence[str]]]) -> Operation:
    body = node.get("requestBody", {})
    successes = (status for status in node["responses"] if status[0] in "23" and status != _AUTH_TEST_STATUS)
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        scopes=frozenset(scope for scheme in security for scopes in scheme.values() for scope in scopes),
        is_open=not security or {} in security,
        success=int(next(successes)),
        parameters=tuple(
            Parameter(parameter["name"], parameter["schema"])
            for parameter in node.get("parameters", ())
            if parameter["in"] == "query"
        ),
        content={media_type: content["schema"] for media_type, content in body.get("content", {}).items()},
        needs_body=body.get("required", False),
    )


def document(base_url: str) -> dict[str, Any]:
    """Return the document as it is served: self-contained, with ``base_url`` (``http://.../v2``) as its one server."""
    return {**_bundle(), "servers": [{"url": base_url}]}


@cache
def _bundle() -> dict[str, Any]:
    """Return the document with the schemas of other files bundled as components, such as ``export.users.user.id``.

    The keywords of hcfmt ("x-...") are left out of bundled schemas, as they describe archives.
    """
    components: dict[str, Any] = {}
    bundle: dict[str, Any] = _bundle_references(read(API), components)
    schemas = {**bundle["components"]["schemas"], **{name: components[name] for name in sorted(components)}}
    return {**bundle, "components": {**bundle["components"], "schemas": schemas}}


def _bundle_references(node: Any, components: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a node with references to other files replaced by local ones, and add their targets to ``components``."""
    if isinstance(node, list):
        return [_bundle_references(item, components) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _bundle_references(value, components) for key, value in node.items()}
    reference = node.get("$ref")
    if isinstance(reference, str) and not reference.startswith(_LOCAL):
        name = _component_name(reference)
        components[name] = without_extensions(resolve_reference(reference, API))
        inner["$ref"] = f"{_LOCAL}components/schemas/{name}"
    return inner


def _component_name(reference: str) -> str:
    """Return "export.users.user.id" for "../export/users.json#/$defs/user/properties/id"."""
    path, _, pointer = reference.removeprefix("../").partition("#/")
    parts = [*path.removesuffix(SUFFIX).split("/"), *pointer.split("/")]
    return ".".join(part for part in parts if part not in _POINTER_STEPS)


def without_extensions(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a schema without extension keywords ("x-...")."""
    if isinstance(node, list):
        return [without_extensions(item) for item in node]
    if isinstance(node, dict):
        return {key: without_extensions(value) for key, value in node.items() if not key.startswith("x-")}
    return node
