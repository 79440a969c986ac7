"""Servers of small archives that nobody wrote, for tests."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from hcfmt.pytest_plugin import HipchatArchives, HipchatServer, HipchatServers

TOKEN = "the-main-token-of-the-tests"

# Requests without TLS: what they would trust is loaded anew for each otherwise, which takes longer than all else.
_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
Client = partial(httpx.Client, verify=_NOBODY, timeout=30, trust_env=False)
request = partial(httpx.request, verify=_NOBODY, timeout=30, trust_env=False)
get, head, post = (partial(request, method) for method in ("GET", "HEAD", "POST"))


@contextmanager
def serving(directory: Path, *, tls: bool = False, **settings: Any) -> Iterator[HipchatServer]:  # noqa: ANN401 - any
    """Serve a tiny archive that is made in a directory; settings are fields of ``hcfmt.server.settings.Settings``."""
    with ExitStack() as closing:
        servers = HipchatServers(HipchatArchives(directory), closing)
        yield servers("tiny", tls=tls, settings={"token": TOKEN, **settings})


def trusting(server: HipchatServer) -> ssl.SSLContext:
    """Return what trusts the certificate of a server, and nobody else's."""
    assert server.certificate
    return ssl.create_default_context(cafile=str(server.certificate))
