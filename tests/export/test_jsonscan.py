"""The scan of JSON text agrees with Python's parser and with the fast decoder."""

import json
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.export.json_decoding import accept, decode
from hcfmt.export.jsonscan import FATAL, UNRELIABLE, find_defects
from hcfmt.export.jsontext import Rejected, holds_at_most, is_plain

DEPTH = 128

DEFECTS: list[tuple[bytes, str, int]] = [
    (b"", "invalid-json", 0),
    (b" \n ", "invalid-json", 3),
    (b"[", "invalid-json", 1),
    (b"[1", "invalid-json", 2),
    (b"[1,", "invalid-json", 3),
    (b'{"a', "invalid-json", 3),
    (b'{"a"', "invalid-json", 4),
    (b'{"a":', "invalid-json", 5),
    (b'{"a":tru', "invalid-json", 8),
    (b'"\\u00', "invalid-json", 5),
    (b"[1,]", "invalid-json", 3),
    (b'{"a":1,}', "invalid-json", 7),
    (b"[1 2]", "invalid-json", 3),
    (b'{"a" 1}', "invalid-json", 5),
    (b"{1:2}", "invalid-json", 1),
    (b"[1}", "invalid-json", 2),
    (b'{"a":1]', "invalid-json", 6),
    (b"[1]x", "invalid-json", 3),
    (b"01", "invalid-json", 0),
    (b"+1", "invalid-json", 0),
    (b".5", "invalid-json", 0),
    (b"1.", "invalid-json", 0),
    (b"truex", "invalid-json", 0),
    (b"[,]", "invalid-json", 1),
    (b'"a\nb"', "invalid-json", 2),
    (b'"\\x"', "invalid-json", 2),
    (b"'a'", "invalid-json", 0),
    (b"\0", "invalid-json", 0),
    (b'"\xff"', "invalid-utf8", 1),
    (b'"\xed\xa0\x80"', "invalid-utf8", 1),
    (b'"a\xc3', "invalid-utf8", 2),
    (b'["\xff",x]', "invalid-utf8", 2),
    (b'[x,"\xff"]', "invalid-json", 1),
    ("\ufeff[]".encode("utf-16-le"), "invalid-utf8", 0),
    ("\ufeff[]".encode("utf-16-be"), "invalid-utf8", 0),
    ("[]".encode("utf-16-le"), "invalid-json", 0),
    ("[]".encode("utf-16-be"), "invalid-json", 0),
    (b"[NaN]", "non-finite-number", 1),
    (b"[-Infinity]", "non-finite-number", 1),
    (b'{"a":1,"b":2,"a":3}', "duplicate-key", 13),
    (b'{"a":1,"\\u0061":3}', "duplicate-key", 7),
    (b'["\\u0000"]', "unstorable-text", 1),
    (b'["\\ud800"]', "unstorable-text", 1),
    (b'["\\udc00\\ud800"]', "unstorable-text", 1),
    (b'{"\\udfff":1}', "unstorable-text", 1),
    (b"9007199254740993", "unsafe-integer", 0),
    (b"[-9007199254740993]", "unsafe-integer", 1),
    (b"18446744073709551616", "unsafe-integer", 0),
    (b"1" * 5000, "unsafe-integer", 0),
    (b"1e999", "non-finite-number", 0),
    (b"[" * 129, "budget-exceeded", 128),
]

SOUND = [
    b"9007199254740992",
    b"-9007199254740992",
    b"1.5e3",
    b"-0",
    b"[]",
    b"{}",
    b' { "a" : [ 1 , { "b" : null } ] } \r\n\t',
    b'"\\ud83d\\ude00"',
    b'"\\\\ud800"',
    b'"a\\"}},{\\"UserMessage\\":"',
    '"\u00e9\U0001f600\u2028"'.encode(),
    b"[" * 128 + b"]" * 128,
    b'{"a":{"a":{"a":1}}}',
]


@pytest.mark.parametrize(("text", "kind", "byte"), DEFECTS)
def test_a_defect_has_its_kind_and_byte(text: bytes, kind: str, byte: int) -> None:
    defects = find_defects(text, depth=DEPTH)
    assert [(defect.kind, defect.byte) for defect in defects] == [(kind, byte)]


@pytest.mark.parametrize(("text", "kind", "byte"), DEFECTS)
def test_a_text_with_a_defect_is_not_accepted(text: bytes, kind: str, byte: int) -> None:
    try:
        value = accept(text)
    except Rejected:
        return
    assert not is_plain(value, DEPTH), (kind, byte)


@pytest.mark.parametrize("text", SOUND)
def test_a_valid_text_has_no_defect_and_decodes_as_in_python(text: bytes) -> None:
    assert find_defects(text, depth=DEPTH) == []
    assert decode(text) == json.loads(text)


def test_all_defects_are_found_up_to_a_fatal_one() -> None:
    text = b'{"a":NaN,"a":"\\u0000","b":[9007199254740993,}'
    kinds = [defect.kind for defect in find_defects(text, depth=DEPTH)]
    assert kinds == ["non-finite-number", "duplicate-key", "unstorable-text", "unsafe-integer", "invalid-json"]


def test_a_defect_has_its_path() -> None:
    (defect,) = find_defects(b'{"a":[0,{"b/c":[[],"\\ud800"]}]}', depth=DEPTH)
    assert defect.path == ("a", 1, "b/c", 1)


def test_no_sentence_repeats_the_text() -> None:
    for text, _, _ in DEFECTS:
        secret = text.replace(b"a", b"swordfish")
        assert not any("swordfish" in defect.message for defect in find_defects(secret, depth=DEPTH))


