"""The scripts of a page without a server read from its files, in Chromium, what the page of a server is answered."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Error

from hcfmt.generation.generate import generate
from hcfmt.generation.plan import planned
from hcfmt.server.page import documents
from hcfmt.server.page.search import search
from hcfmt.server.page.search_text import search_text
from hcfmt.server.page.static_export import export_static, message_index, search_index
from hcfmt.server.store import Store, open_store
from hcfmt.server.store.search_words import words
from tests.support.browsers import OpenPage, chromium
from tests.support.queries import is_found
from tests.support.store_exports import members, room, room_message, store_of, user, uuid

SCRIPTS = "".join(f'<script src="page/{name}.js"></script>' for name in ("data_files", "search_words", "source_files"))
PAGE = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Test</title>{SCRIPTS}</head></html>'
SMALL: list[tuple[ModuleType, str, int]] = [
    (documents, "CHUNK", 7),
    (message_index, "_TIMES", 16),
    (search_index, "_MEMORY", 20_000),
    (search_index, "_ROW", 4),
    (search_index, "_LIST", 8),
    (search_index, "_SHARD", 100),
]
TEXTS = [
    "</script><script>document.title = 'ran'</script>",
    "line\u2028separator\u2029<!-- __proto__",
    "Crème brûlée in the STRASSE, e-mail to Παύλος",
    "東京へ行く。 안녕하세요",
    "one two three two one",
    "one three two",
    "x" * 40 + "a",
    "x" * 40 + "b",
    "हिन्दी में 12,5 \U0001f600\U0001f600 and then the end",
    "https://example.com/deploy/now?x=1",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@dataclass
class Exported:
    """A store, and a page with the scripts and data of its export."""

    store: Store
    opened: OpenPage

    def call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON value
        """Return the result of a method of the source."""
        script = "([method, ...parameters]) => hcfmt.source[method](...parameters)"
        return self.opened.page.evaluate(script, [method, *arguments])


def _opened(browser: Browser, store: Store, directory: Path) -> Exported:
    export_static(store, "a.tar", directory, {"state": "not checked", "reason": "for a test"})
    (directory / "test.html").write_text(PAGE, "utf-8")
    return Exported(store, OpenPage(browser, directory / "test.html"))


@pytest.fixture(scope="module")
def company(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """Give a generated archive, in many small files."""
    folder = tmp_path_factory.mktemp("static")
    generate(str(folder / "a.tar"), planned("tiny", messages=400, locales=("de_DE", "ja_JP")))
    with open_store(str(folder / "a.tar")) as store:
        with pytest.MonkeyPatch.context() as patch:
            for module, name, size in SMALL:
                patch.setattr(module, name, size)
            exported = _opened(browser, store, folder / "out")
        yield exported


@pytest.fixture(scope="module")
def hard(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """Give texts that are hard to write as a script, and to search."""
    history = [("UserMessage", room_message(at, at, message=text)) for at, text in enumerate(TEXTS)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        yield _opened(browser, store, tmp_path_factory.mktemp("static") / "out")


@pytest.fixture(autouse=True)
def _without_complaints(company: Exported, hard: Exported) -> Iterator[None]:
    """Have no test cause an error in the browser, or a request that leaves the directory."""
    yield
    for exported in (company, hard):
        assert exported.opened.complaints == []
        assert all(request.startswith("file:") for request in exported.opened.requests)


def _chats(exported: Exported) -> list[dict[str, Any]]:
    chats: list[dict[str, Any]] = documents.overview(exported.store, "")["chats"]
    return [chat for chat in chats if chat["count"]]


def _messages(exported: Exported, key: str) -> list[dict[str, Any]]:
    return documents.messages(exported.store, key, 0, 500)


def test_the_overview_and_the_findings_are_read(company: Exported) -> None:
    overview = company.call("overview")
    assert (overview["name"], overview["searchable"], overview["chunk"]) == ("a.tar", True, 7)
    assert company.call("findings") == {"state": "not checked", "reason": "for a test"}


def test_messages_are_those_of_a_server(company: Exported) -> None:
    for chat in _chats(company):
        key, last = chat["key"], chat["count"] - 1
        for first, count in ((0, 500), (-3, 5), (5, 4), (last, 9), (last + 1, 1), (10**9, 1), (3, 0)):
            expected = documents.messages(company.store, key, first, count)
            assert company.call("messages", key, first, count) == expected
    assert company.call("messages", "room-5", 0, 10) == []


def test_times_lead_to_the_messages_that_a_server_gives(company: Exported) -> None:
    for chat in _chats(company):
        times = [message["time"] for message in _messages(company, chat["key"])]
        for time in {0, *times[::5], times[0] - 1, times[-1], times[-1] + 1, (times[0] + times[-1]) // 2}:
            assert company.call("at", chat["key"], time) == documents.at(company.store, chat["key"], time)["i"]
    assert company.call("at", "room-5", 0) is None


def test_ids_lead_to_messages(company: Exported) -> None:
    for chat in _chats(company):
        for message in _messages(company, chat["key"])[::9]:
            assert company.call("place", chat["key"], message["id"].upper()) == message["i"]
    for unknown in (uuid(1), "", "no id", "#"):
        assert company.call("place", _chats(company)[0]["key"], unknown) is None


def _search(exported: Exported, query: str, key: str | None) -> list[dict[str, Any]]:
    """Return the hits of all pages of a search."""
    hits, cursor = [], None
    while True:
        page = exported.call("search", query, key, cursor)
        hits += page["hits"]
        assert page["total"] >= len(hits)
        cursor = page["next"]
        if cursor is None:
            assert page["total"] == len(hits) or not page["is_total_exact"]
            return hits


def _expected(exported: Exported, query: str, key: str | None) -> list[tuple[str, int]]:
    """Return chat and index of all messages that a query finds, the newest first."""
    found = []
    for number, chat in enumerate(_chats(exported)):
        if key in {None, chat["key"]}:
            messages = _messages(exported, chat["key"])
            found += [
                (-message["time"], -number, -message["i"], chat["key"])
                for message in messages
                if is_found(query, words(search_text(message)))
            ]
    return [(chat_key, -rank) for _, _, rank, chat_key in sorted(found)]


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_search_finds_what_a_comparison_with_every_message_finds(company: Exported, data: st.DataObject) -> None:
    chat = data.draw(st.sampled_from(_chats(company)))
    text = data.draw(st.sampled_from([search_text(message) for message in _messages(company, chat["key"])]))
    terms = data.draw(st.lists(st.sampled_from([*words(text).split(), "the"]), min_size=1, max_size=3))
    cut = data.draw(st.integers(0, 3))
    last = terms[-1][:-cut] if cut else terms[-1]
    query = " ".join([*terms[:-1], last])
    query = data.draw(st.sampled_from([query, query + " ", f'"{query}"', f'"{query}" {last}', "-".join(terms)]))
    key = data.draw(st.sampled_from([None, chat["key"]]))
    hits = _search(company, query, key)
    assert [(hit["chat"], hit["i"]) for hit in hits] == _expected(company, query, key)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("creme", [2]),
        ("BRÛLÉE strass", [2]),
        ("mail", [2]),
        ("e-mail", [2]),
        ("mail-e", []),
        ("παυλοσ", [2]),
        ("京へ", [3]),
        ("東へ", []),
        ("녕하", [3]),
        ("one two", [5, 4]),
        ('"one two"', [4]),
        ('"two one"', [4]),
        ('"two o"', []),
        ('"one', [5, 4]),
        ("tw", [5, 4]),
        ("tw ", []),
        ("x" * 40, [7, 6]),
        ("x" * 40 + "a", [6]),
        ("x" * 40 + " ", []),
        ("x" * 32 + " ", []),
        ("हिन्दी", [8]),
        ("12 5", [8]),
        ("script title", [0]),
        ("__proto__", [1]),
        ("example.com/deploy", [9]),
        ("#0009", []),
        ("", []),
        ('"" - ?', []),
        ("zebra", []),
    ],
)
def test_queries_find(hard: Exported, query: str, found: list[int]) -> None:
    hits = _search(hard, query, None)
    assert [hit["i"] for hit in hits] == found == [rank for _, rank in _expected(hard, query, None)]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("brulee", ["brûlée"]),
        ("京へ", ["京へ"]),
        ('"two one"', ["two one"]),
        ("two on", ["one", "two", "two", "one"]),
        ("en", ["end"]),
        ("हिन्दी", ["हिन्दी"]),
    ],
)
def test_marks_are_counted_in_characters(hard: Exported, query: str, marked: list[str]) -> None:
    hit = _search(hard, query, None)[-1]
    assert [hit["text"][begin:end] for begin, end in hit["marks"]] == marked


def test_a_hit_far_behind_the_beginning_is_shown_with_what_is_around_it(browser: Browser, tmp_path: Path) -> None:
    history = [("UserMessage", room_message(1, message=f"{'no ' * 100}yes{' no' * 100}"))]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        exported = _opened(browser, store, tmp_path / "out")
        (hit,) = _search(exported, "yes", None)
        exported.opened.close()
    (begin, end), text = hit["marks"][0], hit["text"]
    assert (text[begin:end], text[0], text[-1]) == ("yes", "…", "…")
    assert len(text) < 300


def test_a_search_reads_a_limited_number_of_messages_at_once(browser: Browser, tmp_path: Path) -> None:
    texts = ["a b", *["b a"] * 1_100, "b a"]
    history = [("UserMessage", room_message(at, at, message=text)) for at, text in enumerate(texts)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        exported = _opened(browser, store, tmp_path / "out")
        page = exported.call("search", '"a b"', None, None)
        assert page == {"hits": [], "next": 1_000, "total": 1_102, "is_total_exact": False}
        assert [hit["i"] for hit in _search(exported, '"a b"', None)] == [0]
        exported.opened.close()


def test_more_files_than_are_kept_are_read_at_once(hard: Exported) -> None:
    script = """async () => {
      const first = hcfmt.data.load("messages/room-7/0");
      for (let at = 0; at < 300; at += 1) hcfmt.data.load(`missing/${at}`).catch(() => null);
      const again = hcfmt.data.load("messages/room-7/0");
      return (await Promise.all([first, again])).map((messages) => messages.length);
    }"""
    assert hard.opened.page.evaluate(script) == [len(TEXTS)] * 2
    hard.opened.page.wait_for_function("() => !document.querySelector('head script[src^=\"data/missing/\"]')")
    complaints = [text for text in hard.opened.complaints if "ERR_FILE_NOT_FOUND" not in text]
    hard.opened.complaints[:] = complaints


def test_texts_are_read_as_they_were_written(hard: Exported) -> None:
    assert hard.call("messages", "room-7", 0, 10) == _messages(hard, "room-7")
    assert hard.opened.page.title() == "Test"


@pytest.mark.slow
def test_every_character_is_the_same_word_to_both_languages(hard: Exported) -> None:
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = [f"a{text}b" for text in characters if unicodedata.category(text) not in {"Cn", "Co"}]
    script = "texts => texts.map((text) => hcfmt.search.words(text).map(({ word }) => word).join(' '))"
    found = hard.opened.page.evaluate(script, texts)
    assert [text for text, word in zip(texts, found, strict=True) if word != words(text).strip()] == []


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "is missing"),
    "cut": (lambda file: file.write_text('hcfmtData("messages/room-7/0",['), "is damaged"),
    "another file": (lambda file: file.write_text('hcfmtData("x",[]);'), "is damaged"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_cannot_be_read_is_named(browser: Browser, tmp_path: Path, damage: str) -> None:
    change, sentence = DAMAGES[damage]
    history = [("UserMessage", room_message(1))]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        exported = _opened(browser, store, tmp_path / "out")
    change(tmp_path / "out" / "data" / "messages" / "room-7" / "0.js")
    for _ in range(2):
        with pytest.raises(Error, match=f"data/messages/room-7/0.js of this archive {sentence}"):
            exported.call("messages", "room-7", 0, 1)
    exported.opened.close()


def _served(exported: Exported, query: str) -> list[dict[str, Any]]:
    """Return the hits that a server finds."""
    hits, before = [], None
    while True:
        page = search(exported.store, query, before=before)
        hits += page["hits"]
        before = page["next"]
        if before is None:
            return hits


def _compared(exported: Exported, query: str) -> list[dict[str, Any]]:
    """Return the hits of a search, after a comparison with those of a server."""
    hits = [{**hit, "marks": [tuple(mark) for mark in hit["marks"]]} for hit in _search(exported, query, None)]
    assert hits == _served(exported, query)
    return hits


@pytest.mark.parametrize("query", ["the", "a", "i th", "die", "です", "ht", "2", '"in the"'])
def test_hits_are_those_of_a_server(company: Exported, query: str) -> None:
    assert _compared(company, query)


@pytest.mark.parametrize("query", ["br", "京へ", '"two one"', "two on", "end", "title", "हिन्दी", "mail e", "12,5"])
def test_hits_in_hard_texts_are_those_of_a_server(hard: Exported, query: str) -> None:
    assert _compared(hard, query)
