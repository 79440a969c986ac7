"""Redaction of tokens and passwords from requests and URLs before they are logged or listed."""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import orjson

MAX_BODY = 64 << 10
"""Bytes of a body above which it is omitted."""

HIDDEN = "***"
"""The replacement for a token or password."""

_MAX_NESTING = 500  # a deeper JSON value could not be rendered again
_MIN_TOKEN = 8  # characters of a token below which it is not searched for: it could be part of any word
_SECRET_NAME = r"(?:(?:auth|access|refresh)?[-_.]?token|password|(?:client|oauth)?[-_.]?secret)(?:\[\])?"  # noqa: S105 - a pattern
_SECRET = re.compile(rf"\W*{_SECRET_NAME}\W*", re.IGNORECASE)
# The user information of a URL up to its last "@", as passwords may contain "@".
_USER_INFO = re.compile(r"(:/{2})[^/?#\s]*@")
# A parameter of a URL, percent-encoded delimiters included.
_PARAMETER = re.compile(
    rf"((?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])){_SECRET_NAME}(?:=|%3D))[^&;#\s]+", re.IGNORECASE
)
_PATH_SAFE = "/:@!$&'()*+,;=~"  # characters of a path that need no encoding (RFC 3986, 3.3)
_TOKEN_PATH = ("oauth", "token")  # its bodies hold passwords, and the next part of its path is a token


def redact_request(
    path: str, pairs: list[tuple[str, str]], data: bytes, tokens: Iterable[str]
) -> tuple[str, dict[str, str], Any]:
    """Redact the path, query and body of a request.

    Secrets are recognized by parameter name, by their position in URLs, and, for the ``tokens`` given, anywhere in any
    percent-encoding. Returns the path, the query as a mapping, and the body as in ``redact_body``.
    """
    tokens = {token for token in tokens if len(token) >= _MIN_TOKEN}
    spellings = {encode(token) for token in tokens for encode in (str, quote, quote_plus)}

    def without_tokens(text: str) -> str:
        for spelling in spellings:
            text = text.replace(spelling, HIDDEN)
        return text

    for spelling in spellings if len(data) <= MAX_BODY else ():
        data = data.replace(spelling.encode(), HIDDEN.encode())
    query = {without_tokens(name): without_tokens(value) for name, value in redact_query(pairs).items()}
    decoded = unquote(path)
    if any(token in decoded for token in tokens):  # also with needlessly encoded letters
        path = quote(decoded, safe=_PATH_SAFE)
    return without_tokens(redact_path(path)), query, redact_body(path, data)


def redact_path(path: str) -> str:
    """Redact a path, or the absolute URL of a proxy request."""
    return f"/v2/oauth/token/{HIDDEN}" if _parts_below_token_path(path) else redact_text(path)


def redact_query(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Redact the parameters of a query; the last value of a repeated name wins."""
    return {redact_text(name): _redact_parameter(name, value) for name, value in pairs}


def _redact_parameter(name: str, value: str) -> str:
    return HIDDEN if _SECRET.fullmatch(name) and value else redact_text(value)


def redact_text(text: str) -> str:
    """Redact user names, passwords and tokens of the URLs in a text."""
    return _PARAMETER.sub(rf"\1{HIDDEN}", _USER_INFO.sub(rf"\1{HIDDEN}@", text))


def redact_body(path: str, data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Redact a body: return a JSON value, text, or None.

    None stands for a body that is empty, longer than ``MAX_BODY``, not UTF-8, or a form that contains secrets.
    """
    if not data or len(data) > MAX_BODY or _parts_below_token_path(path) is not None:
        return None
    if data.count(b"[") + data.count(b"{") < _MAX_NESTING:
        with suppress(orjson.JSONDecodeError):
            return _redact_value(orjson.loads(data))
    if _PARAMETER.search(unquote_plus(data.decode("latin-1"))):
        return None
    try:
        return redact_text(data.decode())
    except UnicodeDecodeError:
        return None


def _redact_value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Redact a JSON value: members with the name of a secret, and URLs."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, list):
        return [_redact_value(item) for item in value]
    if isinstance(value, dict):
        return {
            name: HIDDEN if _SECRET.fullmatch(name) and member else _redact_value(member)
            for name, member in value.items()
        }
    return value


def _parts_below_token_path(path: str) -> list[str] | None:
    """Return the decoded parts of a path after ``oauth/token``; None for any other path."""
    parts = [part for part in unquote(path).casefold().split("/") if part]
    length = len(_TOKEN_PATH)
    ends = [end for end in range(length, len(parts) + 1) if tuple(parts[end - length : end]) == _TOKEN_PATH]
    return parts[ends[0] :] if ends else None
