"""Bodies of requests: JSON, forms and multipart uploads, read as the contract documents them."""

import re
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

import orjson

from hcfmt.export.jsontext import nests_at_most
from hcfmt.export.schema_errors import Mismatch, first_mismatch
from hcfmt.export.schemas import Schema
from hcfmt.server.errors import ApiError
from hcfmt.server.http.multipart import Part, parts
from hcfmt.server.openapi.contract import Operation
from hcfmt.server.openapi.error_messages import MAX_QUOTED, mismatch_error
from hcfmt.server.openapi.parameters import texts_by_name, typed_value
from hcfmt.server.store.values import Upload

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/"

MAX_FIELDS = 1_000  # of a form
MAX_NESTING = 100  # levels of JSON
_MAX_CONTENT_TYPE = 1_000  # characters of a Content-Type; the rest is ignored

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # the only spelling of U+0000 in JSON
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")


def read_body(operation: Operation, content_type: str, data: bytes) -> Any:  # noqa: ANN401 - any JSON value, or an Upload
    """Read the body of a request: return an object, an ``Upload``, or None for an operation without a body.

    An object has the documented properties only, with defaults; nested objects are kept whole. An empty body of any
    type is an empty object, unless a file is required. Raises ApiError(400) for a body that violates the contract.
    """
    content = operation.content
    if not content:
        return None
    content_type = content_type[:_MAX_CONTENT_TYPE]
    header = Message()
    header["Content-Type"] = content_type
    media_type = header.get_content_type()
    if media_type in content and media_type.startswith(MULTIPART):
        return _read_upload(content[media_type], parts(_boundary(header), data))
    if not data and not any(name.startswith(MULTIPART) for name in content):
        return _read_object(next(iter(content.values())), {})
    if media_type not in content:
        raise ApiError(400, f"Invalid content type: {content_type.partition(';')[0].strip()[:MAX_QUOTED] or None}")
    schema = content[media_type]
    value = _read_form(schema, data) if media_type == FORM else _read_json(data, needed=operation.needs_body)
    return _read_object(schema, value)


def _boundary(header: Message) -> str:
    try:
        return header.get_boundary() or ""
    except (LookupError, ValueError):  # RFC 2231 allows any character set
        raise ApiError(400, "Invalid content type: unknown character set of its boundary") from None


def _read_json(data: bytes, *, needed: bool) -> Any:  # noqa: ANN401 - any JSON value
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise ApiError(400, "The request body is not valid JSON") from None
    if not nests_at_most(value, MAX_NESTING):
        raise ApiError(400, f"The request body nests deeper than {MAX_NESTING} levels")
    if _NUL.search(data):
        raise _nul_error()
    is_nothing = value is None or value == []  # the empty array that PHP writes of an empty object
    return {} if is_nothing and not needed else value


def _read_form(schema: Schema, data: bytes) -> dict[str, Any]:
    """Return the documented fields of a form, each of its documented type; see ``parameters.typed_value``."""
    try:
        pairs = parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:  # too many fields, or invalid UTF-8
        raise ApiError(400, "The request body is not a valid form") from None
    if "\0" in "".join(text for pair in pairs for text in pair):
        raise _nul_error()
    properties = schema["properties"]
    return {
        name: typed_value(properties[name], texts) for name, texts in texts_by_name(pairs).items() if name in properties
    }


def _nul_error() -> ApiError:
    return ApiError(400, "The request body contains U+0000")


def _read_object(schema: Schema, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return the documented properties of an object, with defaults; raises ApiError(400) for a mismatch."""
    if mismatch := first_mismatch(schema, value):
        raise mismatch_error(mismatch)
    properties = schema["properties"]
    defaults = {name: node["default"] for name, node in properties.items() if "default" in node}
    return defaults | {name: value[name] for name in properties if name in value}


def _read_upload(schema: Schema, body_parts: list[Part]) -> Upload:
    """Return the file among the parts of a body, with the metadata of the others; raises ApiError(400) without one."""
    file = next((part for part in body_parts if part.name == "file" or part.filename), None)
    if file is None:
        file = next((part for part in body_parts[1:] if not part.name and part.type != JSON), None)
    if file is None:
        raise mismatch_error(Mismatch("required", None, ("file",), None))
    metadata: dict[str, Any] = {}
    for part in body_parts:
        if part is not file:
            metadata |= _read_metadata(part)
    return Upload(
        _file_name(file.filename),
        file.type if _MEDIA_TYPE.fullmatch(file.type) else "application/octet-stream",
        file.data,
        _read_object(schema["properties"]["metadata"], metadata),
    )


def _read_metadata(part: Part) -> dict[str, Any]:
    """Return the metadata of a part that is not the file: a JSON object, or one field of a form."""
    if part.type == JSON or part.name in {"metadata", ""}:
        value = _read_json(part.data or b"{}", needed=True)
        if not isinstance(value, dict):
            raise mismatch_error(Mismatch("type", "object", ("metadata",), value))
        return value
    try:
        text = part.data.decode("utf-8")
    except UnicodeDecodeError:
        raise ApiError(400, "The request body is not valid text") from None
    if "\0" in text:
        raise _nul_error()
    return {part.name: text}


def _file_name(sent: str) -> str:
    """Return a file's name: the last part of a path with slashes or backslashes, without control characters."""
    name = _CONTROL.sub("", re.split(r"[/\\]", sent)[-1]).strip()
    return "file" if name in {"", ".", ".."} else name
