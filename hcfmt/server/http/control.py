"""Endpoints below /_hcfmt, with which tests control the server: requests, deliveries, faults, reset, export."""

import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hcfmt.container import SALT, compress, encrypt
from hcfmt.errors import UsageError
from hcfmt.export.writer import ArchiveForm, tar_chunks
from hcfmt.server.errors import ApiError, MethodNotAllowedError
from hcfmt.server.http.faults import plan_to_json
from hcfmt.server.http.request import RequestContext
from hcfmt.server.http.responses import operation_response
from hcfmt.server.http.state import ServerState
from hcfmt.server.operations.call import ApiResponse
from hcfmt.suggestions import unknown_name

MAX_WAIT = 30.0  # seconds
_CHUNK = 1 << 18  # bytes of an archive that are sent at once
_MEDIA_TYPES = {
    ArchiveForm.GZIP: "application/gzip",
    ArchiveForm.TAR: "application/x-tar",
    ArchiveForm.ENCRYPTED: "application/octet-stream",
}

_Action = Callable[[ServerState, Mapping[str, str], bytes], ApiResponse]


class ControlEndpoint:
    """Handler of requests below /_hcfmt; they need the main token as a Bearer token."""

    def __init__(self, state: ServerState) -> None:
        """Create the endpoint of a server."""
        self._state = state

    async def __call__(self, context: RequestContext) -> Response:
        """Respond to a request; raises ApiError(401) for any other token, before the body is received."""
        token = self._state.settings.token
        if not hmac.compare_digest(context.bearer.encode("utf-8", "replace"), token.encode()):
            raise ApiError(401, "This endpoint requires the server's main token as a Bearer token")
        action = _find(context.request.method, context.parts[1:])
        async with self._state.bodies.receive(context):
            query = dict(context.pairs)
            return operation_response(await run_in_threadpool(action, self._state, query, context.body))


def _find(method: str, parts: Sequence[str]) -> _Action:
    """Return the action of a method and path; raises ApiError(404) or MethodNotAllowedError."""
    actions = {verb: action for (verb, name), action in _ACTIONS.items() if (name,) == tuple(parts)}
    if not actions:
        names = sorted({name for _, name in _ACTIONS})
        raise ApiError(404, f"No such endpoint; endpoints below /_hcfmt: {', '.join(names)}")
    action = actions.get("GET" if method == "HEAD" else method)
    if action is None:
        raise MethodNotAllowedError(actions)
    return action


def _list_requests(state: ServerState, query: Mapping[str, str], _: bytes) -> ApiResponse:
    try:
        return ApiResponse(body={"items": state.request_log.find(query)})
    except UsageError as error:
        raise ApiError(400, str(error)) from None


def _clear_requests(state: ServerState, _: Mapping[str, str], __: bytes) -> ApiResponse:
    state.request_log.clear()
    return ApiResponse(204)


def _list_deliveries(state: ServerState, query: Mapping[str, str], _: bytes) -> ApiResponse:
    return ApiResponse(body=state.webhooks.deliveries(_wait(query)))


def _clear_deliveries(state: ServerState, _: Mapping[str, str], __: bytes) -> ApiResponse:
    state.webhooks.clear()
    return ApiResponse(204)


def _get_faults(state: ServerState, _: Mapping[str, str], __: bytes) -> ApiResponse:
    return ApiResponse(body=plan_to_json(state.faults.plan))


def _change_faults(state: ServerState, _: Mapping[str, str], body: bytes) -> ApiResponse:
    try:
        return ApiResponse(body=plan_to_json(state.faults.update(_json_object(body))))
    except UsageError as error:
        raise ApiError(400, str(error)) from None


def _reset(state: ServerState, _: Mapping[str, str], __: bytes) -> ApiResponse:
    state.reset()
    return ApiResponse(204)


def _export(state: ServerState, query: Mapping[str, str], body: bytes) -> ApiResponse:
    password = _json_object(body).get("password") if body else None
    requested = query.get("form", ArchiveForm.GZIP if password is None else ArchiveForm.ENCRYPTED)
    form = next((form for form in _MEDIA_TYPES if requested in {form, form.removeprefix(".")}), None)
    if form is None:
        raise ApiError(400, unknown_name("form", requested, _MEDIA_TYPES))
    if (form is ArchiveForm.ENCRYPTED) != (isinstance(password, str) and password != ""):
        raise ApiError(
            400, f'Form {ArchiveForm.ENCRYPTED} requires the body {{"password": "..."}}; other forms take no body'
        )
    chunks = tar_chunks(state.store.export())
    if form is not ArchiveForm.TAR:
        chunks = compress(chunks)
    if form is ArchiveForm.ENCRYPTED:
        chunks = encrypt(chunks, str(password).encode(), "md5", salt=secrets.token_bytes(SALT))
    headers = {"Content-Type": _MEDIA_TYPES[form], "Content-Disposition": f'attachment; filename="export{form}"'}
    return ApiResponse(headers=headers, chunks=_merge_chunks(chunks))


_ACTIONS: Mapping[tuple[str, str], _Action] = {
    ("GET", "requests"): _list_requests,
    ("DELETE", "requests"): _clear_requests,
    ("GET", "deliveries"): _list_deliveries,
    ("DELETE", "deliveries"): _clear_deliveries,
    ("GET", "faults"): _get_faults,
    ("POST", "faults"): _change_faults,
    ("POST", "reset"): _reset,
    ("POST", "export"): _export,
}


def _wait(query: Mapping[str, str]) -> float:
    try:
        wait = float(query.get("wait", "0"))
    except ValueError:
        wait = -1
    if not 0 <= wait <= MAX_WAIT:
        raise ApiError(400, f"wait must be 0 to {MAX_WAIT:.0f} seconds")
    return wait


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise ApiError(400, "The body must be a JSON object")
    return value


def _merge_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in larger chunks, as each costs a turn of a thread."""
    pending: list[bytes] = []
    size = 0
    for chunk in chunks:
        pending.append(chunk)
        size += len(chunk)
        if size >= _CHUNK:
            yield b"".join(pending)
            pending, size = [], 0
    yield b"".join(pending)
