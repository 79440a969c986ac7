"""Servers of small generated archives, and clients for them."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from hcfmt.pytest_plugin import HipchatArchives, HipchatServer, HipchatServers

TOKEN = "the-main-token-of-the-tests"

# One empty trust store for requests without TLS: loading the default one takes longer than a request.
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
Client = partial(httpx.Client, verify=_NO_CERTIFICATES, timeout=30, trust_env=False)
request = partial(httpx.request, verify=_NO_CERTIFICATES, timeout=30, trust_env=False)
get, head, post = (partial(request, method) for method in ("GET", "HEAD", "POST"))


@contextmanager
def serving(directory: Path, *, tls: bool = False, **settings: Any) -> Iterator[HipchatServer]:  # noqa: ANN401 - any
    """Serve a tiny archive, generated in a directory; settings are fields of ``hcfmt.server.settings.Settings``."""
    with ExitStack() as closing:
        servers = HipchatServers(HipchatArchives(directory), closing)
        yield servers("tiny", tls=tls, settings={"token": TOKEN, **settings})


def trusting(server: HipchatServer) -> ssl.SSLContext:
    """Return a context that trusts only the certificate of a server."""
    assert server.certificate
    return ssl.create_default_context(cafile=str(server.certificate))
