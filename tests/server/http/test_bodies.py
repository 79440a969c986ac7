"""Bodies of requests: JSON, forms, uploads, and the errors for invalid ones."""

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hcfmt.export.schema_errors import first_mismatch
from hcfmt.server.errors import ApiError
from hcfmt.server.http.bodies import MAX_FIELDS, MAX_NESTING, read_body
from hcfmt.server.openapi import contract
from hcfmt.server.store import Upload

OPERATIONS = {operation.id: operation for operation in contract.operations()}
WITH_BODY = [operation for operation in OPERATIONS.values() if operation.content]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

VALID: list[tuple[str, str, bytes, dict[str, Any]]] = [
    ("createRoom", JSON, b'{"name": "R"}', {"name": "R", "topic": "", "guest_access": False, "privacy": "public"}),
    (
        "createRoom",
        "Application/JSON ; charset=utf-8",
        b'{"name": "R", "privacy": "private", "owner_user_id": null, "x": 1}',
        {"name": "R", "topic": "", "guest_access": False, "privacy": "private", "owner_user_id": None},
    ),
    ("updateRoom", JSON, b'{"owner": {"id": 7, "x": 1}}', {"owner": {"id": 7, "x": 1}}),
    ("updateRoom", JSON, b"", {}),
    ("updateRoom", "", b"", {}),
    ("addRoomMember", JSON, b"null", {}),
    ("addRoomMember", JSON, b"[]", {}),
    ("addRoomMember", "", b"", {}),
    ("addRoomMember", FORM, b"", {}),
    ("addRoomMember", FORM, b"room_roles=room_member,room_admin", {"room_roles": ["room_member", "room_admin"]}),
    ("addRoomMember", JSON, b'{"room_roles": ["room_admin"]}', {"room_roles": ["room_admin"]}),
    ("inviteUserToRoom", JSON, b'{"reason": "why"}', {"reason": "why"}),
    ("setRoomTopic", JSON, b'{"topic": ""}', {"topic": ""}),
    (
        "createUser",
        JSON,
        b'{"name": "A", "email": "a@example.com", "title": "", "mention_name": "", "password": ""}',
        {"name": "A", "email": "a@example.com", "title": "", "mention_name": "", "password": ""},
    ),
    (
        "createRoomWebhook",
        JSON,
        b'{"url": "http://x/", "event": "room_message", "pattern": null, "name": null}',
        {"url": "http://x/", "event": "room_message", "pattern": None, "name": None, "authentication": "none"},
    ),
    (
        "generateToken",
        FORM,
        b"grant_type=password&username=a%40example.com&scope=view_group+view_room&x=1",
        {"grant_type": "password", "username": "a@example.com", "scope": "view_group view_room"},
    ),
    ("generateToken", FORM, b"grant_type=x&grant_type=password", {"grant_type": "password"}),
    ("generateToken", JSON, b'{"grant_type": "password"}', {"grant_type": "password"}),
    ("setRoomTopic", FORM, b"topic=h%C3%A9+there&auth_token=x", {"topic": "h\xe9 there"}),
    (
        "sendRoomNotification",
        FORM,
        b"message=hi&color=red&notify=True&message_format=text&from=",
        {"message": "hi", "color": "red", "notify": True, "message_format": "text", "from": ""},
    ),
    ("sendPrivateMessage", FORM, b"message=1&notify=0", {"message": "1", "notify": False, "message_format": "html"}),
    (
        "createRoom",
        FORM,
        b"name=7&guest_access=1&owner_user_id=12",
        {"name": "7", "topic": "", "guest_access": True, "privacy": "public", "owner_user_id": "12"},
    ),
]

