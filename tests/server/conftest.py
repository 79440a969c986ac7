"""Generated archives, and servers of them, shared by the tests of a module and reset before each."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.pytest_plugin import HipchatArchives, HipchatServer, HipchatServers
from tests.support.store_exports import Archive, secret


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


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return a function that gives the path of the tiny company's archive in a form, "" for a directory."""
    directory, generated = tmp_path_factory.mktemp("archives"), set[Path]()

    def give(form: str = ".tar.gz", **changes: int) -> str:
        path = directory / f"{'-'.join(map(str, changes.values()))}x{form}"
        if path not in generated:
            generate(str(path), planned("tiny", **changes), password=secret if form.endswith(".aes") else None)
            generated.add(path)
        return str(path)

    return give
