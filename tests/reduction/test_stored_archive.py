"""A stored archive: every record is found, whatever text it has, and what is kept is written as it was."""

import io
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from hcfmt.container import Budget, open_archive
from hcfmt.export.writer import Entry, tar_chunks
from hcfmt.reduction.draft import Draft
from hcfmt.reduction.reduce import whole_draft
from hcfmt.reduction.stored_archive import StoredArchive
from tests.support.recipes import PASSWORD, UNCHANGED, cook

USER = b'{"User": {"id": 1, "name": "a, b}},{\\"User\\": 2"}}'
TEXTS = {
    "no record": (b"[]", 0),
    "white space": (b" [ \n ] ", 0),
    "one": (b"[" + USER + b"]", 1),
    "two": (b"[" + USER + b", " + USER + b"]\n", 2),
    "byte order mark": (b"\xef\xbb\xbf[" + USER + b"," + USER + b"]", 2),
    "a record without an end": (b"[" + USER + b',{"User": {"id": 1', 2),
    "many": (b"[" + b",\n".join([USER] * 9_000) + b"]", 9_000),
}


def stored(data: bytes) -> StoredArchive:
    with open_archive(io.BytesIO(data), password=PASSWORD.encode()) as archive:
        return StoredArchive(archive, io.BytesIO(), Budget())


def packed(text: bytes) -> bytes:
    return b"".join(tar_chunks([Entry("users.json", len(text), [text])]))


def written(draft: Draft) -> bytes:
    return b"".join(tar_chunks(draft.entries()))


def with_records(draft: Draft, indices: Sequence[int]) -> bytes:
    (entry,) = replace(draft, records={0: indices}).entries()
    text = b"".join(entry.chunks)
    assert len(text) == entry.size
    return text


@pytest.mark.parametrize("case", TEXTS)
def test_every_record_of_a_data_file_is_found(case: str) -> None:
    text, count = TEXTS[case]
    (member,) = stored(packed(text)).members
    assert member.records is not None
    assert len(member.records) == count


@pytest.mark.parametrize("case", TEXTS)
def test_what_is_kept_as_a_whole_is_written_as_it_was(case: str) -> None:
    data = packed(TEXTS[case][0])
    assert written(whole_draft(stored(data))) == data


@pytest.mark.parametrize(
    ("kept", "text"),
    [((), b"[]\n"), ((0,), b"[1]\n"), ((1,), b"[ 2]\n"), ((0, 2), b"[1, 3 ]\n"), ((1, 2), b"[ 2, 3 ]\n")],
)
def test_records_that_are_left_out_leave_no_comma(kept: Sequence[int], text: bytes) -> None:
    def filled(numbers: bytes) -> bytes:
        for number in b"123":
            numbers = numbers.replace(bytes([number]), b'{"User":{"id":%c}}' % number)
        return numbers

    draft = whole_draft(stored(packed(filled(b"[1, 2, 3 ]\n"))))
    assert with_records(draft, kept) == filled(text)


def test_the_lists_inside_an_object_have_records_too() -> None:
    archive = stored(cook(UNCHANGED).data)
    counts = {member.place: len(member.records) for member in archive.members if member.records is not None}
    assert counts["emoticons.json"] == counts["autojoins.json"] == 1
    assert counts["users.json"] == 2


def test_a_record_with_another_text_is_written_with_it() -> None:
    draft = whole_draft(stored(packed(TEXTS["two"][0])))
    assert with_records(replace(draft, texts={(0, 1): b"{}"}), (0, 1)) == b"[" + USER + b",{}]\n"


def test_a_file_is_written_only_with_a_record_that_names_it() -> None:
    draft = whole_draft(stored(cook(UNCHANGED).data))
    histories = dict.fromkeys(draft.links.keys, ())
    without = replace(draft, records={**draft.records, **histories})
    gone = {draft.stored.members[number].place for number in {*draft.written()} - {*without.written()}}
    assert gone
    assert all("/files/" in place for place in gone)
