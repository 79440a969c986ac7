"""Exports with scenarios have what these promise, and importers stumble over it."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import Options, UsageError, Verdict, validate
from hcfmt.export.dialects import CHECKED
from hcfmt.generation.generate import generate
from hcfmt.generation.members import members
from hcfmt.generation.plan import Plan, planned
from hcfmt.generation.scenarios import CODE_TEXTS, SCENARIOS
from hcfmt.generation.uploads import upload
from hcfmt.generation.world_building import build_world
from tests.support.checking import in_manifest
from tests.support.memory import traced
from tests.support.scenario_table import EVIDENCE, MORE, Met

# Numbers in place of those of the scenario, where its size is its point.
FEW: dict[str, dict[str, Any]] = {
    "large-file": {"attachment_bytes": 2_000_000},
    "large-room": {"users": 60},
    "long-history": {"messages": 900},
    "many-files": {"attachments": 60, "attachment_bytes": 1_000_000, "messages": 600},
    "ten-years": {"since": date(2016, 2, 1)},
}


def small(*names: str, **changes: Any) -> Plan:  # noqa: ANN401 - fields of Plan
    fewer = {field: value for name in names for field, value in FEW.get(name, {}).items()}
    return planned("small", scenarios=names, **{"messages": 400, **fewer, **changes})


def test_every_scenario_has_its_evidence_and_the_numbers_that_its_fields_and_needs_name() -> None:
    assert SCENARIOS.keys() == EVIDENCE.keys()
    assert all(evidence.met or evidence.anchor or name == "ten-years" for name, evidence in EVIDENCE.items())
    names = {field for row in SCENARIOS.values() for field in (*row.plan, *row.needs)}
    assert all(hasattr(Plan(), name) for name in names)


@pytest.mark.parametrize("dialect", CHECKED)
@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.slow
def test_an_export_has_the_verdict_and_the_findings_of_its_scenario(name: str, dialect: str, tmp_path: Path) -> None:
    manifest = generate(str(tmp_path / "export.tar"), small(name, dialect=dialect))
    report = validate(str(tmp_path / "export.tar"), Options())
    assert (report.verdict, report.totals.keys() - {*SCENARIOS[name].findings, "HC019"}) == (
        SCENARIOS[name].verdict, set(),
    )  # fmt: skip
    assert manifest["expected"] == in_manifest(report.inventory)


# The size of the large file has a test of its own: here it is smaller.
CONDITIONS = [(name, met) for name, evidence in EVIDENCE.items() for met in evidence.met if name != "large-file"]


def met_by(path: Path, met: Met, *names: str) -> int:
    generate(str(path), small(*names, locales=("ja_JP",)), force=True)
    (verdict,) = validate(str(path), Options(importers=[met.importer])).importers
    return sum(found.count for found in verdict.conditions if found.id == met.condition)


@pytest.mark.parametrize(("name", "met"), CONDITIONS)
@pytest.mark.slow
def test_an_importer_stumbles_over_a_scenario(name: str, met: Met, tmp_path: Path) -> None:
    before, after = met_by(tmp_path / "export.tar", met), met_by(tmp_path / "export.tar", met, name)
    assert after > before if met.change == MORE else after < before


def read(*names: str, dialect: str = "hc-migrate", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return the data files of a generated export by path, and the sizes of all other members."""
    plan = planned("tiny", scenarios=names, dialect=dialect, **changes)
    files = [(entry.path, b"".join(entry.chunks)) for entry in members(plan)]
    return {
        path: json.loads(data) if path.endswith("/history.json") or "/" not in path else len(data)
        for path, data in files
    }


def histories(export: dict[str, Any], directory: str) -> dict[int, list[dict[str, Any]]]:
    """Return the messages of each history below a directory by its id."""
    paths = [path for path in export if path.startswith(f"{directory}/") and path.endswith("/history.json")]
    return {int(path.split("/")[1]): [*_messages(export[path])] for path in paths}


