"""The search index in many files equals a dictionary of the same words."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.server.page.static_export import search_index
from hcfmt.server.page.static_export.search_index import SearchIndex
from tests.support.static_pages import numbers_of, summed

Index = dict[str, list[int]]


def _written(messages: list[set[str]]) -> tuple[list[str], dict[str, Any]]:
    """Return the first words of the files, and the files."""
    files: dict[str, Any] = {}
    with TemporaryDirectory() as directory:
        index = SearchIndex(Path(directory))
        for number, words in enumerate(messages):
            index.add(number, words)
        firsts = index.write(files.__setitem__)
        index.close()
    return firsts, files


def _read(files: dict[str, Any]) -> Index:
    found: Index = {}
    for shard in files.values():
        for word, text in zip(shard["words"], shard["lists"], strict=True):
            found.setdefault(word, []).extend(summed(numbers_of(text)))
    return found


def _expected(messages: list[set[str]]) -> Index:
    found: Index = {}
    for number, words in enumerate(messages):
        for word in words:
            found.setdefault(word, []).append(number)
    return found


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have lists, files and memory end early."""
    for name, size in {"_MEMORY": 2_000, "_ROW": 3, "_LIST": 4, "_SHARD": 20}.items():
        monkeypatch.setattr(search_index, name, size)


words = st.sets(st.sampled_from(["a", "ab", "b", "é", "\uff5e", "\U00020000", "#12ab", "long" * 5]))


@pytest.mark.usefixtures("_small")
@settings(deadline=None)
@given(st.lists(words, max_size=40))
def test_every_word_has_the_numbers_of_its_messages(messages: list[set[str]]) -> None:
    firsts, files = _written(messages)
    assert _read(files) == _expected(messages)
    assert firsts == [shard["words"][0] for shard in files.values()]
    in_order = [word.encode("utf-16-be") for shard in files.values() for word in shard["words"]]
    assert in_order == sorted(in_order)


@pytest.mark.usefixtures("_small")
def test_files_stay_small_however_many_messages_have_a_word() -> None:
    messages = [{"a", f"b{number}"} for number in range(2_000)]
    _, files = _written(messages)
    sizes = [sum(map(len, (*shard["words"], *shard["lists"]))) for shard in files.values()]
    assert max(sizes) < 40
    assert _read(files) == _expected(messages)


def test_files_are_named_by_their_number() -> None:
    assert _written([{"a"}, {"a", "b"}]) == (["a"], {"search/0": {"words": ["a", "b"], "lists": ["AB", "B"]}})
    assert _written([]) == ([], {})
