"""A server for each module of tests, with an archive that nobody wrote."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hcfmt.pytest_plugin import HipchatArchives, HipchatServers


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServers]:
    """Start servers, and stop them after the module's last test."""
    with ExitStack() as closing:
        yield HipchatServers(HipchatArchives(tmp_path_factory.mktemp("hipchat")), closing)
