"""Data files: every text is replaced, and nothing else changes, whatever the bytes are."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.anonymisation.json_texts import replaced_json
from hcfmt.anonymisation.properties import Properties
from hcfmt.anonymisation.replacements import replacements_of
from hcfmt.container.tar import cut_fault
from hcfmt.errors import Fault
from hcfmt.export.jsontext import SAFE_INTEGER
from hcfmt.export.layout import LAYOUT_BY_KIND, Kind

PROPERTIES = Properties(replacements_of("a seed"))


def replaced(data: bytes, kind: Kind = Kind.USERS, size: int = 1 << 20) -> bytes:
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(replaced_json(chunks, PROPERTIES, LAYOUT_BY_KIND[kind]))


def value(record: Any) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(replaced(json.dumps(record, ensure_ascii=False).encode()))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("id", 7),
        ("id", "6c1b1f0c-6c7e-4d9c-8f0e-1c1b1f0c6c7e"),
        ("id", "pref:autoJoin:17"),
        ("created", "2013-12-02T18:04:15+00:00"),
        ("timestamp", "2018-11-01T10:38:25Z 135846"),
        ("timestamp", "2018-07-17T17:41:44.527568Z"),
        ("timezone", "America/Denver"),
        ("account_type", "admin"),
        ("type", "muc_message"),
        ("roles", ["user", "admin"]),
        ("members", [1, 2, 3]),
        ("format", "html"),
        ("avatar", ""),
        ("owner", None),
        ("is_deleted", True),
        ("jid", "1_17@chat.btf.hipchat.com"),
    ],
)
def test_what_the_format_defines_stays(name: str, kept: object) -> None:
    assert value({name: kept}) == {name: kept}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("id", "Anna Smith"),
        ("created", "yesterday at ten"),
        ("timezone", "Customer/Office"),
        ("account_type", "superadmin"),
        ("roles", ["secretary"]),
        ("topic", 5_551_234),
        ("message", "text"),
        ("name", "Anna"),
        ("email", "anna@example.com"),
    ],
)
def test_everything_else_is_replaced(name: str, changed: object) -> None:
    found = value({name: changed})
    assert list(found) == [name]
    assert found[name] != changed
    assert len(json.dumps(found)) == len(json.dumps({name: changed}))


def test_undocumented_properties_lose_their_names_and_numbers() -> None:
    found = value({"phone": 5_551_234, "nested": {"also": [1.5, "x y"]}, "phone2": True})
    assert "phone" not in json.dumps(found)
    assert [len(name) for name in found] == [5, 6, 6]
    number, _, flag = found.values()
    assert number not in {5_551_234, 0}
    assert flag is True


@pytest.mark.parametrize("number", [0, 5, 10, -120, SAFE_INTEGER, SAFE_INTEGER + 1, 9_999_999_999_999_999, 10**40])
def test_a_number_stays_within_or_beyond_the_integers_of_javascript(number: int) -> None:
    (found,) = value({"phone": number}).values()
    assert (abs(found) > SAFE_INTEGER) is (abs(number) > SAFE_INTEGER)
    assert len(str(found)) == len(str(number))


def test_json_inside_strings_is_replaced_as_json() -> None:
    data = json.dumps([{"jid": "1_the_lounge@conf.btf.hipchat.com", "name": "The Lounge"}])
    (found,) = json.loads(value({"data": data})["data"])
    assert found["jid"] == f"1_{found['name'].lower().replace(' ', '_')}@conf.btf.hipchat.com"
    assert "ounge" not in found["name"]


def test_attachments_have_paths_as_names() -> None:
    path = "BcudLU14VxUEeUK/My report.pdf"
    found = value({"attachment": {"name": path, "path": path}, "attachment_path": path})
    assert found["attachment"]["name"] == found["attachment"]["path"] == found["attachment_path"]
    assert found["attachment_path"].endswith(".pdf")


@pytest.mark.parametrize(
    "text",
    [r"\u00fcber \u003cb\u003e \ud83d\ude00 \n \"x\" \/ \u0000 \ud83d", r"\u00FCBER", "über", r"broken \x \u00g"],
)
def test_characters_stay_written_as_they_are(text: str) -> None:
    data = f'{{"message":"a {text}"}}'.encode()
    found = replaced(data)
    assert len(found) == len(data)
    assert re.findall(rb"\\.", found) == re.findall(rb"\\.", data)


def _flat(node: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """Return the forms of all values, in their order."""
    if isinstance(node, dict):
        return ["{", *(form for key, inner in node.items() for form in (str(len(key)), *_flat(inner))), "}"]
    if isinstance(node, list):
        return ["[", *(form for inner in node for form in _flat(inner)), "]"]
    return [f"{type(node).__name__} {len(node) if isinstance(node, str) else ''}"]


KEYS = st.sampled_from(["id", "name", "message", "metadata", "phone", "card", "attachment"]) | st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
@settings(max_examples=200)
def test_valid_json_keeps_its_structure(document: Any, is_ascii: bool) -> None:  # noqa: ANN401, FBT001 - drawn
    data = json.dumps(document, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    found = replaced(data)
    assert len(found) == len(data)
    assert _flat(json.loads(found.decode("utf-8", "surrogatepass"))) == _flat(document)


@given(st.binary(max_size=300), st.sampled_from([Kind.USERS, Kind.ROOM_HISTORY]))
@settings(max_examples=300)
def test_any_bytes_keep_their_length(data: bytes, kind: Kind) -> None:
    assert len(replaced(data, kind)) == len(data)


@given(st.binary(max_size=60), st.integers(1, 20))
def test_the_chunks_make_no_difference(tail: bytes, size: int) -> None:
    data = b'[{"User":{"id":7,"name":"Anna \\u00fc","x":[1,{"y":"z"}]}}]' + tail
    assert replaced(data, size=size) == replaced(data)


BROKEN = [
    b'[{"User":{"name":"Zaphod',
    b'[{"User":{"name":"say "Zaphod" to","id":5551234}}]',
    b"[Zaphod]",
    b"Zaphod",
    b'{"name":Zaphod}',
    b'[] "Zaphod"',
    b'["\xff Zaphod"]',
    "Zaphod".encode("utf-16"),
    "Zaphod".encode("utf-16-le"),
    '["Иван"]'.encode("utf-16-be"),
    b"\xef\xbb\xbf[Zaphod]",
    b"{'name':'Zaphod'}",
    b'{"name":"x"}}{"name":"Zaphod"}',
    b"[" * 5_000 + b'"Zaphod"',
]


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_nothing_that_is_broken_keeps_its_text(data: bytes) -> None:
    found = replaced(data)
    assert len(found) == len(data)
    assert b"Zaphod" not in found.replace(b"\0", b"")
    assert "Иван" not in found.decode("utf-16-be", "ignore")
    assert b"5551234" not in found


def test_a_letter_behind_a_stray_backslash_is_replaced() -> None:
    data = rb'[{"User": {"name": "\A\n\N\q\ \uZ"}}]'
    assert re.findall(rb"\\.", replaced(data)) == [rb"\x", rb"\n", rb"\x", rb"\x", rb"\ ", rb"\u"]


def test_a_fault_comes_behind_what_came_before_it() -> None:
    def chunks() -> Any:  # noqa: ANN401 - an iterator
        yield b'[{"User":{"name":"Zaph'
        raise cut_fault("a payload", 5)

    found: list[bytes] = []
    with pytest.raises(Fault):
        found.extend(replaced_json(chunks(), PROPERTIES, LAYOUT_BY_KIND[Kind.USERS]))
    assert len(b"".join(found)) == len(b'[{"User":{"name":"Zaph')
    assert b"Zaph" not in b"".join(found)
