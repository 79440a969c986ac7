"""Pages with the scripts and the data of an export, in Chromium."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from playwright.sync_api import Browser

from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.server.page import documents
from hcfmt.server.page.static_export import message_index, search_index
from hcfmt.server.store import open_store
from tests.support.browsers import chromium
from tests.support.exported_pages import TEXTS, Exported, opened_data
from tests.support.store_exports import members, room, room_message, store_of, user

SMALL: list[tuple[ModuleType, str, int]] = [
    (documents, "CHUNK", 7),
    (message_index, "_TIMES", 16),
    (search_index, "_MEMORY", 20_000),
    (search_index, "_ROW", 4),
    (search_index, "_LIST", 8),
    (search_index, "_SHARD", 100),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def company(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """Give a generated archive, in many small files."""
    folder = tmp_path_factory.mktemp("static")
    generate(str(folder / "a.tar"), planned("tiny", messages=400, locales=("de_DE", "ja_JP")))
    with open_store(str(folder / "a.tar")) as store:
        with pytest.MonkeyPatch.context() as patch:
            for module, name, size in SMALL:
                patch.setattr(module, name, size)
            exported = opened_data(browser, store, folder / "out")
        yield exported
        exported.require_quiet()


@pytest.fixture(scope="module")
def hard(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """Give texts that are hard to write as a script, and to search."""
    history = [("UserMessage", room_message(at, at, message=text)) for at, text in enumerate(TEXTS)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        exported = opened_data(browser, store, tmp_path_factory.mktemp("static") / "out")
        yield exported
        exported.require_quiet()
