"""The scripts of a page without a server read from its files, in Chromium, what the page of a server is answered."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from hcfmt.server.page import documents
from hcfmt.server.store.search_words import words
from tests.support.exported_pages import TEXTS, Exported, opened_data
from tests.support.store_exports import members, room, room_message, store_of, user, uuid


def test_the_overview_and_the_findings_are_read(company: Exported) -> None:
    overview = company.call("overview")
    assert (overview["name"], overview["searchable"], overview["chunk"]) == ("a.tar", True, 7)
    assert company.call("findings") == {"state": "not checked", "reason": "for a test"}


def test_messages_are_those_of_a_server(company: Exported) -> None:
    for chat in company.chats():
        key, last = chat["key"], chat["count"] - 1
        for first, count in ((0, 500), (-3, 5), (5, 4), (last, 9), (last + 1, 1), (10**9, 1), (3, 0)):
            expected = documents.messages(company.store, key, first, count)
            assert company.call("messages", key, first, count) == expected
    assert company.call("messages", "room-5", 0, 10) == []


def test_times_lead_to_the_messages_that_a_server_gives(company: Exported) -> None:
    for chat in company.chats():
        times = [message["time"] for message in company.messages(chat["key"])]
        for time in {0, *times[::5], times[0] - 1, times[-1], times[-1] + 1, (times[0] + times[-1]) // 2}:
            assert company.call("at", chat["key"], time) == documents.at(company.store, chat["key"], time)["i"]
    assert company.call("at", "room-5", 0) is None


def test_ids_lead_to_messages(company: Exported) -> None:
    for chat in company.chats():
        for message in company.messages(chat["key"])[::9]:
            assert company.call("place", chat["key"], message["id"].upper()) == message["i"]
    for unknown in (uuid(1), "", "no id", "#"):
        assert company.call("place", company.chats()[0]["key"], unknown) is None


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
    assert hard.call("messages", "room-7", 0, 10) == hard.messages("room-7")
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
        exported = opened_data(browser, store, tmp_path / "out")
    change(tmp_path / "out" / "data" / "messages" / "room-7" / "0.js")
    for _ in range(2):
        with pytest.raises(Error, match=f"data/messages/room-7/0.js of this archive {sentence}"):
            exported.call("messages", "room-7", 0, 1)
    exported.opened.close()
