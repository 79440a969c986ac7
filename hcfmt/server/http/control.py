"""What a test asks of the server itself, below /_hcfmt: what was asked and delivered, faults, a reset, an export."""

import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from hcfmt.container import SALT, compress, encrypt
from hcfmt.errors import UsageError
from hcfmt.export.writer import ArchiveForm, tar_chunks
from hcfmt.server.api.call import Answer, Refusal
from hcfmt.server.http.faults import described
from hcfmt.server.openapi.routing import NotAllowed

if TYPE_CHECKING:
    from hcfmt.server.http.app import Front

Act = Callable[["Front", Mapping[str, str], bytes], Answer]
LONGEST_WAIT = 30.0  # seconds
_PIECE = 1 << 18  # bytes of an archive that are sent at once
_TYPES = {
    ArchiveForm.GZIP: "application/gzip",
    ArchiveForm.TAR: "application/x-tar",
    ArchiveForm.ENCRYPTED: "application/octet-stream",
}


def check(given: str, token: str) -> None:
    """Raise Refusal(401) unless the token that a client gave is the main one; compared in constant time."""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        raise Refusal(401, "The server's main token is needed here, as a Bearer token.")


def find(method: str, parts: Sequence[str]) -> Act:
    """Return what a request asks for; raises Refusal(404) or Refusal(405)."""
    acts = {there: act for (there, name), act in _ACTS.items() if (name,) == tuple(parts)}
    if not acts:
        raise Refusal(404, f"There are {', '.join(sorted({name for _, name in _ACTS}))} below /_hcfmt.")
    act = acts.get("GET" if method == "HEAD" else method)
    if act is None:
        raise NotAllowed(acts)
    return act


def _requests(front: "Front", query: Mapping[str, str], _: bytes) -> Answer:
    try:
        return Answer(body={"items": front.asked.listed(query)})
    except UsageError as error:
        raise Refusal(400, str(error)) from None


def _forget_requests(front: "Front", _: Mapping[str, str], __: bytes) -> Answer:
    front.asked.clear()
    return Answer(204)


def _deliveries(front: "Front", query: Mapping[str, str], _: bytes) -> Answer:
    return Answer(body=front.hooks.deliveries(_wait(query)))


def _forget_deliveries(front: "Front", _: Mapping[str, str], __: bytes) -> Answer:
    front.hooks.clear()
    return Answer(204)


def _faults(front: "Front", _: Mapping[str, str], __: bytes) -> Answer:
    return Answer(body=described(front.faults.plan))


def _change_faults(front: "Front", _: Mapping[str, str], body: bytes) -> Answer:
    try:
        return Answer(body=described(front.faults.update(_object(body))))
    except UsageError as error:
        raise Refusal(400, str(error)) from None


def _reset(front: "Front", _: Mapping[str, str], __: bytes) -> Answer:
    front.reset()
    return Answer(204)


def _export(front: "Front", query: Mapping[str, str], body: bytes) -> Answer:
    password = _object(body).get("password") if body else None
    wanted = query.get("form", ArchiveForm.GZIP if password is None else ArchiveForm.ENCRYPTED)
    form = next((one for one in _TYPES if wanted in {one, one.removeprefix(".")}), None)
    if form is None:
        raise Refusal(400, f"There is no form {wanted!r}; there are {', '.join(_TYPES)}.")
    if (form is ArchiveForm.ENCRYPTED) != (isinstance(password, str) and password != ""):
        raise Refusal(400, 'A sealed archive needs {"password": "..."} as the body; others have none.')
    chunks = tar_chunks(front.store.export())
    if form is not ArchiveForm.TAR:
        chunks = compress(chunks)
    if form is ArchiveForm.ENCRYPTED:
        chunks = encrypt(chunks, str(password).encode(), "md5", salt=secrets.token_bytes(SALT))
    headers = {"Content-Type": _TYPES[form], "Content-Disposition": f'attachment; filename="export{form}"'}
    return Answer(headers=headers, chunks=_gathered(chunks))


_ACTS: Mapping[tuple[str, str], Act] = {
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget_requests,
    ("GET", "deliveries"): _deliveries,
    ("DELETE", "deliveries"): _forget_deliveries,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _change_faults,
    ("POST", "reset"): _reset,
    ("POST", "export"): _export,
}


def _wait(query: Mapping[str, str]) -> float:
    try:
        wait = float(query.get("wait", "0"))
    except ValueError:
        wait = -1
    if not 0 <= wait <= LONGEST_WAIT:
        raise Refusal(400, f"wait is 0 to {LONGEST_WAIT:.0f} seconds.")
    return wait


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise Refusal(400, "The body is no JSON object.")
    return value


def _gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in larger pieces: each costs a turn of a thread."""
    held, size = [], 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