INVALID: list[tuple[str, str, bytes, str]] = [
    ("setRoomTopic", JSON, b"", "Required field 'topic' is missing"),
    ("setRoomTopic", JSON, b"{}", "Required field 'topic' is missing"),
    ("setRoomTopic", JSON, b"null", "Value None for field 'body' is not of type 'object'"),
    ("setRoomTopic", JSON, b"[]", "Value [] for field 'body' is not of type 'object'"),
    ("setRoomTopic", JSON, b'"topic"', "Value u'topic' for field 'body' is not of type 'object'"),
    ("setRoomTopic", "", b'{"topic": "x"}', "Invalid content type: None"),
    ("setRoomTopic", "text/plain; charset=utf-8", b"x", "Invalid content type: text/plain"),
    ("setRoomTopic", FORM, b"subject=x", "Required field 'topic' is missing"),
    ("sendRoomNotification", FORM, b"message=x&notify=yes", "Value u'yes' for field 'notify' is not of type 'boolean'"),
    ("sendRoomNotification", FORM, b"message=x&notify=", "Value u'' for field 'notify' is not of type 'boolean'"),
    ("sendRoomNotification", FORM, b"message=x&card=%7B%7D", "Value u'{}' for field 'card' is not of type 'object'"),
    ("shareFileWithRoom", FORM, b"message=x", "Invalid content type: application/x-www-form-urlencoded"),
    ("setRoomTopic", "x" * 5000, b"x", f"Invalid content type: {'x' * 100}"),
    ("shareFileWithRoom", JSON, b"{}", "Invalid content type: application/json"),
    ("shareFileWithRoom", "", b"", "Invalid content type: None"),
    ("setRoomTopic", JSON, b"{", "The request body is not valid JSON"),
    ("setRoomTopic", JSON, b'{"topic": NaN}', "The request body is not valid JSON"),
    ("setRoomTopic", JSON, b'{"topic": "\xff"}', "The request body is not valid JSON"),
    ("setRoomTopic", JSON, b'{"topic": "\\ud800"}', "The request body is not valid JSON"),
    ("setRoomTopic", JSON, b"[" * 5000, "The request body is not valid JSON"),
    ("setRoomTopic", JSON, b'{"topic": "a\\u0000"}', "The request body contains U+0000"),
    ("createRoom", JSON, b'{"name": ""}', "Length of value u'' for field 'name' must be greater than or equal to 1"),
    (
        "createUser",
        JSON,
        b'{"name": "A", "email": "nobody"}',
        "Value u'nobody' for field 'email' does not match regular expression '^[^@",
    ),
    (
        "updateUser",
        JSON,
        b'{"roles": ["king"]}',
        "Value u'king' for field 'roles.0' is not in the enumeration: [u'user', u'admin', u'owner', u'moderator']",
    ),
    ("generateToken", FORM, b"grant_type=%ff", "Value u'\\ufffd' for field 'grant_type' is not in"),
    ("generateToken", FORM, b"\xff", "The request body is not a valid form"),
    ("generateToken", FORM, b"a&" * (MAX_FIELDS + 1), "The request body is not a valid form"),
    ("generateToken", FORM, b"grant_type=password&username=%00", "The request body contains U+0000"),
]


def related(*parts: bytes, end: bytes = b"\r\n") -> bytes:
    """Return a multipart body of parts with their headers."""
    return b"".join(b"--b" + end + part + end for part in parts) + b"--b--" + end


FILE = b'Content-Type: image/png\r\nContent-Disposition: attachment; name="file"; filename="a.png"\r\n\r\nPNG'
METADATA = b'Content-Type: application/json; charset=UTF-8\r\n\r\n{"message": "hi"}'

UPLOADS: list[tuple[str, str, bytes, Upload]] = [
    (
        "metadata and a file",
        "related",
        related(METADATA, FILE),
        Upload("a.png", "image/png", b"PNG", {"message": "hi"}),
    ),
    ("the file first", "related", related(FILE, METADATA), Upload("a.png", "image/png", b"PNG", {"message": "hi"})),
    ("a file alone", "related", related(FILE), Upload("a.png", "image/png", b"PNG", {"message": ""})),
    (
        "nothing but an order",
        "related",
        related(b'\r\n{"message": "hi", "x": 1}', b"\r\nBYTES"),
        Upload("file", "application/octet-stream", b"BYTES", {"message": "hi"}),
    ),
    (
        "lines as a Ruby client ends them, a type that is none, base64",
        "related",
        related(
            b'Content-Type: application/json; charset=UTF-8\nContent-Disposition: attachment; name="metadata"\n\n{}',
            b"Content-Type: ; charset=UTF-8\nContent-Transfer-Encoding: base64\n"
            b'Content-Disposition: attachment; name="file"; filename="a b.txt"\n\naGVs\nbG8=',
            end=b"\n",
        ),
        Upload("a b.txt", "application/octet-stream", b"hello", {"message": ""}),
    ),
    (
        "a form",
        "form-data",
        related(b'Content-Disposition: form-data; name="message"\r\n\r\nh\xc3\xa9', FILE),
        Upload("a.png", "image/png", b"PNG", {"message": "hé"}),
    ),
    (
        "a file of JSON",
        "form-data",
        related(b'Content-Type: application/json\r\nContent-Disposition: form-data; name="file"\r\n\r\n{'),
        Upload("file", "application/json", b"{", {"message": ""}),
    ),
]

NO_UPLOADS: list[tuple[str, bytes, str]] = [
    ("metadata alone", related(METADATA), "Required field 'file' is missing"),
    ("metadata that is no JSON", related(b"\r\n{", FILE), "The request body is not valid JSON"),
    ("metadata that is no object", related(b"\r\n[]", FILE), "Value [] for field 'metadata' is not of type 'object'"),
    (
        "a message that is no text",
        related(b'\r\n{"message": 1}', FILE),
        "Value 1 for field 'message' is not of type 'string'",
    ),
    (
        "a field that is no text",
        related(b'Content-Disposition: form-data; name="message"\r\n\r\n\xff', FILE),
        "The request body is not valid text",
    ),
    (
        "a field with U+0000",
        related(b'Content-Disposition: form-data; name="message"\r\n\r\n\0', FILE),
        "The request body contains U+0000",
    ),
    ("nothing", b"", "The request body has no parts"),
]


