"""Targets of requests: origin and path, in the form of a server's or a proxy's client."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from hcfmt.server.errors import ApiError

_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_ABSOLUTE = re.compile(r"(https?)://([^/?]*)(.*)", re.IGNORECASE | re.DOTALL)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "hipchat.com"})
_OWN_DOMAINS = (".localhost", ".hipchat.com")


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a request: the origin that the client used ("http://host:1234"), and the percent-encoded path."""

    origin: str
    path: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The non-empty parts of the path, each decoded, so that an encoded slash separates nothing."""
        return tuple(unquote(part, errors="replace") for part in self.path.split("/") if part)


def parse_target(scheme: str, host: str | None, local: str, path: str) -> Target:
    """Parse the target of a request.

    ``path`` is the request target without its query; the scheme and host of an absolute one, as sent to a proxy,
    replace ``scheme`` and ``host`` (RFC 9112, 3.2.2). ``local`` is the host and port of the connection, for HTTP/1.0
    without Host. Raises ApiError(400) for a malformed host.
    """
    absolute = _ABSOLUTE.fullmatch(path)
    if absolute:
        scheme, host, path = absolute[1].lower(), absolute[2], absolute[3] or "/"
    host = host or local
    match = _HOST.fullmatch(host)
    if match is None:
        raise ApiError(400, "Invalid Host header")
    if match[2] == _DEFAULT_PORTS[scheme]:
        host = match[1]
    return Target(f"{scheme}://{host}", path)


def own_host(host: str | None, local: str) -> str | None:
    """Return a Host header that names this server, and ``local`` in place of any other; a malformed one unchanged.

    Names of this server are the address of the connection, the names of this machine, and HipChat's, which the proxy
    stands in for, each with any port, as ports may be mapped. Any other name, such as one that an attacker's DNS
    resolves to this machine, would lead clients elsewhere when it appeared in links.
    """
    match, own = _HOST.fullmatch(host or ""), _HOST.fullmatch(local)
    if match is None:
        return host
    name = match[1].casefold().removesuffix(".")
    is_own = name in _OWN_NAMES or name.endswith(_OWN_DOMAINS) or bool(own and own[1].casefold() == name)
    return host if is_own else local
