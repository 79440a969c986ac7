"""Servers of generated archives, shared by the tests of a module and reset before each."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hcfmt.pytest_plugin import HipchatArchives, HipchatServer, HipchatServers


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServers]:
    """Return a factory of servers, which stop after the module's last test."""
    with ExitStack() as closing:
        yield HipchatServers(HipchatArchives(tmp_path_factory.mktemp("hipchat")), closing)


@pytest.fixture
def server(started: HipchatServer) -> HipchatServer:
    """Return the server of the module's fixture ``started``, reset."""
    started.reset()
    return started