def read_or_status(operation: contract.Operation, kind: str, data: bytes) -> tuple[Any, int | None]:
    """Return a body and None, or None and the status of the error."""
    try:
        return read_body(operation, kind, data), None
    except ApiError as error:
        return None, error.status


@pytest.mark.parametrize(("name", "kind", "data", "body"), VALID)
def test_a_valid_body_is_read(name: str, kind: str, data: bytes, body: dict[str, Any]) -> None:
    assert read_body(OPERATIONS[name], kind, data) == body


@pytest.mark.parametrize(("name", "kind", "data", "message"), INVALID)
def test_an_invalid_body_is_refused(name: str, kind: str, data: bytes, message: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        read_body(OPERATIONS[name], kind, data)
    assert excinfo.value.status == 400
    assert excinfo.value.message.startswith(message)


def test_json_that_nests_too_deeply_is_refused() -> None:
    card = b'{"message": "x", "card": {"style": "link", "id": "1", "title": "T", "a": %s}}'
    inner = MAX_NESTING - 2
    assert read_body(OPERATIONS["sendRoomNotification"], JSON, card % (b"[" * inner + b"]" * inner))
    inner += 1
    with pytest.raises(ApiError, match="nests deeper"):
        read_body(OPERATIONS["sendRoomNotification"], JSON, card % (b"[" * inner + b"]" * inner))


def test_a_backslash_before_u0000_is_text() -> None:
    assert read_body(OPERATIONS["setRoomTopic"], JSON, rb'{"topic": "\\u0000"}') == {"topic": r"\u0000"}


@pytest.mark.parametrize(("kind", "data", "upload"), [row[1:] for row in UPLOADS], ids=[row[0] for row in UPLOADS])
def test_an_upload_is_read(kind: str, data: bytes, upload: Upload) -> None:
    assert read_body(OPERATIONS["shareFileWithUser"], f"multipart/{kind}; boundary=b", data) == upload


@pytest.mark.parametrize(("data", "message"), [row[1:] for row in NO_UPLOADS], ids=[row[0] for row in NO_UPLOADS])
def test_an_invalid_upload_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ApiError) as excinfo:
        read_body(OPERATIONS["shareFileWithRoom"], 'multipart/related; boundary="b"', data)
    assert excinfo.value.message == message


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.png", "a.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\a.png", "a.png"),
        ("..", "file"),
        ("a/", "file"),
        ("", "file"),
        ("a\x7f\tb", "ab"),
        ("é\U0001f600.png", "é\U0001f600.png"),
        ("x" * 400 + ".png", "x" * 400 + ".png"),
    ],
)
def test_the_name_of_a_file_is_never_a_path(sent: str, name: str) -> None:
    head = f'Content-Disposition: form-data; name="file"; filename="{sent}"\r\n\r\n'
    upload = read_body(
        OPERATIONS["shareFileWithRoom"], "multipart/form-data; boundary=b", related(head.encode() + b"x")
    )
    assert upload.name == name


@given(operation=st.sampled_from(WITH_BODY), kind=st.text(max_size=50), data=st.binary(max_size=200))
@example(OPERATIONS["shareFileWithRoom"], "multipart/related; boundary*=x''%ff", b"")
def test_any_bytes_are_read_or_refused(operation: contract.Operation, kind: str, data: bytes) -> None:
    for content_type in (kind, *operation.content):
        assert read_or_status(operation, content_type, data)[1] in {None, 400}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.data())
def test_any_accepted_form_is_as_documented(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([item for item in WITH_BODY if FORM in item.content]))
    schema = operation.content[FORM]
    names = st.sampled_from(sorted(schema["properties"]))
    texts = st.sampled_from(["true", "0", "7", "a,b", "", "http://x/"]) | st.text(max_size=5)
    fields = data.draw(st.dictionaries(names, texts, max_size=6))
    body, status = read_or_status(operation, FORM, urlencode(fields, errors="replace").encode())
    if status:
        assert status == 400
        return
    assert set(fields) <= set(body) <= set(schema["properties"])
    assert first_mismatch(schema, body) is None


@given(data=st.data())
def test_any_accepted_object_is_as_documented(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([item for item in WITH_BODY if JSON in item.content]))
    schema = operation.content[JSON]
    names = st.sampled_from(sorted(schema["properties"]))
    value = data.draw(st.dictionaries(names, JSON_VALUES, max_size=6))
    body, status = read_or_status(operation, JSON, orjson.dumps(value))
    if status:
        assert status == 400
        return
    assert set(value) <= set(body) <= set(schema["properties"])
    assert first_mismatch(schema, body) is None
