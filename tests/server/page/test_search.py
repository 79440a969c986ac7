"""Search over the messages of a store: complete, newest first, each message once, in any number of requests."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import strategies
from hcfmt.server.page import documents, search
from hcfmt.server.page.message_documents import MessageDocuments
from hcfmt.server.page.search_query import parse_query
from hcfmt.server.page.search_text import search_text
from hcfmt.server.store import Chat, Message, Store, open_store, search_index
from hcfmt.server.store.indexed_texts import indexed_text
from hcfmt.server.store.search_words import words
from tests.support.store_exports import (
    FIRST,
    Archive,
    members,
    participant,
    private_message,
    room,
    room_message,
    store_of,
    user,
)

WORDS = ["apple", "pear", "plum", "Äpfel", "東京", "apple-pear"]


def export(texts: list[str], **other: Any) -> dict[str, bytes]:  # noqa: ANN401 - members
    """Return an export of a room's messages, a second apart, of which the first is the oldest."""
    history = [("UserMessage", room_message(at, at * 1_000_000, message=text)) for at, text in enumerate(texts)]
    return members([user(1), user(2)], [room(7), room(8)], {"rooms/7": history, **other})


def found(store: Store, query: str, chat: str | None = None, count: int = 3) -> list[tuple[str, int]]:
    """Return chat and rank of all hits of a query, in as many requests as it takes."""
    hits: list[tuple[str, int]] = []
    before: str | None = None
    for _ in range(200):
        result = search.search(store, query, chat=chat, before=before, count=count)
        assert len(result["hits"]) <= count
        hits += [(hit["chat"], hit["i"]) for hit in result["hits"]]
        before = result["next"]
        if before is None:
            return hits
        assert search.is_cursor(before)
    raise AssertionError("The search does not end.")


def expected(store: Store, query: str) -> list[tuple[str, int]]:
    """Return the same by looking at the document of every message."""
    parsed = parse_query(query)
    every = [
        (message["time"], chat["key"], message["i"])
        for chat in documents.overview(store, "")["chats"]
        for message in documents.messages(store, chat["key"], 0, 500)
        if parsed.matches(search_text(message))
    ]
    return [(key, rank) for _, key, rank in sorted(every, key=lambda hit: hit[0], reverse=True)]


