"""Placeholder records: they match their schemas in every dialect."""

import pytest

from hcfmt.export.dialects import CHECKED, HC_MIGRATE
from hcfmt.export.placeholders import placeholder_room, placeholder_user
from hcfmt.export.schema_errors import explain
from hcfmt.export.schemas import in_dialect

each_dialect = pytest.mark.parametrize("dialect", CHECKED)


def schema(name: str, dialect: str) -> str:
    return name if dialect == HC_MIGRATE else in_dialect(name, dialect)


@each_dialect
@pytest.mark.parametrize("name", [None, "Ann"])
def test_a_lost_user_is_a_deleted_account(dialect: str, name: str | None) -> None:
    user = placeholder_user(7, dialect, name)
    assert explain(schema("export/users", dialect), [user]) == []
    assert (user["User"]["is_deleted"], user["User"]["name"]) == (True, name or "Lost user 7")


@each_dialect
def test_a_lost_room_with_an_owner_has_no_flaw(dialect: str) -> None:
    room = placeholder_room(7, dialect, owner=1, topic="lunch")
    assert [code for code, _ in explain(schema("export/rooms", dialect), [room])] == []
    assert (room["Room"]["privacy"], room["Room"]["topic"]) == ("private", "lunch")