def test_depth_costs_no_recursion() -> None:
    (defect,) = find_defects(b"[" * 500_000, depth=100_000)
    assert (defect.kind, defect.byte) == ("budget-exceeded", 100_000)


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(string.ascii_letters + '":\\ é'), inner),
    max_leaves=20,
)


@settings(max_examples=100)
@given(value=JSON_VALUES, indent=st.sampled_from([None, 1]), escaped=st.booleans())
def test_every_text_written_by_python_is_valid(value: Any, indent: int | None, *, escaped: bool) -> None:  # noqa: ANN401 - any JSON value
    text = json.dumps(value, indent=indent, ensure_ascii=escaped).encode()
    assert find_defects(text, depth=DEPTH) == []
    assert decode(text) == value
    assert accept(text) == value


TEXTS = st.text(st.sampled_from('[]{},:"\\ \n0123456789eE.+-aNtrufIy\u00e9')).map(str.encode)


@settings(max_examples=300)
@given(text=TEXTS)
def test_the_scan_and_pythons_parser_agree_on_json(text: bytes) -> None:
    try:
        json.loads(text, parse_constant=lambda _: None)
        readable = True
    except ValueError:
        readable = False
    kinds = {defect.kind for defect in find_defects(text, depth=DEPTH)}
    assert readable == kinds.isdisjoint(FATAL)


@settings(max_examples=300)
@given(text=TEXTS | st.sampled_from([text for text, _, _ in DEFECTS]))
def test_no_text_with_unreliable_values_is_accepted(text: bytes) -> None:
    try:
        accept(text)
    except Rejected:
        return
    kinds = {defect.kind for defect in find_defects(text, depth=DEPTH)}
    assert kinds <= {"unsafe-integer"}
    assert kinds.isdisjoint(FATAL | UNRELIABLE)


@given(
    parts=st.lists(st.sampled_from([b"[", b"]", b"{", b"}", b",", b":", b'"a"', b"1", b" ", b"x", b'"\xff"', b"NaN"])),
    data=st.data(),
)
def test_a_defect_that_ends_the_scan_of_a_beginning_ends_that_of_the_whole(
    parts: list[bytes], data: st.DataObject
) -> None:
    text = b"".join(parts)
    beginning = find_defects(text[: data.draw(st.integers(0, len(text)))], depth=9, ended=False)
    if beginning and beginning[-1].kind in FATAL:
        assert find_defects(text, depth=9)[-1] == beginning[-1]


@settings(max_examples=200)
@given(value=JSON_VALUES, data=st.data())
@pytest.mark.slow
def test_a_text_that_may_go_on_may_end_anywhere(value: Any, data: st.DataObject) -> None:  # noqa: ANN401 - any JSON value
    text = json.dumps([value]).encode()
    cut = data.draw(st.integers(0, len(text)))
    assert find_defects(text[:cut], depth=DEPTH, ended=False) == []


@settings(max_examples=200)
@given(
    pairs=st.lists(st.tuples(st.sampled_from(["a", "b", "a:b", 'a"', "\\"]), st.sampled_from(['":', "x", "::", ""]))),
    space=st.sampled_from(["", " ", "\n"]),
)
def test_a_text_with_a_repeated_key_is_never_accepted(pairs: list[tuple[str, str]], space: str) -> None:
    members = (f"{json.dumps(key)}{space}:{space}{json.dumps(value)}" for key, value in pairs)
    text = f"{{{','.join(members)}}}".encode()
    twice = len({key for key, _ in pairs}) < len(pairs)
    try:
        accept(text)
    except Rejected:
        assert twice
    else:
        assert not twice
    assert any(defect.kind == "duplicate-key" for defect in find_defects(text, depth=DEPTH)) == twice


def test_escaped_colons_cannot_hide_a_duplicate_key() -> None:
    with pytest.raises(Rejected):
        accept(b'{"a":1,"a":"\\u003a"}')
    assert find_defects(b'{"a":1,"b":"\\u003a"}', depth=DEPTH) == []


def values_in(value: Any) -> int:  # noqa: ANN401 - any JSON value
    """Count a JSON value and all that it holds."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(values_in, inner))


@settings(max_examples=300)
@given(
    st.recursive(
        st.sampled_from(["", ",", "[{,", '"', "\\", 1, 0.5, None, True]),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([",", "[", "a", '"{']), inner),
    ),
    st.sampled_from([None, 1]),
)
@pytest.mark.slow
def test_values_are_counted_without_decoding_them(value: Any, indent: int | None) -> None:  # noqa: ANN401 - any JSON value
    text, count = json.dumps(value, indent=indent).encode(), values_in(value)
    assert holds_at_most(text, count)
    assert count == 1 or not holds_at_most(text, count - 1) or len(text) < 2 * (count - 1)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@given(text=st.sampled_from(["[]", '{"a": 1}', "{}{", '[{"User": {"name": "\u00e9\u4e2d"}}]']), ended=st.booleans())
def test_utf_16_is_named(encoding: str, mark: str, text: str, ended: bool) -> None:  # noqa: FBT001
    (defect,) = find_defects(f"{mark}{text}".encode(encoding), depth=DEPTH, ended=ended)
    assert defect.kind == ("invalid-utf8" if mark else "invalid-json")
    assert defect.message.startswith("The text is UTF-16")
    assert "UTF-8 (iconv -f UTF-16" in defect.message


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_text_in_utf_8_is_taken_for_utf_16(value: Any) -> None:  # noqa: ANN401 - any value
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    assert not [defect for defect in find_defects(text, depth=DEPTH) if "UTF-16" in defect.message]
