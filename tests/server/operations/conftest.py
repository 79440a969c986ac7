"""Stores of a small archive, reset before each test, and of a nasty one, which is only read."""

from collections.abc import Iterator

import pytest

from hcfmt.generation.generate import generate
from hcfmt.generation.plan import Plan
from hcfmt.server.api import tokens
from hcfmt.server.store import Store, open_store
from tests.support.api import MAIN, Api

SMALL = Plan(
    users=12,
    guests=1,
    deleted_users=1,
    rooms=7,
    private_rooms=2,
    archived_rooms=1,
    deleted_rooms=1,
    messages=700,
    private_share=0.3,
    notification_share=0.1,
    attachments=8,
    attachment_bytes=120_000,
    emoticons=3,
    seed=5,
)
NASTY = Plan(messages=400, attachments=6, attachment_bytes=90_000, seed=6, nasty=True)


def _store(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Store:
    path = str(tmp_path_factory.mktemp("archive") / "export.tar")
    generate(path, plan)
    store = open_store(path)
    assert not store.omissions
    return store


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a writable store; ``api`` resets it."""
    with _store(tmp_path_factory, SMALL) as store:
        yield store


@pytest.fixture
def api(small: Store) -> Api:
    """Return a client with the main token for a store in its initial state."""
    small.reset()
    tokens.put_main_token(small, MAIN)
    return Api(small)


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a client with the main token for a store that is only read."""
    with _store(tmp_path_factory, NASTY) as store:
        tokens.put_main_token(store, MAIN)
        yield Api(store)
