"""Contents of glances that add-ons push, and the schema of descriptors."""

from typing import Any

import jsonschema
import pytest

from hcfmt.server.errors import ApiError
from tests.support.api import Api

CONTENT = {
    "label": {"type": "html", "value": "<b>4</b> open"},
    "status": {"type": "lozenge", "value": {"label": "GOOD", "type": "success"}},
}
PUSH = {"glance": [{"key": "an-addon-glance", "content": CONTENT}]}  # as hipchat-go and ac-node-hipchat send it
DESCRIPTOR = {
    "key": "an-addon",
    "name": "An add-on",
    "links": {"self": "http://127.0.0.1:9/descriptor"},
    "capabilities": {"hipchatApiConsumer": {"scopes": ["send_notification"]}},
}


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("updateAddonUi", ()),
        ("updateRoomAddonUi", ("id_or_name",)),
        ("updateUserAddonUi", ("id_or_email",)),
        ("updateRoomUserAddonUi", ("id_or_name", "id_or_email")),
    ],
)
def test_an_addon_pushes_a_glance(api: Api, operation: str, path: tuple[str, ...]) -> None:
    keys = {"id_or_name": api.store.rooms(size=1)[0]["id"], "id_or_email": api.store.users(size=1)[0]["id"]}
    assert api.as_addon()(operation, {name: keys[name] for name in path}, body=PUSH).status == 204


def test_an_unknown_user_in_a_room_is_404(api: Api) -> None:
    path = {"id_or_name": api.store.rooms(size=1)[0]["id"], "id_or_email": "nobody@example.com"}
    with pytest.raises(ApiError) as excinfo:
        api("updateRoomUserAddonUi", path, body=PUSH)
    assert excinfo.value.status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "glance"),
        ({"glance": {}}, "glance"),
        ({"glance": [{"key": "k"}]}, "glance.0.content"),
        ({"glance": [{"content": {}}]}, "glance.0.key"),
        ({"glance": [{"key": "k", "content": {"label": "text"}}]}, "glance.0.content.label"),
        ({"glance": [{"key": "k" * 41, "content": {}}]}, "glance.0.key"),
    ],
)
def test_a_push_of_another_form_is_refused(api: Api, body: Any, field: str) -> None:  # noqa: ANN401 - any JSON value
    with pytest.raises(ApiError) as excinfo:
        api("updateAddonUi", body=body)
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, field)


@pytest.mark.parametrize("query", ["", "draft=v2", "draft=v4"])
def test_the_schema_of_descriptors_is_one_of_draft_4(api: Api, query: str) -> None:
    schema = api("getAddonCapabilitiesSchema", query=query).body
    jsonschema.Draft4Validator.check_schema(schema)
    validator = jsonschema.Draft4Validator(schema)
    validator.validate(DESCRIPTOR)
    assert not validator.is_valid({**DESCRIPTOR, "key": ""})
    assert not validator.is_valid({**DESCRIPTOR, "capabilities": {"webhook": [{"url": "http://127.0.0.1/"}]}})
    assert "x-source" not in schema


def test_an_unknown_draft_is_refused(api: Api) -> None:
    with pytest.raises(ApiError) as excinfo:
        api("getAddonCapabilitiesSchema", query="draft=v3")
    assert (excinfo.value.status, excinfo.value.details["field"]) == (400, "draft")
