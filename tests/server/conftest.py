"""Servers of archives that nobody wrote: for a module's tests, each of which finds them as at the start."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hcfmt.pytest_plugin import HipchatArchives, HipchatServer, HipchatServers


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServers]:
    """Start servers, and stop them after the module's last test."""
    with ExitStack() as closing:
        yield HipchatServers(HipchatArchives(tmp_path_factory.mktemp("hipchat")), closing)


@pytest.fixture
def server(started: HipchatServer) -> HipchatServer:
    """Return the server that the module has ``started``, reset."""
    started.reset()
    return started
