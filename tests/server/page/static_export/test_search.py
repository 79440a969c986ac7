"""The search of a page without a server finds, in Chromium, what a comparison with every message and a server find."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from hcfmt.server.page.search import search
from hcfmt.server.page.search_text import search_text
from hcfmt.server.store.search_words import words
from tests.support.exported_pages import Exported, opened_data
from tests.support.queries import is_found
from tests.support.store_exports import members, room, room_message, store_of, user


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
    for number, chat in enumerate(exported.chats()):
        if key in {None, chat["key"]}:
            messages = exported.messages(chat["key"])
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
    chat = data.draw(st.sampled_from(company.chats()))
    text = data.draw(st.sampled_from([search_text(message) for message in company.messages(chat["key"])]))
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
        exported = opened_data(browser, store, tmp_path / "out")
        (hit,) = _search(exported, "yes", None)
        exported.opened.close()
    (begin, end), text = hit["marks"][0], hit["text"]
    assert (text[begin:end], text[0], text[-1]) == ("yes", "…", "…")
    assert len(text) < 300


def test_a_search_reads_a_limited_number_of_messages_at_once(browser: Browser, tmp_path: Path) -> None:
    texts = ["a b", *["b a"] * 1_100, "b a"]
    history = [("UserMessage", room_message(at, at, message=text)) for at, text in enumerate(texts)]
    with store_of(members([user(1)], [room(7)], {"rooms/7": history})) as store:
        exported = opened_data(browser, store, tmp_path / "out")
        page = exported.call("search", '"a b"', None, None)
        assert page == {"hits": [], "next": 1_000, "total": 1_102, "is_total_exact": False}
        assert [hit["i"] for hit in _search(exported, '"a b"', None)] == [0]
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


@pytest.mark.parametrize("query", ["the", "a", "ich d", "die", "です", "ht", "2", '"started by"'])
def test_hits_are_those_of_a_server(company: Exported, query: str) -> None:
    assert _compared(company, query)


@pytest.mark.parametrize("query", ["br", "京へ", '"two one"', "two on", "end", "title", "हिन्दी", "mail e", "12,5"])
def test_hits_in_hard_texts_are_those_of_a_server(hard: Exported, query: str) -> None:
    assert _compared(hard, query)
