"""Bodies of requests: JSON, forms and files in parts, read as the contract describes them."""

import re
from collections.abc import Mapping
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

import orjson

from hcfmt.export.jsontext import nests_at_most
from hcfmt.export.schema_errors import Mismatch, first_mismatch
from hcfmt.export.schemas import Schema
from hcfmt.server.api.call import Refusal
from hcfmt.server.http.multipart import Part, parts
from hcfmt.server.openapi.error_messages import SHOWN, refusal
from hcfmt.server.store.values import Upload

JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/"

MOST_FIELDS = 1_000  # of a form
DEEPEST = 100  # levels of JSON
_TYPE_LENGTH = 1_000  # characters of a Content-Type that are looked at

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # in JSON text, where it can only be written so
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")


def read_body(content: Mapping[str, Schema], content_type: str, data: bytes, *, needed: bool) -> Any:  # noqa: ANN401 - any JSON value, or an Upload
    """Return a body that an operation takes: an object with the documented properties, or an ``Upload``.

    ``content`` holds the schemas by media type. An empty body is an empty object, of whatever type it says it is,
    unless a file is asked for. Raises Refusal(400) for another media type and for what its schema does not take.
    """
    content_type = content_type[:_TYPE_LENGTH]
    header = Message()
    header["Content-Type"] = content_type
    kind = header.get_content_type()
    if kind in content and kind.startswith(PARTS):
        return _upload(content[kind], parts(_boundary(header), data))
    first, *_ = content.values()
    if not data and not any(one.startswith(PARTS) for one in content):
        return _object(first, {})
    if kind not in content:
        raise Refusal(400, f"Invalid content type: {content_type.partition(';')[0].strip()[:SHOWN] or None}")
    return _object(content[kind], _form(data) if kind == FORM else _json(data, needed=needed))


def _boundary(header: Message) -> str:
    try:
        return header.get_boundary() or ""
    except (LookupError, ValueError):  # RFC 2231 lets a sender name any character set
        raise Refusal(400, "Invalid content type: its boundary is in no known character set") from None


def _json(data: bytes, *, needed: bool) -> Any:  # noqa: ANN401 - any JSON value
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Refusal(400, "The request body is not valid JSON") from None
    if not nests_at_most(value, DEEPEST):
        raise Refusal(400, f"The request body nests deeper than {DEEPEST} levels")
    if _NUL.search(data):
        raise Refusal(400, "The request body holds U+0000, which no text may")
    return {} if value is None and not needed else value


def _form(data: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # too many fields, or no UTF-8
        raise Refusal(400, "The request body is not a valid form") from None
    if "\0" in "".join(text for pair in pairs for text in pair):
        raise Refusal(400, "The request body holds U+0000, which no text may")
    return dict(pairs)


def _object(schema: Schema, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """Return an object's documented properties, with defaults; raises Refusal(400) unless it matches its schema."""
    if wrong := first_mismatch(schema, value):
        raise refusal(wrong)
    known: Mapping[str, Schema] = schema["properties"]
    defaults = {name: inner["default"] for name, inner in known.items() if "default" in inner}
    return defaults | {name: value[name] for name in known if name in value}


def _upload(schema: Schema, found: list[Part]) -> Upload:
    """Return the file among the parts of a body, with what the others tell; raises Refusal(400) where there is none."""
    file = next((part for part in found if part.name == "file" or part.filename), None)
    if file is None:
        file = next((part for part in found[1:] if not part.name and part.type != JSON), None)
    if file is None:
        raise refusal(Mismatch("required", None, ("file",), None))
    told: dict[str, Any] = {}
    for part in found:
        if part is not file:
            told |= _told(part)
    return Upload(
        name=_file_name(file.filename),
        type=file.type if _TYPE.fullmatch(file.type) else "application/octet-stream",
        data=file.data,
        told=_object(schema["properties"]["metadata"], told),
    )


def _told(part: Part) -> dict[str, Any]:
    """Return what a part tells beside the file: JSON, or one field of a form."""
    if part.type == JSON or part.name in {"metadata", ""}:
        value = _json(part.data or b"{}", needed=True)
        if not isinstance(value, dict):
            raise refusal(Mismatch("type", "object", ("metadata",), value))
        return value
    try:
        text = part.data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, "The request body is not valid text") from None
    if "\0" in text:
        raise Refusal(400, "The request body holds U+0000, which no text may")
    return {part.name: text}


def _file_name(told: str) -> str:
    """Return a file's name: what follows the last slash of either kind, without control characters."""
    name = _CONTROL.sub("", re.split(r"[/\\]", told)[-1]).strip()
    return "file" if name in {"", ".", ".."} else name