@pytest.fixture(params=["full text", "no full text"], autouse=True)
def _full_text(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test also with an SQLite that has no full-text tables."""
    if request.param == "no full text":
        monkeypatch.setattr(search_index, "has_full_text", lambda: False)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), max_size=40),
    st.sampled_from(["apple", "app", "apple pear", '"pear plum"', "apfel", "京", "apple-pear", "nothing", "pe "]),
    st.integers(1, 5),
)
def test_a_search_finds_what_reading_everything_finds(texts: list[str], query: str, count: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_MOST_BLOCKS", 1)
        patch.setattr(search_index, "BLOCK", 3)
        with store_of(export(texts)) as store:
            assert found(store, query, count=count) == expected(store, query)


def test_a_search_goes_on_where_a_request_read_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_MOST_BLOCKS", 2)
    texts = ["one"] + ["two"] * 500 + ["one two"]
    with store_of(export(texts)) as store:
        first = search.search(store, "one two", count=5)
        assert [hit["i"] for hit in first["hits"]] == [501]
        assert found(store, "one two") == [("room-7", 501)]
        assert found(store, "one") == [("room-7", 501), ("room-7", 0)]


def test_a_result_has_what_the_page_shows_of_a_hit() -> None:
    with store_of(export(["see the  Plan\nhere"])) as store:
        assert search.search(store, "plan") == {
            "hits": [
                {
                    "chat": "room-7",
                    "i": 0,
                    "time": FIRST // 1_000,
                    "from": 1,
                    "name": "",
                    "text": "see the  Plan here",
                    "marks": [(9, 13)],
                }
            ],
            "next": None,
            "total": 1,
            "is_total_exact": True,
        }


def test_a_long_text_is_cut_around_the_first_mark() -> None:
    with store_of(export(["x " * 5_000 + "needle" + " y" * 2_000])) as store:
        (hit,) = search.search(store, "needle")["hits"]
    ((start, stop),) = hit["marks"]
    assert hit["text"][start:stop] == "needle"
    assert len(hit["text"]) <= 250
    assert hit["text"][0] == hit["text"][-1] == "…"


def test_messages_of_two_people_are_found_once_in_their_chat() -> None:
    history = [("PrivateUserMessage", {**private_message(at, 1, 2, at), "message": "lunch"}) for at in range(3)]
    both = {"users/1": history[:2], "users/2": history}
    with store_of(export(["lunch"], **both)) as store:
        pair = [("private-1-2", rank) for rank in (2, 1, 0)]
        assert sorted(found(store, "lunch")) == sorted([*pair, ("room-7", 0)])
        assert found(store, "lunch", "private-1-2") == pair
        assert found(store, "lunch", "room-7") == [("room-7", 0)]
        assert found(store, "lunch", "room-8") == []


def test_messages_that_are_written_later_are_found_until_a_reset() -> None:
    with store_of(export(["old word"])) as store:
        record = room_message(50, message="new word", sender=participant(1))
        store.append(Chat(room=8), "UserMessage", record, time=FIRST + 10**9)
        assert found(store, "word") == [("room-8", 0), ("room-7", 0)]
        assert found(store, "new") == [("room-8", 0)]
        store.reset()
        assert found(store, "word") == [("room-7", 0)]


def test_what_messages_show_besides_their_text_is_found() -> None:
    card = json.dumps({"title": "Build caf\u00e9", "attributes": [{"label": "State", "value": {"label": "broken"}}]})
    records = [
        ("UserMessage", room_message(1, 1, attachment={"name": "d/plan b.pdf", "path": "d/plan b.pdf"})),
        ("NotificationMessage", room_message(2, 2, message="<b>&uuml;ber</b>mut", format="html", card=card)),
        ("UserMessage", room_message(3, 3, metadata=[{"url": "https://a.example", "name": "Roadmap"}])),
        ("TopicRoomMessage", room_message(4, 4, message="", topic="Lunch at noon")),
        ("UserMessage", room_message(5, 5, message="secret", deleted=True)),
        ("UserMessage", room_message(6, 6, message="<strong> tags in a text")),
    ]
    with store_of(members([user(1)], [room(7)], {"rooms/7": records})) as store:
        queries = ["plan", "cafe", "broken", "ubermut", '"uber mut"', "roadmap", "noon", "secret", "strong", "b"]
        ranks = {query: [rank for _, rank in found(store, query + " ")] for query in queries}
    assert ranks == {
        "plan": [0],
        "cafe": [1],
        "broken": [1],
        "ubermut": [],
        '"uber mut"': [1],
        "roadmap": [2],
        "noon": [3],
        "secret": [],
        "strong": [5],
        "b": [0],
    }


@pytest.mark.parametrize("query", ["", " ", "?!", '""', '"', '" "', "-", "_", "\0"])
def test_a_query_without_words_finds_nothing(query: str) -> None:
    with store_of(export(["a", "", "?!"])) as store:
        assert search.search(store, query)["hits"] == []


@pytest.mark.parametrize(
    "query", ['a" OR "b', "a*", "NEAR(a b)", "text:a", "a AND b", "a NOT b", "(", "^a", "a+b", "{a}"]
)
def test_no_query_is_taken_for_syntax(query: str) -> None:
    with store_of(export(["a", "b", "a b", "nothing"])) as store:
        assert found(store, query) == expected(store, query)


@pytest.fixture(scope="module")
def empty() -> Iterator[Store]:
    with store_of(members([user(1)], [room(7)])) as store:
        yield store


@settings(deadline=None)
@given(st.sampled_from(["UserMessage", "NotificationMessage", "TopicRoomMessage", "PrivateUserMessage"]), st.data())
def test_the_index_has_all_words_that_a_message_shows(empty: Store, kind: str, data: st.DataObject) -> None:
    record = data.draw(strategies.messages(kind))
    assert shown_words(empty, kind, record) <= set(words(indexed_text(kind, record)).split())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src='https://a.example/x/Pic.png'>", {"pic", "png"}),
        ("<img src='x' alt='caf&eacute;'>", {"cafe"}),
        ("<b>one</b>two", {"one", "two"}),
        ("&#" + "9" * 5_000 + ";", {"9" * 5_000}),
    ],
)
def test_the_index_has_the_words_of_html(empty: Store, html: str, expected: set[str]) -> None:
    record = {"message": html}
    assert shown_words(empty, "NotificationMessage", record) == expected
    assert expected <= set(words(indexed_text("NotificationMessage", record)).split())


def shown_words(store: Store, kind: str, record: dict[str, Any]) -> set[str]:
    chat = Chat(room=7) if kind != "PrivateUserMessage" else Chat(owner=1, peer=2)
    (document,) = MessageDocuments(store, chat).documents([Message(kind, FIRST, json.dumps(record).encode())], 0)
    return set(words(search_text(document)).split())


def test_processes_that_load_together_make_one_index(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hcfmt.server.store.archive_source._LARGE", 0)
    path = archive(".tar")
    with open_store(path) as alone, open_store(path, jobs=3) as together:
        for query in ("the", "a", "is "):
            hits = found(alone, query, count=50)
            assert hits
            assert sorted(hits) == sorted(found(together, query, count=50))
