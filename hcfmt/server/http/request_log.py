"""What was asked, for assertions in tests: the last requests, without their secrets, in bounded memory."""

import re
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import orjson

from hcfmt.errors import UsageError

MOST_BYTES = 16 << 20  # of all bodies, paths and queries that are kept together
_PAIR = 200  # bytes that a parameter takes besides its text
MOST_BODY = 64 << 10  # bytes of a body that is kept
_DEEPEST = 500  # levels of nesting, at most
HIDDEN = "***"  # stands for a token or a password
_SHOWN = 100  # characters of a client's text that an error repeats
_FILTERS = ("method", "path", "operation", "status", "user")
_NAME = r"(?:(?:auth|access|refresh)?[-_.]?token|password|(?:client|oauth)?[-_.]?secret)(?:\[\])?"  # of a secret
_SECRET = re.compile(rf"\W*{_NAME}\W*", re.IGNORECASE)
# What stands before the @ of a URL, which passwords do that hold an @ themselves, and what its parameters say, also
# where a client encoded too much of it.
_USER = re.compile(r"(:/{2})[^/?#\s]*@")
_PARAMETER = re.compile(rf"((?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])){_NAME}(?:=|%3D))[^&;#\s]+", re.IGNORECASE)
_TELLING = 8  # characters of a token that is looked for wherever it may stand; shorter ones are parts of other words
_PATH = "/:@!$&'()*+,;=~"  # what stands in a path as it is (RFC 3986, 3.3)
_TOKENS = ("oauth", "token")  # where bodies hold passwords, and paths go on with a token


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was answered.

    ``path`` is encoded as it came, without query; ``operation`` an operationId, None where there is none; ``user`` the
    id of the token's owner; ``body`` the JSON value or the text that came, None where that was nothing, longer than 64
    KiB, no text, or has secrets in it; ``size`` the bytes of the body in any case; ``at`` seconds since 1970 UTC.
    """

    method: str
    path: str
    query: Mapping[str, str]
    operation: str | None
    user: int | None
    status: int
    size: int
    body: Any
    at: float

    def as_json(self, number: int) -> dict[str, Any]:
        """Return it as GET /_hcfmt/requests lists it; ``number`` counts all requests from 1."""
        return {
            "number": number,
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "operation": self.operation,
            "user": self.user,
            "status": self.status,
            "size": self.size,
            "body": self.body,
            "at": self.at,
        }


class Asked:
    """The last requests, the oldest first; any thread may use it."""

    def __init__(self, most: int, most_bytes: int = MOST_BYTES) -> None:
        """Remember at most so many requests, and fewer where they have more bytes together."""
        self._most = most
        self._most_bytes = most_bytes
        self._requests: deque[tuple[int, Request, int]] = deque()
        self._bytes = 0
        self._number = 0
        self._lock = threading.Lock()

    def add(self, request: Request) -> None:
        """Remember a request; the oldest is forgotten where there are too many, or too many bytes of them."""
        kept = request.size if request.body is not None else 0
        kept += len(request.path) + sum(_PAIR + len(name) + len(value) for name, value in request.query.items())
        with self._lock:
            self._number += 1
            self._requests.append((self._number, request, kept))
            self._bytes += kept
            while len(self._requests) > self._most or self._bytes > self._most_bytes:
                self._bytes -= self._requests.popleft()[2]

    def listed(self, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return those that match all filters, as text: method, path, operation, status, user.

        Raises UsageError for another filter.
        """
        for name in filters.keys() - set(_FILTERS):
            raise UsageError(f"There is no filter {name[:_SHOWN]!r}; there are {', '.join(_FILTERS)}.")
        with self._lock:
            requests = [request.as_json(number) for number, request, _ in self._requests]
        wanted = [(name, filters[name]) for name in _FILTERS if name in filters]
        return [one for one in requests if all(_text(one[name]) == value for name, value in wanted)]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._requests.clear()
            self._bytes = 0


def shown(
    path: str, pairs: list[tuple[str, str]], data: bytes, tokens: Iterable[str]
) -> tuple[str, dict[str, str], Any]:
    """Return a request's path, query and body as they are remembered and logged: without secrets, by name and by URL.

    ``tokens`` are some that are known: they are found wherever they stand.
    """
    known = {token for token in tokens if len(token) >= _TELLING}
    spelled = {way(token) for token in known for way in (str, quote, quote_plus)}

    def hidden(text: str) -> str:
        for token in spelled:
            text = text.replace(token, HIDDEN)
        return text

    for token in spelled if len(data) <= MOST_BODY else ():  # a longer one is not shown
        data = data.replace(token.encode(), HIDDEN.encode())
    query = {hidden(name): hidden(value) for name, value in shown_query(pairs).items()}
    plain = unquote(path)
    if any(token in plain for token in known):  # however its letters are encoded
        path = quote(plain, safe=_PATH)
    return hidden(shown_path(path)), query, shown_body(path, data)


def shown_path(path: str) -> str:
    """Return a path, or a whole target as a proxy is asked, without what it may hold of tokens, names and passwords."""
    return f"/v2/oauth/token/{HIDDEN}" if _after_tokens(path) else shown_text(path)


def shown_query(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return a query without tokens and passwords; of a name that comes twice the last value."""
    return {shown_text(name): _valued(name, value) for name, value in pairs}


def _valued(name: str, value: str) -> str:
    return HIDDEN if _SECRET.fullmatch(name) and value else shown_text(value)


def shown_text(text: str) -> str:
    """Return a text in which URLs have no names, passwords and tokens."""
    return _PARAMETER.sub(rf"\1{HIDDEN}", _USER.sub(rf"\1{HIDDEN}@", text))


def shown_body(path: str, data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return a body as it is remembered: a JSON value, text, or None (see ``Request``)."""
    if not data or len(data) > MOST_BODY or _after_tokens(path) is not None:
        return None
    if data.count(b"[") + data.count(b"{") < _DEEPEST:  # a value that could not be listed again is listed as text
        with suppress(orjson.JSONDecodeError):
            return _hidden(orjson.loads(data))
    if _PARAMETER.search(unquote_plus(data.decode("latin-1"))):
        return None
    try:
        return shown_text(data.decode())
    except UnicodeDecodeError:
        return None


def _hidden(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value without what stands below the names of secrets, and without those in URLs."""
    if isinstance(value, str):
        return shown_text(value)
    if isinstance(value, list):
        return [_hidden(one) for one in value]
    if isinstance(value, dict):
        return {name: HIDDEN if _SECRET.fullmatch(name) and one else _hidden(one) for name, one in value.items()}
    return value


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _after_tokens(path: str) -> list[str] | None:
    """Return what comes in a path, however it is written, after where tokens are; None where it is another's."""
    parts = [part for part in unquote(path).casefold().split("/") if part]
    ends = [end for end in range(len(_TOKENS), len(parts) + 1) if tuple(parts[end - len(_TOKENS) : end]) == _TOKENS]
    return parts[ends[0] :] if ends else None
