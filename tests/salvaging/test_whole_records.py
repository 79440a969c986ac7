"""The whole records of a damaged data file become a sound file."""

import json

import pytest

from hcfmt.container import Budget
from hcfmt.export.layout import layout_of
from hcfmt.salvaging.whole_records import WholeRecords
from tests.support.builders import chunked
from tests.support.synthetic import user

USERS = [{"User": user(number)} for number in range(1, 6)]
TEXT = json.dumps(USERS).encode()
THIRD = TEXT.index(b'"id": 3')
EMOTICON = {
    "ID": 1,
    "audio_path": "",
    "group_id": 1,
    "height": 25,
    "path": "1/a.png",
    "shortcut": "a",
    "user_id": 1,
    "width": 25,
}
EMOTICONS = json.dumps({"Emoticons": [{**EMOTICON, "ID": number} for number in (1, 2, 3)]}).encode()


def saved(path: str, text: bytes, *, strict: bool = False, chunk: int = 1000) -> tuple[bytes, WholeRecords]:
    row = layout_of(path)
    assert row
    records = WholeRecords(path, row, chunked(text, chunk), Budget(), strict=strict)
    return b"".join(records.text()), records


@pytest.mark.parametrize(
    ("text", "kept", "broken"),
    [
        (TEXT, [1, 2, 3, 4, 5], 0),
        (TEXT[:-1], [1, 2, 3, 4, 5], 0),
        (TEXT[:-4], [1, 2, 3, 4], 1),
        (TEXT[: THIRD + 10], [1, 2], 1),
        (TEXT[: THIRD - 3], [1, 2], 1),
        (TEXT[:THIRD] + b"\0" + TEXT[THIRD + 1 :], [1, 2, 4, 5], 1),
        (TEXT[: THIRD - 9] + b"\xff" * 9 + TEXT[THIRD:], [1, 2, 4, 5], 1),
        (b"\0" + TEXT[1:], [1, 2, 3, 4, 5], 0),
        (TEXT[1:], [1, 2, 3, 4, 5], 0),
        (b"", [], 0),
        (b"[", [], 0),
        (b"no list", [], 1),
    ],
)
def test_records_are_saved_from_what_is_left_of_a_list(text: bytes, kept: list[int], broken: int) -> None:
    result, records = saved("users.json", text)
    assert [wrapper["User"]["id"] for wrapper in json.loads(result)] == kept
    assert (records.kept, records.broken) == (len(kept), broken)


def test_a_record_with_an_error_is_left_out_only_where_bytes_may_have_been_altered() -> None:
    odd = json.dumps([*USERS, {"User": {**user(6), "id": "six"}}]).encode()[:-1]
    assert saved("users.json", odd)[1].kept == 6
    assert saved("users.json", odd, strict=True)[1].kept == 5


@pytest.mark.parametrize("cut", [len(EMOTICONS) - 1, len(EMOTICONS) - 2, len(EMOTICONS) - 20])
def test_an_object_around_a_list_is_closed(cut: int) -> None:
    result, records = saved("emoticons.json", EMOTICONS[:cut])
    assert [emoticon["ID"] for emoticon in json.loads(result)["Emoticons"]] == [1, 2, 3][: records.kept]
    assert records.kept == (2 if cut == len(EMOTICONS) - 20 else 3)


def test_a_document_without_records_is_saved_as_a_whole_or_not_at_all() -> None:
    assert saved("metadata.json", b'{"a": 1}')[0] == b'{"a": 1}'
    result, records = saved("metadata.json", b'{"a": 1')
    assert result == b""
    assert records.lost


def test_a_long_list_is_read_slice_by_slice() -> None:
    many = json.dumps([{"User": user(number)} for number in range(1, 4001)]).encode()
    result, records = saved("users.json", many[:-30], chunk=5000)
    assert records.kept == 3999
    assert [wrapper["User"]["id"] for wrapper in json.loads(result)] == list(range(1, 4000))