def _messages(history: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (message for record in history for message in record.values())


def records(export: dict[str, Any], path: str) -> list[dict[str, Any]]:
    return [record for wrapper in export[path] for record in wrapper.values()]


@pytest.mark.parametrize("dialect", CHECKED)
def test_large_ids_need_more_than_31_bits(dialect: str) -> None:
    export = read("large-ids", dialect=dialect)
    ids = [record["id"] for path in ("users.json", "rooms.json") for (record,) in map(dict.values, export[path])]
    assert min(ids) > 0x7FFF_FFFF
    assert {*histories(export, "rooms"), *histories(export, "users")} == {*ids}


def test_users_without_avatars_have_an_empty_text_or_null() -> None:
    def avatars(*names: str) -> set[str | None]:
        return {user["avatar"] for user in records(read(*names), "users.json")}

    assert "" in avatars()
    assert avatars("no-avatars") == {""}
    assert avatars("no-avatars", "null-avatars") == {None}
    assert avatars("null-avatars") == avatars() - {""} | {None}


@pytest.mark.parametrize("dialect", CHECKED)
def test_code_is_in_some_messages(dialect: str) -> None:
    export = read("code", dialect=dialect)
    found = [*histories(export, "rooms").values(), *histories(export, "users").values()]
    texts = [message["message"] for history in found for message in history]
    assert {*texts} & {*CODE_TEXTS}
    assert {*texts} - {*CODE_TEXTS}


def test_only_the_companys_first_user_has_private_messages_with_several_people() -> None:
    partners = {
        user: {message[side]["id"] for message in history for side in ("sender", "receiver")}
        for user, history in histories(read("busy-inbox"), "users").items()
    }
    assert partners.pop(1) > {1}
    assert all(people <= {1, user} for user, people in partners.items())


def test_no_file_is_in_an_emptied_store_and_messages_name_them() -> None:
    export = read("empty-file-store")
    assert not [path for path in export if "/files/" in path and "/img/emoticons/" not in path]
    messages = [*histories(export, "rooms").values(), *histories(export, "users").values()]
    assert sum(bool(message.get("attachment")) for history in messages for message in history) >= 2


def test_every_second_history_is_empty() -> None:
    sizes = [len(history) for history in histories(read("empty-histories", rooms=4), "rooms").values()]
    assert [bool(size) for size in sizes] == [True, False, True, False]


def test_everybody_but_the_owner_is_a_guest_and_guests_write() -> None:
    export = read("guests-only", users=12, rooms=3, private_rooms=1)
    guests = {user["id"] for user in records(export, "users.json") if user["account_type"] == "guest"}
    assert len(guests) == 11
    writers = {message["sender"]["id"] for history in histories(export, "rooms").values() for message in history}
    assert len(writers & guests) > 3


def test_one_file_has_more_bytes_than_an_integer_of_32_bits_counts() -> None:
    plan = planned("small", scenarios=("large-file",))
    sizes = sorted(upload(plan, number, plan.first_second).size for number in range(plan.attachments))
    assert sizes[-1] > 2_147_483_647 + 1
    assert sizes[-2] < 2_000_000


def test_a_large_file_is_never_in_memory_as_a_whole() -> None:
    entries = members(planned("tiny", scenarios=("large-file",), attachment_bytes=64_000_000))
    with traced() as highest:
        assert max(sum(map(len, entry.chunks)) for entry in entries) > 60_000_000
        assert highest() < 32_000_000


def test_a_large_room_has_everybody_as_a_member() -> None:
    assert planned("small", scenarios=("large-room",)).users > 5_100
    export = read("large-room", users=30)
    everybody = {user["id"] for user in records(export, "users.json") if user["account_type"] != "guest"}
    assert everybody in [{*room["members"]} for room in records(export, "rooms.json")]
    assert len(everybody) == 29


def test_one_room_has_almost_all_messages() -> None:
    quotas = build_world(planned("small", scenarios=("long-history",))).room_quotas
    assert max(quota.messages for quota in quotas.values()) > 1_000_000
    sizes = sorted(len(history) for history in histories(read("long-history", messages=600), "rooms").values())
    assert sizes[-1] > 0.9 * sum(sizes)


def test_there_are_50_000_files() -> None:
    quotas = build_world(planned("tiny", scenarios=("many-files",)))
    numbers = [
        number for quota in (*quotas.room_quotas.values(), *quotas.pair_quotas.values()) for number in quota.uploads
    ]
    assert sorted(numbers) == list(range(50_000))


def test_people_share_names_and_deleted_ones_mention_names() -> None:
    users = records(read("namesakes", users=12), "users.json")
    assert max(Counter(user["name"] for user in users).values()) >= 2
    living = {user["mention_name"] for user in users if not user["is_deleted"]}
    deleted = [user["mention_name"] for user in users if user["is_deleted"]]
    assert len(deleted) == 2
    assert {*deleted} <= living


def test_no_history_of_a_user_has_a_message() -> None:
    assert not any(histories(read("no-private-messages"), "users").values())


@pytest.mark.parametrize("dialect", CHECKED)
def test_messages_of_a_purged_person_are_left_and_nothing_else(dialect: str) -> None:
    export = read("purged-person", users=8, messages=300, dialect=dialect)
    users = {user["id"] for user in records(export, "users.json")}
    assert len(users) == 7
    messages = [message for history in histories(export, "rooms").values() for message in history]
    senders = {message["sender"]["id"] for message in messages if isinstance(message["sender"], dict)} - {0}
    (purged,) = senders - users
    assert purged not in histories(export, "users")
    members_ = [member for room in records(export, "rooms.json") for member in room["members"]]
    assert purged not in [member["id"] if isinstance(member, dict) else member for member in members_]
    assert purged not in {room["owner"] for room in records(export, "rooms.json")}


def test_two_rooms_have_the_canonical_name_of_a_former_name() -> None:
    world = build_world(planned("small", scenarios=("renamed-rooms",)))
    assert sum(room.canonical_name_differs for room in world.rooms) == 2


def test_messages_are_of_ten_years() -> None:
    years = {
        message["timestamp"][:4]
        for history in histories(read("ten-years", messages=400), "rooms").values()
        for message in history
    }
    assert years >= {str(year) for year in range(2010, 2020)}


@settings(max_examples=25)
@given(st.lists(st.sampled_from(sorted(SCENARIOS)), min_size=2, max_size=4, unique=True), st.sampled_from(CHECKED))
@pytest.mark.slow
def test_scenarios_combine_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], dialect: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "combined.tar"
    try:
        plan = small(*names, messages=200, dialect=dialect)
    except UsageError as error:
        assert "want different" in str(error)  # noqa: PT017 - not every set is refused
        return
    manifest = generate(str(path), plan, force=True)
    report = validate(str(path), Options())
    # Years without a file or a private message are suspect, and rightly so.
    known = {"HC019", "HC802", "HC803", *(code for name in names for code in SCENARIOS[name].findings)}
    assert report.totals.keys() <= known
    is_invalid = any(SCENARIOS[name].verdict == Verdict.INVALID for name in names)
    assert report.verdict == (Verdict.INVALID if is_invalid else Verdict.VALID)
    assert manifest["expected"] == in_manifest(report.inventory)


def test_scenarios_combine_and_given_numbers_win() -> None:
    plan = planned("tiny", scenarios=("ten-years", "large-ids", "no-private-messages"), private_share=0.5)
    assert (plan.since.year, plan.private_share) == (2010, 0.5)
    assert planned("tiny", edge_cases=("code",)) == planned("tiny", scenarios=("code",))


def test_scenarios_that_want_different_numbers_are_refused_until_one_is_given() -> None:
    both = ("long-history", "many-files")
    with pytest.raises(UsageError, match="long-history and many-files want different messages: give a value"):
        planned("small", scenarios=both)
    assert planned("small", scenarios=both, messages=70_000).attachments == 50_000


def test_a_scenario_that_lacks_what_it_needs_is_refused() -> None:
    with pytest.raises(UsageError, match="private_rooms is 0, but the scenario large-room needs some"):
        planned("small", scenarios=("large-room",), private_rooms=0)
