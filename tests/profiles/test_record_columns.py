"""Columns of texts: what is found in all of them at once is what each one by itself holds or begins with."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.profiles.record_columns import FieldColumn, RecordColumns

PARTS = ["", "a", "aa", "ab", "b", "<", "\0", " \udfff", "aab"]
# Columns of a hundred texts and a few others: they are searched otherwise than columns that are short, or mixed.
TEXTS = st.builds(
    lambda usual, others, count: [*others, *[usual] * count, *others],
    st.sampled_from(PARTS),
    st.lists(st.lists(st.sampled_from(PARTS), max_size=3).map("".join), max_size=8),
    st.integers(0, 100),
)
WANTED = st.lists(st.sampled_from(PARTS), max_size=2).map("".join)


@given(TEXTS, WANTED)
@example(["", *["b"] * 40], "b")
def test_what_texts_hold_or_equal_is_found_as_one_by_one(texts: list[str], wanted: str) -> None:
    column, places = FieldColumn(texts), range(len(texts))
    assert list(column.holding(wanted)) == [place for place in places if wanted in texts[place]]
    assert list(column.equal_to(wanted)) == [place for place in places if texts[place] == wanted]


@given(TEXTS, st.lists(WANTED, max_size=3).map(tuple))
def test_what_texts_begin_with_is_found_as_one_by_one(texts: list[str], wanted: tuple[str, ...]) -> None:
    found = FieldColumn(texts).beginning_with(wanted)
    assert list(found) == [place for place, text in enumerate(texts) if text.startswith(wanted)]


@given(TEXTS)
def test_no_text_that_may_begin_so_is_left_out(texts: list[str]) -> None:
    expected = {place for place, text in enumerate(texts) if text[:1] in {"", "<", " "}}
    assert expected <= set(FieldColumn(texts).beginning(r"\0< "))


@given(TEXTS, st.sampled_from(["aa|<", "^a", "b$", "a(?!b)", "a*+b", r"\Aab", "(?:a|b)<"]))
def test_what_texts_match_is_found_as_one_by_one(texts: list[str], pattern: str) -> None:
    found = FieldColumn(texts).matching(re.compile(pattern))
    assert list(found) == [place for place, text in enumerate(texts) if re.search(pattern, text)]


@given(TEXTS, st.data())
def test_the_columns_of_some_records_are_cut_out_of_those_of_all(texts: list[str], data: st.DataObject) -> None:
    records = [{"text": text} for text in texts]
    whole = RecordColumns(records, range(7, 7 + len(texts)))
    places = sorted(data.draw(st.sets(st.sampled_from(range(len(texts))))) if texts else ())
    part = whole.part(places)
    assert (len(part), list(part.at)) == (len(places), [7 + place for place in places])
    assert list(part.column(("text",)).values) == [texts[place] for place in places]
    assert list(part.records) == [records[place] for place in places]
    assert not places or part.first == part.at[0]
