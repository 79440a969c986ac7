"""Verdicts on importers: the same in any slices and processes, and what an importer's own algorithm gives."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt import PROFILES, ImporterVerdict, Options, Plan, UsageError, break_archive, generate, validate
from hcfmt.check import pipeline
from hcfmt.container import open_archive
from hcfmt.exits import Exit
from hcfmt.export import slices
from hcfmt.export.message_kinds import MESSAGE_KINDS
from hcfmt.export.schemas import read
from hcfmt.profiles.loading import ALL
from hcfmt.report.importers import importer_sentence
from hcfmt.verdict import exit_status
from tests.support.checking import processes
from tests.support.dialects import in_dialect, packed
from tests.support.executors import InOtherOrder
from tests.support.mutations import mutated
from tests.support.recipes import PASSWORD, UNCHANGED, cook, sample_files


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("importers") / "small.tar.gz"
    generate(str(path), Plan(messages=1200))
    return path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("importers") / "tiny.tar.gz"
    generate(str(path), PROFILES["tiny"])
    return path


def verdicts(data: bytes | Path, *names: str, **options: Any) -> tuple[ImporterVerdict, ...]:  # noqa: ANN401 - of Options
    source = io.BytesIO(data) if isinstance(data, bytes) else str(data)
    return tuple(validate(source, Options(password=PASSWORD.encode, importers=names, **options)).importers)


def counts(verdict: ImporterVerdict) -> dict[str, int]:
    return {condition.id: condition.count for condition in verdict.conditions}


def private_messages(path: Path) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield the owner and the messages of each history of a user, in the order of the archive."""
    with open_archive(str(path), password=None) as opened:
        for member in opened.members():
            content = b"".join(member.chunks)
            if member.path.startswith("users/") and member.path.endswith("/history.json"):
                yield int(member.path.split("/")[1]), [entry["PrivateUserMessage"] for entry in json.loads(content)]


def misfiled_by_rocket_chat(path: Path) -> tuple[int, int]:
    """Return the private messages that its algorithm misfiles: under other people, and under other people's ids."""
    with open_archive(str(path), password=None) as opened:
        (rooms,) = [json.loads(b"".join(member.chunks)) for member in opened.members() if member.path == "rooms.json"]
    owners: dict[str, set[int]] = {str(entry["Room"]["id"]): set() for entry in rooms}
    seen, wrong_people, same_ids = set[str](), 0, 0
    for _, messages in private_messages(path):
        conversations: dict[int, set[int]] = {}
        for message in messages:
            if message["id"] in seen:
                continue
            seen.add(message["id"])
            pair = {message["sender"]["id"], message["receiver"]["id"]}
            filed = conversations.setdefault(message["receiver"]["id"], pair)
            owner = owners.setdefault("".join(sorted(map(str, filed))), filed)
            wrong_people += filed != pair
            same_ids += filed == pair != owner
    return wrong_people, same_ids


MISFILED = {
    "small with 1,200 messages": (Plan(messages=1_200), (88, 4)),
    "few people": (Plan(seed=2, messages=300, users=6), None),
    "another seed": (Plan(seed=7, messages=400), None),
    "more people": (Plan(seed=9, messages=400, users=60), None),
}


@pytest.mark.parametrize("case", MISFILED)
def test_rocket_chat_misfiles_as_many_messages_as_its_own_algorithm(case: str, tmp_path: Path) -> None:
    plan, expected = MISFILED[case]
    path = tmp_path / "generated.tar.gz"
    generate(str(path), plan)
    wrong_people, same_ids = misfiled_by_rocket_chat(path)
    (verdict,) = verdicts(path, "rocketchat")
    met = counts(verdict)
    assert (met.get("R60", 0), met.get("R62", 0)) == (wrong_people, same_ids)
    assert verdict.lost["misfiled"] == wrong_people + same_ids > 0
    assert expected in {None, (wrong_people, same_ids)}


