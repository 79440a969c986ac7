"""Settings of a server: token, limits, fault injection."""

import ipaddress
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hcfmt.errors import UsageError

_BASE_URL = re.compile(r"https?://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(/[!$&-;=@-Z_a-z~%]*)?", re.ASCII)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_RANDOM_TOKEN_BYTES = 20

CLOUD, SERVER = SERVER_VERSIONS = ("cloud", "server")
"""HipChat's cloud, whose forms are the default, and HipChat Server, some of whose recorded answers differ."""

MIN_PUBLIC_TOKEN = 16
"""Characters that a token needs when other machines can reach the server, and could guess a shorter one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a server.

    ``token`` is the main token, by default a random one. ``base_url`` is the base of links, such as
    ``https://hipchat.example.com``; None uses the scheme and host of each request. ``read_only`` refuses writes.

    ``rate_limit`` is a pair of requests and seconds for each token; None as the requests stands for HipChat's own
    limits. ``flood_limit`` is the number of messages per minute to one room or user. Without a limit the headers are
    sent, but nothing is refused. ``latency`` is in seconds before each response, ``failures`` are pairs of a status and
    the share of requests (0 to 1) that it fails, ``seed`` selects them. ``webhook_hosts`` are host names to which
    webhooks are delivered, besides those of this machine.

    ``server_version`` is one of ``SERVER_VERSIONS``: the HipChat whose forms answers have where the two differ.
    ``deleted_rooms`` answers requests for deleted rooms, which HipChat did not find.

    ``max_body``, ``max_upload`` and ``max_headers`` are bytes of a request, ``max_requests`` is the length of the
    request log, ``max_connections`` the number of open connections, and ``max_connections_of_client`` those of one
    address or /64 network. ``client_timeout`` is in seconds: a client must send a request, and receive a response,
    within it; the time that the server takes does not count.

    Raises UsageError for an invalid value; ``faults.FaultPlan`` validates the failures.
    """

    token: str = field(default_factory=lambda: secrets.token_hex(_RANDOM_TOKEN_BYTES))
    base_url: str | None = None
    read_only: bool = False
    rate_limit: tuple[int | None, float] | None = None
    flood_limit: int | None = None
    latency: float = 0.0
    failures: tuple[tuple[int, float], ...] = ()
    seed: int = 0
    webhook_hosts: frozenset[str] = field(default_factory=frozenset)
    server_version: str = CLOUD
    deleted_rooms: bool = False
    max_body: int = 1 << 20
    max_upload: int = 50 << 20
    max_headers: int = 32 << 10
    max_requests: int = 10_000
    max_connections: int = 500
    max_connections_of_client: int = 250
    client_timeout: float = 30.0

    def __post_init__(self) -> None:
        """Raise UsageError for an invalid value."""
        if not self.token or not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise UsageError("token must be printable ASCII without spaces.")
        if self.base_url is not None and not _is_base_url(self.base_url):
            raise UsageError("base_url must be http:// or https:// with a host, optionally a port and a path.")
        for host in self.webhook_hosts:
            if not _is_host(host):
                raise UsageError(f"{host!r} is not a host: give a name or address without scheme and port.")
        if self.server_version not in SERVER_VERSIONS:
            raise UsageError(f"server_version must be {' or '.join(SERVER_VERSIONS)}.")
        if self.rate_limit is not None and not isinstance(self.rate_limit, tuple):
            raise UsageError("rate_limit must be a pair of requests and seconds, such as (100, 60).")
        requests, seconds = self.rate_limit or (None, 1)
        if (requests is not None and requests < 1) or not seconds > 0:
            raise UsageError("rate_limit must allow at least one request in more than 0 seconds.")
        if self.flood_limit is not None and self.flood_limit < 1:
            raise UsageError("flood_limit must be at least one message per minute.")


def without_brackets(host: str) -> str:
    """Return a host without the brackets of an IPv6 address."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(_BASE_URL.fullmatch(url) and parts.port != 0 and _is_host(parts.hostname or ""))
    except ValueError:  # invalid port or brackets
        return False


def _is_host(host: str) -> bool:
    """Whether a text is a host name or an IP address, of IPv6 with or without brackets."""
    try:
        return bool(_HOST.fullmatch(host)) or bool(ipaddress.ip_address(without_brackets(host)))
    except ValueError:
        return False
