"""The contract: which operations there are, and what a request to each may say; ``schemas/api/openapi.json`` tells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hcfmt.export.schemas import SUFFIX, Schema, read, resolve_reference, resolved
from hcfmt.server.http.bodies import read_body
from hcfmt.server.openapi.parameters import Parameter, typed

API = "api/openapi"
"""The document's name among the schemas."""

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ASKED_ONLY = "202"  # what auth_test is answered with, which is nobody's success (facts 4.8)
_LOCAL = "#/"
_STEPS = frozenset({"$defs", "properties"})  # of a pointer into a schema: they say nothing in a name


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document.

    ``path`` is a template below /v2, such as ``/room/{id_or_name}/history``. One of ``scopes`` is needed, or any valid
    token where it is empty; ``is_open``: not even a token. ``success`` is the documented status of what was done.
    ``content`` holds, by media type, the schema of a body that the operation takes.
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
    def only_reads(self) -> bool:
        """Whether it changes nothing: a GET, or something that tokens may do which may do nothing but view."""
        is_viewing = bool(self.scopes) and all(scope.startswith("view_") for scope in self.scopes)
        return self.method == "GET" or is_viewing

    def query(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return the documented parameters of a query, typed, with defaults filled in; those without one may be absent.

        Unknown ones are left out. Booleans are taken in any letter case, dates stay strings. Of a parameter that is
        given twice the last counts; lists (``expand``, ``fields``) are joined. Raises Refusal(400) for a value of the
        wrong form.
        """
        return typed(self.parameters, pairs)

    def read_body(self, content_type: str, data: bytes) -> Any:  # noqa: ANN401 - any JSON value, or an Upload
        """Return a request's body: an object, an ``Upload``, or None where the operation takes none.

        An object has the documented properties alone, with defaults filled in; below them nothing is left out. An empty
        body is an empty object. Raises Refusal(400) for one that is not as documented.
        """
        if not self.content:
            return None
        return read_body(self.content, content_type, data, needed=self.needs_body)


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations, in the document's order."""
    return tuple(_operations(resolved(API)))


def _operations(told: Schema) -> Iterator[Operation]:
    for path, item in told["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(path, method, item[method], item[method].get("security", told["security"]))


def _operation(path: str, method: str, told: Schema, security: Sequence[Mapping[str, Sequence[str]]]) -> Operation:
    body = told.get("requestBody", {})
    successes = (status for status in told["responses"] if status[0] in "23" and status != _ASKED_ONLY)
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        scopes=frozenset(scope for way in security for scopes in way.values() for scope in scopes),
        is_open=not security or {} in security,
        success=int(next(successes)),
        parameters=tuple(Parameter.of(one) for one in told.get("parameters", ()) if one["in"] == "query"),
        content={kind: content["schema"] for kind, content in body.get("content", {}).items()},
        needs_body=body.get("required", False),
    )


def document(base_url: str) -> dict[str, Any]:
    """Return the document as it is served: self-contained, its one server at ``base_url`` (``http://.../v2``)."""
    return {**_bundle(), "servers": [{"url": base_url}]}


@cache
def _bundle() -> dict[str, Any]:
    """Return the document with what it refers to in other schemas put among its own.

    Names are like ``export.users.user.id``. Our keywords are left out there: they speak of archives.
    """
    found: dict[str, Any] = {}
    told: dict[str, Any] = _taken_in(read(API), found)
    schemas = {**told["components"]["schemas"], **{name: found[name] for name in sorted(found)}}
    return {**told, "components": {**told["components"], "schemas": schemas}}


def _taken_in(node: Any, found: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_taken_in(item, found) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _taken_in(value, found) for key, value in node.items()}
    reference = node.get("$ref")
    if isinstance(reference, str) and not reference.startswith(_LOCAL):
        name = _component(reference)
        found[name] = _bare(resolve_reference(reference, API))
        inner["$ref"] = f"{_LOCAL}components/schemas/{name}"
    return inner


def _component(reference: str) -> str:
    """Return the name among the components of what is at "../export/users.json#/$defs/user/properties/id"."""
    path, _, pointer = reference.removeprefix("../").partition("#/")
    parts = [*path.removesuffix(SUFFIX).split("/"), *pointer.split("/")]
    return ".".join(part for part in parts if part not in _STEPS)


def _bare(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if not key.startswith("x-")}
    return node
