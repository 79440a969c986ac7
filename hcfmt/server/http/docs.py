"""The contract as a page for people: self-contained HTML, without scripts."""

import json
import re
import shlex
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from hcfmt.server.http.schema_text import example, kind_of

_METHODS = ("get", "post", "put", "delete")
_CODE = re.compile(r"`([^`]+)`")
_SECRET = "TOKEN"  # noqa: S105 - what stands in the examples in its place
_JSON = "application/json"

Node = Mapping[str, Any]


def page(document: Node) -> str:
    """Return a self-contained HTML page of what ``contract.document`` returned: all operations by area, all schemas."""
    shown = _Page(document)
    title = escape(document["info"]["title"])
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{_style()}</style>\n</head>\n<body>",
            *shown.menu(),
            f"<main>\n<h1>{title}</h1>\n{_text(document['info']['description'])}",
            f"<p>All paths are below <code>{escape(shown.base)}</code>. This page is made of",
            f'<a href="{escape(shown.base)}/openapi.json">openapi.json</a>.</p>',
            *shown.areas(),
            '<h2 id="errors">Errors</h2>',
            *shown.errors(),
            '<h2 id="schemas">Schemas</h2>',
            *shown.schemas(),
            "</main>\n</body>\n</html>\n",
        ]
    )


