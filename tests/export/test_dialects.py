"""Who wrote a data file is told by its first records, whatever they hold."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.export.dialects import HEAD, LONGEST_HEAD, Origin, is_long_enough, origin_of
from hcfmt.export.layout import Kind

NAMES = st.sampled_from(
    [
        *(
            "id",
            "type",
            "sender",
            "mention_name",
            "name",
            "links",
            "metadata",
            "avatar",
            "members",
            "owner",
            "privacy",
            "room_admins",
        ),
        *("canonical_name", "is_deleted", "email", "roles", "rooms", "format", "message_format", "items"),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(NAMES, SCALARS | st.just({"k": 1}), max_size=3)
WRAPPERS = st.dictionaries(
    st.sampled_from(["User", "Room", "UserMessage", "PrivateUserMessage"]),
    st.dictionaries(NAMES, VALUES, max_size=6) | VALUES,
    max_size=2,
)
KINDS = st.sampled_from(list(Kind))


@given(KINDS, st.lists(WRAPPERS, max_size=4))
@example(Kind.USER_HISTORY, [{"PrivateUserMessage": {"sender": {"mention_name": {"k": 1}, "name": []}}}])
def test_records_of_any_form_have_an_origin_or_none(kind: Kind, document: list[dict[str, Any]]) -> None:
    assert isinstance(origin_of(kind, json.dumps(document).encode()), Origin)


@given(KINDS, st.binary(max_size=100) | st.text(alphabet='[]{}",:\\ a1', max_size=30).map(str.encode))
def test_bytes_of_any_form_have_an_origin_or_none(kind: Kind, head: bytes) -> None:
    assert isinstance(origin_of(kind, head), Origin)
    assert is_long_enough(kind, head) in {True, False}


def user_file(**changes: object) -> bytes:
    user = {"account_type": "user", "avatar": None, "email": "a@x.example", "id": 1, "roles": ["user"], "rooms": []}
    return json.dumps([{"User": user | changes}]).encode()


@pytest.mark.parametrize(
    ("changes", "dialect"),
    [
        ({}, "server"),
        ({"avatar": "iVBORw0KGgo=\n"}, "server"),
        ({"avatar": ""}, "server"),
        ({"metadata": "{}"}, "hc-migrate"),
        ({"avatar": "files/photos/1/x.png"}, "hc-migrate"),
        ({"id": "557058:aa"}, "stride"),
        ({"id": "5b2937d447afa959b147a4a6", "metadata": "{}"}, "stride"),
    ],
)
def test_a_user_tells_who_wrote_it_by_the_weight_of_all_marks(changes: dict[str, object], dialect: str) -> None:
    assert origin_of(Kind.USERS, user_file(**changes)).dialect == dialect


def test_a_user_with_a_large_picture_is_read_further() -> None:
    whole = user_file(avatar="A" * 2 * HEAD)
    assert not is_long_enough(Kind.USERS, whole[:HEAD])
    assert is_long_enough(Kind.USERS, whole)
    assert origin_of(Kind.USERS, whole[:HEAD]) == Origin()


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (b'{"Emoticons": []}', "hc-migrate"),
        (b' [ {"Emoticon" : {}}]', "server"),
        (b"[]", "server"),
        (b"{}", None),
        (b"", None),
    ],
)
def test_emoticons_tell_by_their_form(text: bytes, dialect: str | None) -> None:
    assert origin_of(Kind.EMOTICONS, text).dialect == dialect


@pytest.mark.parametrize("before", [b"[", b'[{"User":', b'[{"User":{"members":['])
@pytest.mark.parametrize("element", [b"1,", b"{},", b'{"User":1},', b'"a":{},', b"[]", b'"', b"{", b"\\"])
def test_few_elements_are_read_whatever_they_are(before: bytes, element: bytes) -> None:
    head = before + element * (LONGEST_HEAD // len(element))
    start = time.process_time()
    is_long_enough(Kind.USERS, head)
    origin_of(Kind.USERS, head)
    assert time.process_time() - start < 5  # it is linear in the bytes, of which there are 4 MiB
