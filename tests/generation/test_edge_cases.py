"""Exports with edge cases are sound, and importers stumble on them."""

import json
from pathlib import Path
from typing import Any

import pytest

from hcfmt import Options, Verdict, validate
from hcfmt.export.dialects import CHECKED
from hcfmt.generation.edge_cases import CODE_TEXTS, EDGE_CASES
from hcfmt.generation.generate import generate
from hcfmt.generation.members import members
from hcfmt.generation.plan import planned

MORE, FEWER = 1, -1
# Each edge case, an importer, the condition that it meets more or less often than without the edge case.
CONDITIONS = [
    ("busy-inbox", "rocketchat", "R60", MORE),
    ("code", "zulip", "Z40b", MORE),
    ("large-ids", "zulip", "Z27", MORE),
    ("no-avatars", "zulip", "Z02", FEWER),
    ("null-avatars", "migratemost", "M05", FEWER),
    ("unicode-mention-names", "rocketchat", "R33", MORE),
]


def test_every_edge_case_has_an_importer_that_it_matters_to() -> None:
    assert {case for case, *_ in CONDITIONS} == EDGE_CASES.keys()


def met(path: Path, importer: str, condition: str, *edge_cases: str) -> int:
    generate(str(path), planned("small", messages=600, locales=("ja_JP",), edge_cases=edge_cases), force=True)
    report = validate(str(path), Options(importers=[importer]))
    assert report.verdict is Verdict.VALID
    (verdict,) = report.importers
    return sum(found.count for found in verdict.conditions if found.id == condition)


@pytest.mark.parametrize(("case", "importer", "condition", "change"), CONDITIONS)
def test_an_importer_stumbles_on_an_edge_case(
    case: str, importer: str, condition: str, change: int, tmp_path: Path
) -> None:
    before = met(tmp_path / "export.tar", importer, condition)
    after = met(tmp_path / "export.tar", importer, condition, case)
    assert after > before if change == MORE else after < before


def read(*edge_cases: str, dialect: str = "hc-migrate") -> dict[str, Any]:
    """Return the data files of a generated export by path."""
    entries = members(planned("tiny", edge_cases=edge_cases, dialect=dialect))
    files = [(entry.path, b"".join(entry.chunks)) for entry in entries]
    return {path: json.loads(data) for path, data in files if path.endswith("/history.json") or "/" not in path}


@pytest.mark.parametrize("dialect", CHECKED)
def test_large_ids_need_more_than_31_bits(dialect: str) -> None:
    export = read("large-ids", dialect=dialect)
    ids = [record["id"] for path in ("users.json", "rooms.json") for (record,) in map(dict.values, export[path])]
    assert min(ids) > 0x7FFF_FFFF
    assert {int(path.split("/")[1]) for path in export if "/" in path} == {*ids}


def test_users_without_avatars_have_an_empty_text_or_null() -> None:
    def avatars(*edge_cases: str) -> set[str | None]:
        return {user["User"]["avatar"] for user in read(*edge_cases)["users.json"]}

    assert "" in avatars()
    assert avatars("no-avatars") == {""}
    assert avatars("no-avatars", "null-avatars") == {None}
    assert avatars("null-avatars") == avatars() - {""} | {None}


@pytest.mark.parametrize("dialect", CHECKED)
def test_code_is_in_some_messages(dialect: str) -> None:
    histories = [history for path, history in read("code", dialect=dialect).items() if "/" in path]
    texts = [message["message"] for history in histories for record in history for message in record.values()]
    assert {*texts} & {*CODE_TEXTS}
    assert {*texts} - {*CODE_TEXTS}


def test_only_the_companys_first_user_has_private_messages_with_several_people() -> None:
    partners: dict[str, set[int]] = {}
    for path, history in read("busy-inbox").items():
        if path.startswith("users/"):
            messages = [record["PrivateUserMessage"] for record in history]
            partners[path] = {message[side]["id"] for message in messages for side in ("sender", "receiver")}
    assert partners.pop("users/1/history.json") > {1}
    assert all(people <= {1, int(path.split("/")[1])} for path, people in partners.items())
