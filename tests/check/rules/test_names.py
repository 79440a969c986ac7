"""Rules of names as importers convert them."""

import json
from pathlib import Path

import pytest

from hcfmt.check.engine import Options, validate
from hcfmt.check.rules.names import odd_room_name
from tests.support.recipes import PASSWORD, cook
from tests.support.synthetic import room, user

GOOD = ["The Lounge", "R&D", "山田", "général", "42", "7", "adminis", "users", "general", "a1", "#1 room", "Ünder"]
ODD = [
    ("", "no name"),
    ("#####", "no letter and no digit"),
    ("🦊", "no letter and no digit"),
    ("\u0301" * 100_000, "no letter and no digit"),
    ("Admin", "reserves"),
    ("administrator!", "reserves"),
    ("SYSTEM", "reserves"),
    ("- user -", "reserves"),
    ("Town Square", "Every team of Mattermost"),
    ("off-topic", "Every team of Mattermost"),
    ("a", "One character"),
]


@pytest.mark.parametrize("name", GOOD)
def test_a_name_that_importers_keep_is_not_reported(name: str) -> None:
    assert list(odd_room_name({"name": name, "privacy": "public"})) == []


@pytest.mark.parametrize(("name", "sentence"), ODD, ids=[sentence for _, sentence in ODD])
def test_a_name_that_an_importer_empties_or_has_is_reported_once(name: str, sentence: str) -> None:
    (flaw,) = odd_room_name({"name": name, "privacy": "private"})
    assert sentence in flaw.message
    assert flaw.path == ("name",)


@pytest.mark.parametrize(("privacy", "count"), [("private", 1), ("public", 0)])
def test_only_a_private_room_may_not_be_called_general(privacy: str, count: int) -> None:
    assert len(list(odd_room_name({"name": "General", "privacy": privacy}))) == count


def clashes(recipe: str, directory: Path) -> dict[str, int]:
    """Return how often the rules of names that clash report a recipe."""
    cooked = cook(recipe)
    path = directory / cooked.name
    path.write_bytes(cooked.data)
    totals = validate(str(path), Options(password=PASSWORD.encode)).totals
    return {code: count for code, count in totals.items() if code in {"HC424", "HC426", "HC436", "HC437"} and count}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Jorg", "Jörg"), {"HC436": 1}),
        (("Jorg", "JORG"), {"HC424": 1}),
        (("Jorg", "Jörg", "Jørg"), {"HC436": 2}),
        (("Jorg", "Jurg"), {}),
        (("Anna", "Анна"), {"HC436": 1}),
        (("🦊", "🐻"), {}),
    ],
)
def test_mention_names_clash_in_ascii(names: tuple[str, ...], expected: dict[str, int], tmp_path: Path) -> None:
    users = [{"User": user(number) | {"mention_name": name}} for number, name in enumerate(names, 1)]
    assert clashes(f"users.json = {json.dumps(users, ensure_ascii=False)}", tmp_path) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Alpha Beta", "Alpha-Beta"), {"HC437": 1}),
        (("Alpha Beta", "alpha beta"), {"HC426": 2}),
        (("Alpha Beta", "Alpha Beta'"), {"HC426": 1}),
        (("R&D", "R and D"), {"HC437": 1}),
        (("général", "General", "Géneral"), {"HC437": 2}),
        (("###", "***"), {}),
        (("Alpha", "Beta"), {}),
    ],
)
def test_room_names_clash_as_channels(names: tuple[str, ...], expected: dict[str, int], tmp_path: Path) -> None:
    canonical = [name.lower().replace(" ", "_").replace("'", "") for name in names]
    rows = enumerate(zip(names, canonical, strict=True), 1)
    rooms = [{"Room": room(number) | {"name": name, "canonical_name": other}} for number, (name, other) in rows]
    assert clashes(f"rooms.json = {json.dumps(rooms, ensure_ascii=False)}", tmp_path) == expected
