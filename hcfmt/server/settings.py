"""How a server behaves: what it demands, answers at most, and does wrong on purpose."""

import ipaddress
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hcfmt.errors import UsageError

_BASE = re.compile(r"https?://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(/[!$&-;=@-Z_a-z~%]*)?", re.ASCII)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
RANDOM_TOKEN_BYTES = 20
SHORTEST = 16  # characters of a token that others than this machine's programs may try to guess


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server is started with.

    ``token`` is the main token. ``base_url`` is what links begin with, such as ``https://hipchat.example.com``; None:
    as the client reached the server, by one of its own names or addresses or of HipChat's, or as a proxy.
    ``rate_limit`` is so many requests of one token in so many seconds, None requests as many as HipChat answered a
    token of that kind; ``flood_limit`` so many messages a minute to one room or person; None for either: the headers
    are there, but nothing is refused. ``latency`` is seconds before each answer, ``failures`` are statuses and the
    share of requests (0 to 1) that get them, ``seed`` decides which. ``webhook_hosts`` are names of hosts, besides
    those of this machine, to which webhooks are delivered.

    The limits: ``max_body``, ``max_upload`` and ``max_headers`` are bytes of a request, ``max_requests`` is how many
    requests are remembered, ``max_connections`` how many are open at once, ``max_connections_of_client``
    how many of them are from one address or network of 64 bits, ``patience`` the seconds in which a request has to
    arrive, besides those that the server takes meanwhile, and a client to take what it was sent.
    """

    token: str = field(default_factory=lambda: secrets.token_hex(RANDOM_TOKEN_BYTES))
    base_url: str | None = None
    read_only: bool = False
    rate_limit: tuple[int | None, float] | None = None
    flood_limit: int | None = None
    latency: float = 0.0
    failures: tuple[tuple[int, float], ...] = ()
    seed: int = 0
    webhook_hosts: frozenset[str] = field(default_factory=frozenset)
    max_body: int = 1 << 20
    max_upload: int = 50 << 20
    max_headers: int = 32 << 10
    max_requests: int = 10_000
    max_connections: int = 500
    max_connections_of_client: int = 250
    patience: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what cannot be served; the failures are looked at by ``faults.Faults``."""
        if not self.token or not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise UsageError("A token is printable ASCII without spaces.")
        if self.base_url is not None and not _is_base(self.base_url):
            raise UsageError("A base URL is http:// or https://, a host, perhaps a port and a path, and no more.")
        for host in self.webhook_hosts:
            if not _is_host(host):
                raise UsageError(f"{host!r} is no host: give a name or an address alone, without scheme and port.")
        if self.rate_limit is not None and not isinstance(self.rate_limit, tuple):
            raise UsageError("A rate limit is a pair such as (100, 60), requests and seconds.")
        requests, seconds = self.rate_limit or (None, 1)
        if (requests is not None and requests < 1) or not seconds > 0:
            raise UsageError("A rate limit is at least one request in some time.")
        if self.flood_limit is not None and self.flood_limit < 1:
            raise UsageError("A flood limit is at least one message a minute.")


def bare(host: str) -> str:
    """Return a host without the brackets that an address of IP's sixth version may stand in."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(_BASE.fullmatch(url) and parts.port != 0 and _is_host(parts.hostname or ""))
    except ValueError:  # of a port, or between brackets
        return False


def _is_host(host: str) -> bool:
    """Whether it is a name or an address, of IP's sixth version with or without brackets."""
    try:
        return bool(_HOST.fullmatch(host)) or bool(ipaddress.ip_address(bare(host)))
    except ValueError:
        return False
