"""The page /docs: renders the contract as self-contained HTML without scripts (template: docs.html)."""

import json
import re
import shlex
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from hcfmt.server.http.schema_text import describe, example

_METHODS = ("get", "post", "put", "delete")
_CODE = re.compile(r"`([^`]+)`")
_JSON = "application/json"
_COMMON_HEADERS = ("X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset")

Node = Mapping[str, Any]


def page(document: Node) -> str:
    """Return the HTML page of an OpenAPI document (``contract.document``): operations by area, errors, schemas."""
    contract = _Contract(document)
    return (
        _environment()
        .get_template("docs.html")
        .render(
            document=document,
            base=contract.base,
            style=_style(),
            areas=list(contract.areas()),
            errors=contract.errors(),
            resolve=contract.resolve,
            common_headers=_COMMON_HEADERS,
        )
    )


def headers() -> Mapping[str, str]:
    """Return the page's security headers: a browser applies its own style only, and loads, sends and frames nothing."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return {
        "Content-Security-Policy": f"{rules}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
    }


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("hcfmt.server.http", ""), autoescape=True, trim_blocks=True)
    environment.filters |= {
        "inline": _inline,
        "kind": describe,
        "paragraphs": _paragraphs,
        "pretty": lambda value: json.dumps(value, indent=2),
    }
    return environment


@cache
def _style() -> Markup:
    return Markup("\n" + files("hcfmt.server.http").joinpath("docs.css").read_text("utf-8"))  # noqa: S704 - our own file


def _paragraphs(text: str | None) -> Markup:
    """Return text of the document as paragraphs; text between backquotes is code."""
    return Markup("").join(Markup("<p>{}</p>").format(_inline(part)) for part in (text or "").split("\n\n") if part)


def _inline(text: str) -> Markup:
    return Markup(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S704 - escaped


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation as the template shows it; ``scopes`` is None if it needs no token, empty if any token will do."""

    path: str
    method: str
    node: Node
    scopes: Sequence[str] | None
    parameters: Sequence[Node]
    bodies: Sequence[tuple[Sequence[str], Node]]
    successes: Sequence[tuple[str, Node]]
    errors: Sequence[tuple[str, str]]
    example: str


@dataclass(frozen=True, slots=True)
class _Contract:
    """An OpenAPI document, prepared for the template."""

    document: Node

    @property
    def base(self) -> str:
        """The URL of the API."""
        return str(self.document["servers"][0]["url"])

    def areas(self) -> Iterator[tuple[Node, list[_Operation]]]:
        """Yield each tag with its operations; an operation belongs to the first of its tags."""
        operations = [self._operation(*found) for found in self._nodes()]
        for tag in self.document["tags"]:
            yield tag, [operation for operation in operations if operation.node["tags"][0] == tag["name"]]

    def errors(self) -> list[tuple[str, str, Node]]:
        """Return anchor, status and response of the errors that operations share, by status."""
        shared = {
            response["$ref"]: status
            for _, _, node in self._nodes()
            for status, response in node["responses"].items()
            if _is_error(status)
        }
        by_status = sorted(shared.items(), key=lambda item: item[1])
        return [(_anchor(reference), status, self.resolve({"$ref": reference})) for reference, status in by_status]

    def resolve(self, node: Any) -> Node:  # noqa: ANN401 - any part of the document
        """Return the part of the document that ``node`` refers to, or ``node`` itself; empty for a boolean schema."""
        while isinstance(node, Mapping) and "$ref" in node:
            target: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node if isinstance(node, Mapping) else {}

    def _nodes(self) -> Iterator[tuple[str, str, Node]]:
        """Yield path, method and node of every operation."""
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    yield path, method, item[method]

    def _operation(self, path: str, method: str, node: Node) -> _Operation:
        shared = self.document["paths"][path].get("parameters", ())
        responses = node["responses"].items()
        return _Operation(
            path=path,
            method=method,
            node=node,
            scopes=self._scopes(node),
            parameters=[self.resolve(parameter) for parameter in (*shared, *node.get("parameters", ()))],
            bodies=_by_schema(node.get("requestBody", {}).get("content", {})),
            successes=[(status, self.resolve(response)) for status, response in responses if not _is_error(status)],
            errors=[(status, _anchor(response["$ref"])) for status, response in responses if _is_error(status)],
            example=self._curl(path, method, node),
        )

    def _scopes(self, node: Node) -> list[str] | None:
        security = node.get("security", self.document["security"])
        if not security or {} in security:
            return None
        return list(dict.fromkeys(scope for scheme in security for scopes in scheme.values() for scope in scopes))

    def _curl(self, path: str, method: str, node: Node) -> str:
        """Return a curl command for an operation; the reader replaces the words in capitals."""
        words = ["curl"]
        if method != "get":
            words += ["-X", method.upper()]
        if self._scopes(node) is not None:
            words += ["-H", "Authorization: Bearer TOKEN"]
        content = node.get("requestBody", {}).get("content", {})
        schema = self.resolve(next(iter(content.values()))["schema"]) if content else {}
        if _JSON in content:
            words += ["-H", f"Content-Type: {_JSON}", "-d", json.dumps(example(schema, self.resolve))]
        elif content:
            words += ["-F", 'metadata={"message": "text"};type=application/json', "-F", "file=@FILE"]
        url = self.base + re.sub(r"\{([a-z_]+)\}", lambda name: name[1].upper(), path)
        return " ".join(map(shlex.quote, [*words, url]))


def _is_error(status: str) -> bool:
    return status[0] in "45"


def _anchor(reference: str) -> str:
    return f"response-{reference.rpartition('/')[2]}"


def _by_schema(content: Mapping[str, Node]) -> list[tuple[list[str], Node]]:
    """Return the schemas of a body, each with its media types."""
    types: dict[str, list[str]] = {}
    for media_type, node in content.items():
        types.setdefault(json.dumps(node["schema"]), []).append(media_type)
    return [(names, json.loads(schema)) for schema, names in types.items()]
