"""Which operation a request means: its target and host taken apart, its still encoded path matched with templates."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from hcfmt.server.api.call import Refusal

if TYPE_CHECKING:
    from hcfmt.server.openapi.contract import Operation

_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_ABSOLUTE = re.compile(r"(https?)://([^/?]*)(.*)", re.IGNORECASE | re.DOTALL)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "hipchat.com"})
_BELOW = (".localhost", ".hipchat.com")


@dataclass(frozen=True, slots=True)
class Target:
    """What a request asks for: the origin as the client reached it ("http://host:1234"), and a path, still encoded."""

    origin: str
    path: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's parts, decoded one by one, so that an encoded slash divides nothing; without empty ones."""
        return tuple(unquote(part, errors="replace") for part in self.path.split("/") if part)


def target(scheme: str, host: str | None, local: str, path: str) -> Target:
    """Return what a request asks for.

    ``path`` is the request's target without its query; in the absolute form, as a proxy is asked, its own scheme and
    host take the place of the connection's and of the Host header (RFC 9112, 3.2.2). ``local`` is the host and port
    that were connected to, for HTTP/1.0 without Host. Raises Refusal(400) for a host that is none.
    """
    absolute = _ABSOLUTE.fullmatch(path)
    if absolute:
        scheme, host, path = absolute[1].lower(), absolute[2], absolute[3] or "/"
    host = host or local
    match = _HOST.fullmatch(host)
    if match is None:
        raise Refusal(400, "The Host header is no host and port.")
    if match[2] == _DEFAULT_PORTS[scheme]:
        host = match[1]
    return Target(f"{scheme}://{host}", path)


def own_host(host: str | None, local: str) -> str | None:
    """Return a Host header where it names this server, and where the client connected to in place of another.

    The server's names are the address that was connected to, those of this machine, and HipChat's own, which the proxy
    stands for; the port is the client's, as it may have been mapped. A name that somebody else chose, such as one that
    was made to lead here, would stand in links and so lead elsewhere. What is no host stays as it is.
    """
    match, own = _HOST.fullmatch(host or ""), _HOST.fullmatch(local)
    if match is None:
        return host
    name = match[1].casefold().removesuffix(".")
    is_own = name in _NAMES or name.endswith(_BELOW) or bool(own and own[1].casefold() == name)
    return host if is_own else local


@dataclass(slots=True)
class _Node:
    """A place in the tree of templates: what is below it by literal part, below any part, and what is here."""

    literal: "dict[str, _Node]" = field(default_factory=dict)
    parameter: "_Node | None" = None
    here: "dict[str, tuple[Operation, tuple[str, ...]]]" = field(default_factory=dict)  # by method


class Routes:
    """The operations of the contract as a tree of their paths' parts; a literal part goes before a parameter."""

    def __init__(self, operations: "Iterable[Operation]") -> None:
        """Build the tree; two operations of one method and path are a fault of the contract, and ValueError."""
        self._root = _Node()
        for operation in operations:
            node, names = self._root, []
            for part in filter(None, operation.path.split("/")):
                if part.startswith("{"):
                    names.append(part[1:-1])
                    node.parameter = node = node.parameter or _Node()
                else:
                    node = node.literal.setdefault(part, _Node())
            if operation.method in node.here:
                raise ValueError(f"{operation.id} stands where {node.here[operation.method][0].id} does")
            node.here[operation.method] = (operation, tuple(names))

    def find(self, method: str, parts: tuple[str, ...]) -> "tuple[Operation, Mapping[str, str]]":
        """Return the operation of a method and a path's parts below /v2, and the path's parameters.

        HEAD is GET. Raises Refusal(404) where nothing is, Refusal(405) where another method is; the methods that are
        stand in the refusal's ``allow``.
        """
        ways = [way for way in _ways(self._root, parts, ()) if way[0].here]
        wanted = "GET" if method == "HEAD" else method
        for node, values in ways:
            if wanted in node.here:
                operation, names = node.here[wanted]
                return operation, dict(zip(names, values, strict=True))
        if not ways:
            raise Refusal(404, "There is no such method.")
        raise NotAllowed({name for node, _ in ways for name in node.here})


class NotAllowed(Refusal):
    """There is something, but not for this method; ``allow`` lists the methods that there are."""

    def __init__(self, methods: Iterable[str]) -> None:
        """Refuse with the methods that there are."""
        super().__init__(405, "The method is not allowed here.")
        there = set(methods)
        self.allow = ", ".join(sorted(there | ({"HEAD"} if "GET" in there else set())))


def _ways(node: _Node, parts: tuple[str, ...], values: tuple[str, ...]) -> list[tuple[_Node, tuple[str, ...]]]:
    """Return the places that a path leads to, the most literal first; the templates' depth bounds it."""
    if not parts:
        return [(node, values)]
    first, rest = parts[0], parts[1:]
    ways = _ways(node.literal[first], rest, values) if first in node.literal else []
    if node.parameter:
        ways += _ways(node.parameter, rest, (*values, first))
    return ways