def test_messages_of_two_users_with_each_other_are_lost_once(archive: Path) -> None:
    recipe = "\n".join(f'users.json#/{index}/User/mention_name = "Zoë {index}"' for index in range(20))
    changed = archive.with_name("changed.tar.gz")
    break_archive(str(archive), str(changed), recipe=recipe)
    (verdict,) = verdicts(changed, "rocketchat")
    report = validate(str(archive), Options()).inventory["messages"]
    private = report["distinct"] - sum(report[kind.name] for kind in MESSAGE_KINDS if kind.name != "PrivateUserMessage")  # type: ignore[index]
    assert verdict.lost["messages"] - counts(verdict)["R01"] == private


def test_rocket_chat_loses_every_notification_and_every_file(archive: Path) -> None:
    report = validate(str(archive), Options(importers=["rocketchat"]))
    lost = counts(report.importers[0])
    assert lost["R01"] == report.inventory["messages"]["NotificationMessage"]  # type: ignore[index]
    assert lost["R02"] == sum(kind["count"] for kind in report.inventory["attachments"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("plan", [PROFILES["tiny"], Plan(seed=3), Plan(seed=5, locales=("ja_JP",))], ids=repr)
def test_migratemost_imports_all_that_it_reads_of_a_sound_archive(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "sound.tar.gz"
    generate(str(path), plan)
    (verdict,) = verdicts(path, "migratemost")
    assert (verdict.outcome, set(verdict.lost.values())) == ("imports", {0})


def test_mattermost_stops_at_the_first_post_of_each_archive(archive: Path) -> None:
    report = validate(str(archive), Options(importers=["mattermost"]))
    messages: Any = report.inventory["messages"]
    met = {condition.id: condition.count for condition in report.importers[0].conditions}
    assert report.importers[0].outcome == "refused"
    assert met["M01"] == messages["UserMessage"] + messages["PrivateUserMessage"] // 2  # each is stored twice


def test_migratemost_loses_the_private_messages_of_who_has_no_history(archive: Path, tmp_path: Path) -> None:
    sent = {
        owner: sum(message["sender"]["id"] == owner != message["receiver"]["id"] for message in messages)
        for owner, messages in private_messages(archive)
    }
    owner = max(sent, key=lambda user: sent[user])
    damaged = tmp_path / "damaged.tar.gz"
    break_archive(str(archive), str(damaged), recipe=f"users/{owner}/history.json -")
    (verdict,) = verdicts(damaged, "migratemost")
    assert (verdict.outcome, verdict.lost["messages"]) == ("loses", sent[owner])


def test_hipmost_keeps_of_two_people_what_the_second_by_name_wrote(archive: Path) -> None:
    with open_archive(str(archive), password=None) as opened:
        (users,) = [b"".join(member.chunks) for member in opened.members() if member.path == "users.json"]
    names = {entry["User"]["id"]: entry["User"]["mention_name"].lower() for entry in json.loads(users)}
    histories = dict(private_messages(archive))
    lost = sum(
        message["sender"]["id"] == owner and names[owner] <= names[message["receiver"]["id"]]
        for owner, messages in histories.items()
        for message in messages
    )
    (verdict,) = verdicts(archive, "hipmost")
    assert {condition.id: condition.count for condition in verdict.conditions}["H01"] == lost > 0


def test_hipmost_loses_what_others_wrote_to_a_guest_whose_name_comes_first() -> None:
    for kind, lost in (("guest", 2), ("user", 0)):
        (verdict,) = verdicts(cook(f'users.json#/0/User/account_type = "{kind}"').data, "hipmost")
        assert (verdict.lost["messages"], counts(verdict).get("H04", 0)) == (lost, lost)


@settings(max_examples=8, deadline=None)
@given(st.integers(200, 3_000), st.integers(300, 9_000))
def test_verdicts_are_the_same_in_any_slices_and_tasks(tiny: Path, slice_size: int, task_size: int) -> None:
    expected = verdicts(tiny, ALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", slice_size)
        patch.setattr(pipeline, "TASK", task_size)
        assert verdicts(tiny, ALL) == expected
        assert verdicts(tiny, ALL, executor=InOtherOrder()) == expected


def test_verdicts_are_the_same_from_other_processes(archive: Path) -> None:
    with processes(2) as executor:
        assert verdicts(archive, ALL, executor=executor) == verdicts(archive, ALL)


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_makes_a_profile_fail(seed: int) -> None:
    damaged = mutated(Random(seed))  # noqa: S311 - a reproducible damage is the point
    reports = [
        validate(io.BytesIO(damaged), Options(password=PASSWORD.encode, importers=names)) for names in ((), (ALL,))
    ]
    assert [report.failed for report in reports] == [False, False]
    assert reports[0].findings == reports[1].findings


def test_reports_without_importers_are_as_before() -> None:
    report = validate(io.BytesIO(cook(UNCHANGED).data), Options(password=PASSWORD.encode)).to_dict()
    assert "importers" not in report["reports"][0]


def test_a_report_with_importers_matches_the_schema() -> None:
    report = validate(io.BytesIO(cook(UNCHANGED).data), Options(password=PASSWORD.encode, importers=[ALL]))
    jsonschema.Draft202012Validator(dict(read("report/report"))).validate(report.to_dict())
    assert report.to_dict()["reports"][0]["importers"]


def test_an_archive_that_was_not_read_to_its_end_gives_no_certain_verdict() -> None:
    assert [verdict.certain for verdict in verdicts(cook("gzip cut 9000").data, ALL)].count(True) == 0


def _tar_of(name: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        if name:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    return file.getvalue()


_MOVED = [f"rename {path} a/{path}" for path in sample_files()]
UNREAD = {
    "a file that is no export": (_tar_of("junk"), PASSWORD),
    "an empty archive": (_tar_of(""), PASSWORD),
    "a web page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", PASSWORD),
    "a wrong password": (cook(UNCHANGED).data, "other"),
    "several exports": (cook("\n".join([*_MOVED, "b/users.json = []", "b/rooms.json = []"])).data, PASSWORD),
}


@pytest.mark.parametrize(("data", "password"), UNREAD.values(), ids=UNREAD)
def test_nothing_is_said_of_an_importer_where_no_data_file_was_read(data: bytes, password: str) -> None:
    report = validate(io.BytesIO(data), Options(password=password.encode, importers=[ALL]))
    outcomes = {verdict.importer: verdict.outcome for verdict in report.importers}
    assert set(outcomes.values()) <= {"unknown", "dies"}
    assert outcomes["hipmost"] == "unknown"
    assert exit_status([report], exit_zero=True, fail_on_loss=True) >= Exit.INVALID


UNCOUNTED = {
    "memberships": ("migratemost", "rooms.json#/0/Room/room_admins = [1] * 375", "loses memberships, see M45"),
    "files": (
        "zulip",
        """
users.json#/0/User/avatar = ""
emoticons.json -
rooms/1/history.json#/2/UserMessage/attachment/path = "../../hostname"
""",
        "misfiles files, see Z65",
    ),
}


@pytest.mark.parametrize(("importer", "recipe", "sentence"), UNCOUNTED.values(), ids=UNCOUNTED)
def test_what_is_lost_without_being_counted_is_a_loss_too(importer: str, recipe: str, sentence: str) -> None:
    (verdict,) = verdicts(cook(recipe).data, importer)
    assert (verdict.outcome, verdict.loses) == ("loses", True)
    assert importer_sentence(verdict) == f"{importer}: imports, but {sentence}"


def test_a_verdict_names_no_place_where_a_layer_of_the_archive_is_to_blame() -> None:
    (verdict,) = verdicts(cook("gzip cut -20").data, "rocketchat")
    assert importer_sentence(verdict) == "rocketchat: dies; not all of the archive was examined"
    assert verdict.to_dict()["at"] is None


CERTAIN = {
    "a user that contradicts its schema": ("users.json#/1/User/timezone = 7", "migratemost", True),
    "JSON inside a string that is none": ('users.json#/1/User/metadata = "{"', "zulip", True),
    "a message that contradicts its schema": ("rooms/1/history.json#/0/UserMessage/message = null", "zulip", False),
    "the same, where nobody asks for its sender": (
        "rooms/1/history.json#/0/UserMessage/message = null",
        "hipmost-gem",
        True,
    ),
    "a data file of which nothing was read": ("autojoins.json = [", "zulip", False),
}


@pytest.mark.parametrize(("recipe", "importer", "certain"), CERTAIN.values(), ids=CERTAIN)
def test_a_verdict_is_certain_where_all_was_examined_that_conditions_look_at(
    recipe: str, importer: str, *, certain: bool
) -> None:
    (verdict,) = verdicts(cook(recipe).data, importer)
    assert verdict.certain is certain


def test_an_unknown_importer_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="did you mean 'rocketchat'"):
        verdicts(cook(UNCHANGED).data, "rocketchats")


UNKNOWN_NAMES = {
    '{ fact = "rocketchat_wrong_conversations" }': "did you mean 'rocketchat_wrong_conversation'",
    '{ finding = ["HC299"] }': "There is no rule 'HC299'",
    '{ field = "/owner", unknown = "users" }': "did you mean 'user'",
}


@pytest.mark.parametrize("predicate", UNKNOWN_NAMES)
def test_a_profile_that_names_what_does_not_exist_is_refused(predicate: str, tmp_path: Path) -> None:
    where = "Room" if "field" in predicate else "archive"
    path = tmp_path / "ours.toml"
    path.write_text(
        f'name = "ours"\ntitle = "Ours"\nsource = "a"\ncondition = [{{ id = "1", where = ["{where}"], '
        f"when = [{predicate}], "
        'effect = "dies", happens = "It dies.", source = "a", evidence = "run" }]',
        encoding="utf-8",
    )
    with pytest.raises(UsageError, match=UNKNOWN_NAMES[predicate]):
        verdicts(cook(UNCHANGED).data, str(path))


PROFILE = """
name = "ours"
title = "Our importer"
source = "ours"

[[condition]]
id = "1"
where = ["User"]
when = [{ field = "/mention_name", key = "lower_case", repeated = true }]
effect = "misfiles"
loses = ["messages of the user"]
happens = "Two people become one."
source = "a"
evidence = "run"

[[condition]]
id = "2"
where = ["UserMessage"]
when = [{ field = "/sender/id", unknown = "user" }]
effect = "drops"
loses = ["message"]
happens = "The message is dropped."
source = "a"
evidence = "run"

[[condition]]
id = "3"
where = ["rooms/*/history.json"]
when = [{ type = ["array"], not = true }]
effect = "dies"
happens = "It dies."
source = "a"
evidence = "run"

[[condition]]
id = "4"
where = ["users.json/*"]
when = [{ null = true }]
effect = "dies"
happens = "It dies."
source = "a"
evidence = "run"

[[condition]]
id = "5"
where = ["archive"]
when = [{ missing = "emoticons.json" }]
effect = "dies"
happens = "It dies."
source = "a"
evidence = "run"

[[condition]]
id = "6"
where = ["archive"]
when = [{ finding = ["HC501"] }]
effect = "drops"
loses = ["file"]
happens = "The file is dropped."
source = "a"
evidence = "run"

[[condition]]
id = "7"
where = ["users.json", "rooms/*/history.json"]
when = [{ finding = ["HC201"] }]
effect = "dies"
happens = "It dies."
source = "a"
evidence = "run"

[[condition]]
id = "8"
where = ["Room"]
when = [{ field = "/name", key = "mattermost_channel", repeated = true }]
effect = "misfiles"
loses = ["messages of the room"]
happens = "Two rooms become one."
source = "a"
evidence = "run"
"""
_SECOND_ROOM = (
    'rooms.json#/- = {{"Room":{{"id":2,"created":"2018-04-02T15:31:34+00:00","guest_access_url":null,'
    '"is_archived":false,"members":[],"canonical_name":"a","name":"{name}","owner":1,"participants":[],"privacy":"public","room_admins":[1],'
    '"topic":"","is_deleted":false}}}}\nrooms/2/history.json = []'
)
CASES = {
    UNCHANGED: ("imports", None, set()),
    'users.json#/1/User/mention_name = "hcdcuser"': ("loses", None, {"1"}),
    "rooms/1/history.json#/0/UserMessage/sender/id = 3": ("loses", None, {"2"}),
    "rooms/1/history.json = {}": ("dies", "rooms/1/history.json", {"3"}),
    "users.json#/- = null": ("dies", "users.json#/2", {"4"}),
    "emoticons.json -": ("dies", "emoticons.json", {"5"}),
    "rooms/1/files/BcudLU14VxUEeUK/img.JPG -": ("loses", None, {"6"}),
    "rooms/1/history.json = [": ("dies", "rooms/1/history.json", {"7"}),
    "autojoins.json = [": ("imports", None, set()),
    _SECOND_ROOM.format(name="Default!"): ("imports", None, {"8"}),
    'rooms.json#/0/Room/name = "#"\n' + _SECOND_ROOM.format(name="##"): ("imports", None, set()),
}


@pytest.mark.parametrize("recipe", CASES)
def test_a_profile_of_ones_own_finds_its_conditions(recipe: str, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(PROFILE, encoding="utf-8")
    (verdict,) = verdicts(cook(recipe).data, str(path))
    outcome, at, met = CASES[recipe]
    assert (verdict.outcome, str(verdict.at) if verdict.at else None) == (outcome, at)
    assert {condition.id for condition in verdict.conditions} == met


def test_of_two_rooms_that_become_one_the_second_is_misfiled(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(PROFILE, encoding="utf-8")
    second = _SECOND_ROOM.format(name="Default!")
    second = second.replace("json = []", f"json = [{json.dumps(_message())}]")
    (verdict,) = verdicts(cook(second).data, str(path))
    assert verdict.lost == {"messages": 0, "files": 0, "misfiled": 1}


def _message() -> dict[str, Any]:
    history: list[dict[str, Any]] = json.loads(sample_files()["rooms/1/history.json"])
    return history[0]


LARGE_IDS = {
    (1, 2): set(),
    (1, 1_000_000_000): {"Z26b"},
    (1_000_000_000, 2): {"Z26"},
    (1_000_000_000, 1_000_000_001): set(),
    (5, 1_000_000_000): set(),
    (999_999_999, 2): set(),
}


@pytest.mark.parametrize("ids", LARGE_IDS)
def test_large_ids_of_users_matter_to_zulip_by_their_order(ids: tuple[int, int]) -> None:
    recipe = "\n".join(f"users.json#/{index}/User/id = {number}" for index, number in enumerate(ids))
    (verdict,) = verdicts(cook(recipe).data, "zulip")
    assert {condition.id for condition in verdict.conditions} & {"Z26", "Z26b"} == LARGE_IDS[ids]


def _without_avatars_and_emoticons(*recipe: str) -> bytes:
    return cook("\n".join(['users.json#/0/User/avatar = ""', "emoticons.json -", *recipe])).data


@pytest.mark.parametrize("slice_size", [200, 1_000, 1_000_000])
def test_zulip_loses_the_same_messages_behind_an_open_tag_in_any_slices(slice_size: int) -> None:
    texts = ["a", "in <style> b", "c", "", "d </style> e", "f", "</head>", *["g"] * 1_000]
    messages = [{"UserMessage": {**_message()["UserMessage"], "message": text}} for text in texts]
    notification = json.loads(sample_files()["rooms/1/history.json"])[7]
    for at in (0, 3, 8):
        messages.insert(at, notification)
    data = _without_avatars_and_emoticons(f"rooms/1/history.json = {json.dumps(messages)}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", slice_size)
        (verdict,) = verdicts(data, "zulip")
    (silence,) = [condition for condition in verdict.conditions if condition.id == "Z40b"]
    assert verdict.lost["messages"] == silence.count == 1 + (1_000 - 7)  # "c", and the rest of the first 1,000
    assert str(silence.first) == "rooms/1/history.json#/2/UserMessage"


DIALECTS = {
    ("zulip", "cloud"): ("imports", None),  # the exports that it was written for, with emoticons and avatars
    ("zulip", "server"): ("dies", "Z34"),  # on members of private rooms that are objects
    ("rocketchat", "cloud"): ("loses", "R67"),
    ("rocketchat", "server"): ("loses", "R02"),
}


@pytest.mark.parametrize(("importer", "dialect"), DIALECTS)
def test_other_exporters_fare_otherwise(importer: str, dialect: str, archive: Path) -> None:
    (verdict,) = verdicts(gzip.compress(packed(in_dialect(archive.read_bytes(), dialect))), importer)
    outcome, condition = DIALECTS[importer, dialect]
    assert verdict.outcome == outcome
    assert condition in {None, *counts(verdict)}
    assert verdict.lost["messages"] == 0


def test_zulip_imports_everything_without_avatars_and_emoticons() -> None:
    (verdict,) = verdicts(_without_avatars_and_emoticons(), "zulip")
    assert (verdict.outcome, verdict.certain) == ("imports", True)


def test_an_importer_dies_where_it_comes_first_and_not_where_most_is_wrong() -> None:
    recipe = "users.json#/1/User/mention_name = null\n" + "".join(
        f"rooms/1/history.json#/{index}/UserMessage/message = null\n" for index in (0, 1, 2)
    )
    (verdict,) = verdicts(cook(recipe).data, "migratemost")
    assert (verdict.outcome, str(verdict.at)) == ("dies", "users.json#/1/User")


ZULIP_ENDS = {
    "an emoticon before an avatar": ("", "emoticons.json#/Emoticons/0"),
    "a message before an avatar": (
        "emoticons.json -\nrooms/1/history.json#/0/UserMessage/message = null",
        "rooms/1/history.json#/0/UserMessage",
    ),
    "an avatar if nothing comes before it": ("emoticons.json -", "users.json#/0/User"),
}


@pytest.mark.parametrize("case", ZULIP_ENDS)
def test_zulip_reads_avatars_after_everything_else(case: str) -> None:
    recipe, place = ZULIP_ENDS[case]
    (verdict,) = verdicts(cook(recipe or UNCHANGED).data, "zulip")
    assert (verdict.outcome, str(verdict.at)) == ("dies", place)


def _with_time(time: str) -> str:
    return f'rooms/1/history.json#/0/UserMessage/timestamp = "{time} 942827"'


DATES_OF_JAVASCRIPT = {  # what `new Date` makes of them in Node 18
    "2018-02-30T15:40:44Z": {"R55"},
    "2018-02-29T15:40:44Z": {"R55"},
    "1900-02-29T15:40:44Z": {"R55"},
    "2000-02-29T15:40:44Z": set(),
    "2018-04-31T15:40:44Z": {"R55"},
    "2018-02-03T24:00:00Z": {"R55"},
    "2018-02-03T24:00:01Z": {"R54"},
    "2018-02-03T25:00:00Z": {"R54"},
    "2018-02-03T23:60:00Z": {"R54"},
    "2018-02-03T23:59:60Z": {"R54"},
    "2018-02-32T15:40:44Z": {"R54"},
    "2018-13-01T15:40:44Z": {"R54"},
    "2018-3-4T15:40:44Z": {"R54"},
    "2018-02-03": set(),
    "2018-02-03T10:00:00+01:00": set(),
    "yesterday": {"R54"},
}


@pytest.mark.parametrize("time", DATES_OF_JAVASCRIPT)
def test_rocket_chat_drops_what_is_no_date_and_moves_what_is_not_in_the_calendar(time: str) -> None:
    (verdict,) = verdicts(cook(_with_time(time)).data, "rocketchat")
    assert counts(verdict).keys() & {"R54", "R55"} == DATES_OF_JAVASCRIPT[time]


LOSSES = {  # messages that Rocket.Chat loses and misfiles; a notification is lost by itself, and again with its room
    UNCHANGED: (1, 0),
    "rooms.json#/0/Room/id = null": (10, 0),
    "rooms.json -": (10, 0),
    "rooms/x/history.json = []": (1, 0),
    'rooms/x/history.json = [{"UserMessage": {}}]': (2, 0),
    'users.json#/1/User/email = "USER@example.com"': (5, 0),
    'users.json#/1/User/email = "user@example.com"': (1, 4),
}


@pytest.mark.parametrize("recipe", LOSSES)
def test_rocket_chat_loses_each_message_once(recipe: str) -> None:
    (verdict,) = verdicts(cook(recipe).data, "rocketchat")
    assert (verdict.lost["messages"], verdict.lost["misfiled"]) == LOSSES[recipe]


_UNKNOWN_RECEIVER = "\n".join(f"users/{user}/history.json#/0/PrivateUserMessage/receiver/id = 99" for user in (1, 2))
_UNKNOWN_SENDER = "\n".join(f"users/{user}/history.json#/0/PrivateUserMessage/sender/id = 99" for user in (1, 2))
PRIVATE_COUNTS = {  # of a private message that two histories hold, and that nobody can be the receiver or the sender of
    (_UNKNOWN_RECEIVER, "rocketchat"): {"R57": 1},
    (_UNKNOWN_RECEIVER, "migratemost"): {"M83": 1},
    (_UNKNOWN_RECEIVER, "zulip"): {"Z58": 1},
    (_UNKNOWN_SENDER, "rocketchat"): {"R56": 1, "R60": 1},  # another message goes to the conversation with nobody
    (_UNKNOWN_SENDER, "migratemost"): {"M84": 1},
    (_UNKNOWN_SENDER, "zulip"): {"Z54": 1},
}


@pytest.mark.parametrize(("recipe", "importer"), PRIVATE_COUNTS)
def test_a_private_message_counts_once_whoever_is_unknown(recipe: str, importer: str) -> None:
    (verdict,) = verdicts(_without_avatars_and_emoticons(recipe), importer)
    (before,) = verdicts(_without_avatars_and_emoticons(), importer)
    met = {name: count for name, count in counts(verdict).items() if name not in counts(before)}
    assert met == PRIVATE_COUNTS[recipe, importer]
    fatal = met.keys() <= {"M83"}
    assert verdict.lost["messages"] - before.lost["messages"] == (0 if fatal else 1)


@pytest.mark.parametrize(("importer", "condition"), [("mattermost", "M41"), ("zulip", "Z87")])
@pytest.mark.parametrize("slice_size", [200, 1_000_000])
def test_an_importer_stops_at_the_second_of_two_equal_addresses(importer: str, condition: str, slice_size: int) -> None:
    recipe = 'users.json#/1/User/email = "User@example.com"'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE", slice_size)
        (verdict,) = verdicts(cook(recipe).data, importer)
    (met,) = [met for met in verdict.conditions if met.id == condition]
    assert str(met.first) == "users.json#/1/User"
