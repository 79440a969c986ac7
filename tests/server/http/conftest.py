"""A server with low limits, and a client for it."""

from collections.abc import Iterator

import httpx
import pytest

from hcfmt.pytest_plugin import HipchatServer
from tests.support.serving import Client, serving


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HipchatServer]:
    with serving(tmp_path_factory.mktemp("served"), max_body=5_000, max_upload=100_000, max_requests=50) as server:
        yield server


@pytest.fixture
def client(server: HipchatServer) -> Iterator[httpx.Client]:
    with Client(base_url=server.api, headers=server.headers) as http_client:
        yield http_client
