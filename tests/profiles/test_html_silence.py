"""Texts that silence Zulip's converter: what a tag does to the messages behind it, in any slices."""

import re
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcfmt.profiles import html_silence
from hcfmt.profiles.computed_keys import open_html_tag
from hcfmt.profiles.html_silence import Reading, passage, read_messages
from hcfmt.profiles.record_columns import FieldColumn

OPEN_TAGS = {
    "put it into <style> please": "style",
    "<SCRIPT src='a>b'> and more": "script",
    "the <head> of the page": "head",
    "an end alone: </style>": "style",
    "<style>a</style> and <b>b</b>": "",
    "<style/> closes itself": "",
    "<head><style></style></head>": "",
    "<head> but <body> as well": "",
    "<script> holds <body> and </style> as text </script>": "",
    "<!-- a comment with <style> in it -->": "",
    "<a title='<style>'>in quotes</a>": "",
    "<styles>, <header> and < style >": "",
    "&lt;style&gt;": "",
    "<style without an end": "",
    "no tag": "",
}


@pytest.mark.parametrize("text", OPEN_TAGS)
def test_a_tag_is_open_if_its_ends_are_not_as_many_as_its_beginnings(text: str) -> None:
    assert open_html_tag(text) == OPEN_TAGS[text]


class Reader:
    """Does with texts of TOKENS what html2text does, token by token."""

    def __init__(self) -> None:
        """Begin with no tag open."""
        self.number, self.raw = 0, ""

    def writes(self, text: str) -> bool:
        """Whether some of a text is written."""
        written = waits = False
        for token in re.findall("<[^>]+>|[^<]+", text):
            name = token.strip("</>")
            if self.raw and token != f"</{self.raw}>":
                waits = waits or bool(token.strip())
            elif not token.startswith("<"):
                written = written or (self.number == 0 and bool(token.strip()))
            elif name == "body":
                self.number = 0
            elif name != "b":
                written, waits = written or (waits and self.number == 0), False
                self.number += -1 if "/" in token else 1
                self.raw = name if "/" not in token and name != "head" else ""
        return written


TOKENS = ["<style>", "</style>", "<script>", "</script>", "<head>", "</head>", "<body>", "</body>", "<b>", "word", " "]
TEXTS = st.lists(st.lists(st.sampled_from(TOKENS), max_size=5).map("".join), max_size=12)


@given(TEXTS, st.lists(st.integers(0, 12)), st.integers(1, 5))
def test_what_is_silenced_is_what_one_parser_for_a_batch_does_not_write(
    texts: list[str], cuts: list[int], batch: int
) -> None:
    lost = 0
    for start in range(0, len(texts), batch):
        reader = Reader()
        lost += sum([not reader.writes(text) and Reader().writes(text) for text in texts[start : start + batch]])
    reading = Reading(0)
    for begin, end in pairwise(sorted({0, len(texts), *(cut for cut in cuts if cut < len(texts))})):
        reading.append(read_messages(FieldColumn(texts[begin:end]), range(end - begin)), begin)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_silence, "BATCH", batch)
        assert sum(count for count, _ in reading.silenced()) == lost


def test_a_silence_ends_with_its_batch_and_leaves_out_what_has_no_text() -> None:
    texts = ["a", "<style> b", "", "c"] + ["d"] * 1_400
    assert list(read_messages(FieldColumn(texts), range(10, 1_500)).silenced()) == [(1_000 - 3, 11)]


def test_the_reader_of_a_text_goes_on_where_the_last_one_ended() -> None:
    texts = ["<head>", "<style>", "</style>", "</head>"]
    assert list(accumulate(texts, lambda number, text: passage(text).after(number), initial=0)) == [0, 1, 2, 1, 0]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "part", ["<", "<a", "<a b='", '<a b="c" d=">" ', "<!--", "<!-- >", "</", "<script", "<?", "=", "<style>"]
)
def test_the_time_is_linear_in_the_length_of_a_text(part: str) -> None:
    passage(part * 50_000)
    passage(part * 50_000 + ">")