def headers() -> Mapping[str, str]:
    """Return the headers of the page: a browser uses its own style, loads and sends nothing, and frames it nowhere."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return {
        "Content-Security-Policy": f"{rules}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
    }


@cache
def _style() -> str:
    return "\n" + files("hcfmt.server.http").joinpath("docs.css").read_text("utf-8")


def _text(told: str) -> str:
    """Return text of the document as paragraphs; what stands between backticks is code."""
    return "".join(f"<p>{_inline(part)}</p>" for part in told.split("\n\n") if part)


def _inline(told: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(told))


def _known(part: Node) -> str:
    """Return where something is known from, and what is not known of it."""
    sources = ", ".join(escape(source) for source in part.get("x-source", ()))
    known = f'<p class="soft">Known from: {sources}</p>' if sources else ""
    return known + (f'<p class="doubt">Not proven: {_inline(part["x-unproven"])}</p>' if "x-unproven" in part else "")


def _rows(rows: Iterable[tuple[str, str, str]]) -> str:
    """Return a list of names, each with what it is and what is said of it, the last two as HTML."""
    return (
        "<dl>" + "".join(f"<dt><b>{escape(name)}</b> {what}</dt><dd>{said}</dd>" for name, what, said in rows) + "</dl>"
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The parts of a page about one document."""

    document: Node

    @property
    def base(self) -> str:
        """Where the API is."""
        base: str = self.document["servers"][0]["url"]
        return base

    def menu(self) -> Iterator[str]:
        """Yield the lists of operations by area that lead to them."""
        yield "<nav>"
        for tag in self.document["tags"]:
            yield f"<details open><summary>{escape(tag['name'])}</summary><ul>"
            for _, _, told in self._operations(tag["name"]):
                yield f'<li><a href="#{escape(told["operationId"])}">{escape(told["summary"])}</a></li>'
            yield "</ul></details>"
        yield '<p><a href="#errors">Errors</a></p><p><a href="#schemas">Schemas</a></p>\n</nav>'

    def areas(self) -> Iterator[str]:
        """Yield the areas and the operations of each."""
        for tag in self.document["tags"]:
            yield f"<h2>{escape(tag['name'])}</h2>{_text(tag['description'])}"
            for path, method, told in self._operations(tag["name"]):
                yield self._operation(path, method, told)

    def errors(self) -> Iterator[str]:
        """Yield the answers that refuse, which many operations share, each with the body that is known of it."""
        used = {
            one["$ref"]: status
            for _, _, told in self._all()
            for status, one in told["responses"].items()
            if _refuses(status)
        }
        for reference, status in sorted(used.items(), key=lambda one: one[1]):
            told = self._at({"$ref": reference})
            yield f'<article id="{_anchor(reference)}"><h3>{escape(status)}</h3>{_text(told["description"])}'
            yield _headers(told)
            for content in told["content"].values():
                for shown in content.get("examples", {}).values():
                    body = json.dumps(shown["value"], indent=2)
                    yield f"<pre><code>{escape(body)}</code></pre>"
            yield f"{_known(told)}</article>"

    def schemas(self) -> Iterator[str]:
        """Yield the document's own schemas; those taken from the export are described where they are used."""
        for name, schema in self.document["components"]["schemas"].items():
            yield f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>{_text(schema.get("description", ""))}'
            yield f"<p>{kind_of(schema)}</p>{self._properties(schema)}{_known(schema)}</article>"

    def _operations(self, tag: str) -> Iterator[tuple[str, str, Node]]:
        """Yield path, method and operation of an area; each operation stands in the first of its areas alone."""
        return (one for one in self._all() if one[2]["tags"][0] == tag)

    def _all(self) -> Iterator[tuple[str, str, Node]]:
        """Yield path, method and operation of the whole document."""
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    yield path, method, item[method]

    def _operation(self, path: str, method: str, told: Node) -> str:
        parameters = [
            self._at(one) for one in (*self.document["paths"][path].get("parameters", ()), *told.get("parameters", ()))
        ]
        body = told.get("requestBody", {}).get("content", {})
        return "\n".join(
            [
                f'<article id="{escape(told["operationId"])}"><h3>{escape(told["summary"])}</h3>',
                f'<span class="route"><span class="method {method}">{method.upper()}</span>{escape(path)}</span>',
                _text(told.get("description", "")),
                f"<p>{self._scopes(told)}</p>",
                "<h4>Parameters</h4>" + _rows(map(self._parameter, parameters)) if parameters else "",
                *(self._body(kinds, schema) for kinds, schema in _by_schema(body)),
                "<h4>Answers</h4>" + self._answers(told["responses"]),
                f"<h4>Example</h4><pre><code>{escape(self._curl(path, method, told))}</code></pre>",
                f"{_known(told)}</article>",
            ]
        )

    def _scopes(self, told: Node) -> str:
        security = told.get("security", self.document["security"])
        if not security or {} in security:
            return "Needs no token."
        scopes = dict.fromkeys(scope for way in security for scopes in way.values() for scope in scopes)
        named = " or ".join(f"<code>{escape(scope)}</code>" for scope in scopes)
        return f"Needs the scope {named}." if named else "Needs any valid token."

    def _parameter(self, told: Node) -> tuple[str, str, str]:
        where = "in the path" if told["in"] == "path" else "in the query"
        what = f'<span class="soft">{where}, {kind_of(told["schema"])}</span>'
        return told["name"], what, _text(told["description"]) + _known(told)

    def _body(self, kinds: Sequence[str], schema: Node) -> str:
        listed = " or ".join(f"<code>{escape(kind)}</code>" for kind in kinds)
        described = self._at(schema)
        said = f"<p>{listed}: {kind_of(schema)}</p>{_text(described['description'])}"
        return f"<h4>Body</h4>{said}{self._properties(described)}{_known(described)}"

    def _properties(self, schema: Node) -> str:
        needed = schema.get("required", ())
        return _rows(self._property(name, one, name in needed) for name, one in schema.get("properties", {}).items())

    def _property(self, name: str, schema: Any, is_needed: bool) -> tuple[str, str, str]:  # noqa: ANN401, FBT001 - a schema may be a boolean
        told = {**self._at(schema), **schema} if isinstance(schema, Mapping) else {}
        what = f'<span class="soft">{kind_of(schema)}{", required" * is_needed}</span>'
        return name, what, _text(told.get("description", "")) + (_known(schema) if told else "")

    def _answers(self, responses: Mapping[str, Node]) -> str:
        """Return the answers of one operation: those that refuse as links, for they are the same everywhere."""
        done = _rows(self._answer(status, one) for status, one in responses.items() if not _refuses(status))
        refused = [
            f'<a href="#{_anchor(one["$ref"])}">{escape(status)}</a>'
            for status, one in responses.items()
            if _refuses(status)
        ]
        return f"{done}<p>Errors: {', '.join(refused)}</p>"

    def _answer(self, status: str, told: Node) -> tuple[str, str, str]:
        described = self._at(told)
        schemas = [content["schema"] for content in described.get("content", {}).values()]
        what = ", ".join(map(kind_of, schemas))
        return status, what, _text(described["description"]) + _headers(described)

    def _curl(self, path: str, method: str, told: Node) -> str:
        """Return a command line that asks for an operation; words in capitals are for the reader to fill in."""
        words = ["curl"]
        if method != "get":
            words += ["-X", method.upper()]
        security = told.get("security", self.document["security"])
        if security and {} not in security:
            words += ["-H", f"Authorization: Bearer {_SECRET}"]
        content = told.get("requestBody", {}).get("content", {})
        schema = self._at(next(iter(content.values()))["schema"]) if content else {}
        if _JSON in content:
            words += ["-H", f"Content-Type: {_JSON}", "-d", json.dumps(example(schema, self._at))]
        elif content:
            words += ["-F", 'metadata={"message": "text"};type=application/json', "-F", "file=@FILE"]
        url = self.base + re.sub(r"\{([a-z_]+)\}", lambda name: name[1].upper(), path)
        return " ".join(map(shlex.quote, [*words, url]))

    def _at(self, node: Any) -> Node:  # noqa: ANN401 - any part of the document
        """Return what a part of the document refers to, or the part itself."""
        while isinstance(node, Mapping) and "$ref" in node:
            told: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                told = told[step]
            node = told
        return node if isinstance(node, Mapping) else {}


def _refuses(status: str) -> bool:
    return status[0] in "45"


def _anchor(reference: str) -> str:
    return f"answer-{escape(reference.rpartition('/')[2])}"


def _headers(told: Node) -> str:
    """Return the headers of an answer, save those that all have."""
    names = [name for name in told.get("headers", {}) if not name.startswith("X-Ratelimit-")]
    listed = ", ".join(f"<code>{escape(name)}</code>" for name in names)
    return f'<p class="soft">Headers: {listed}</p>' if names else ""


def _by_schema(content: Mapping[str, Node]) -> Iterator[tuple[list[str], Node]]:
    """Yield the schemas of a body, each with the media types that have it."""
    found: dict[str, list[str]] = {}
    for kind, told in content.items():
        found.setdefault(json.dumps(told["schema"]), []).append(kind)
    for text, kinds in found.items():
        yield kinds, json.loads(text)
