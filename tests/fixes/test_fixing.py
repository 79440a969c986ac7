"""Fixing an archive: what is written, what is refused, and what stays as it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from hcfmt.check.engine import Options, validate
from hcfmt.errors import UsageError
from hcfmt.export.editing import Answer
from hcfmt.fixes import FIXES, Fixed, fix
from hcfmt.verdict import Verdict
from tests.support.breaking import members, secret
from tests.support.recipes import SAMPLE, UNCHANGED, cook

OPTIONS = Options(password=secret)
EMPTY_LIST = "rooms.json#/0/Room/participants = null"
STRANGER = "rooms.json#/0/Room/owner = 7"


def cooked(directory: Path, *recipe: str, name: str = "flawed.tar.gz.aes") -> Path:
    """Write the documented sample with changes, and return its path."""
    path = directory / name
    path.write_bytes(cook("\n".join(recipe) or UNCHANGED).data)
    return path


def fixed(archive: Path, output: Path | None, **how: Any) -> Fixed:  # noqa: ANN401 - handed on
    return fix(archive, output, OPTIONS, salt=bytes(8), **how)


def test_of_a_sound_archive_nothing_is_written(tmp_path: Path) -> None:
    output = tmp_path / "fixed.tar.gz.aes"
    result = fixed(SAMPLE, output, unsafe=True)
    assert (result.changes, result.written, result.unsafe, output.exists()) == ({}, False, [], False)
    assert result.after is result.before
    assert list(tmp_path.iterdir()) == []


def test_safe_fixes_are_made_and_unsafe_ones_are_named(tmp_path: Path) -> None:
    archive, output = cooked(tmp_path, EMPTY_LIST, STRANGER), tmp_path / "fixed.tar.gz.aes"
    result = fixed(archive, output)
    assert (result.changes, result.unsafe) == ({"HC310": 1}, ["HC404"])
    assert result.after.totals == validate(str(output), OPTIONS).totals == {"HC404": 1}


def test_what_no_fix_changes_stays_byte_for_byte(tmp_path: Path) -> None:
    archive, output = cooked(tmp_path, EMPTY_LIST), tmp_path / "fixed.tar.gz.aes"
    fixed(archive, output)
    before, after = members(archive), members(output)
    rooms = before.pop("rooms.json").replace(b'"participants":null', b'"participants":[]')
    assert (rooms, before) == (after.pop("rooms.json"), after)


def test_rules_are_chosen_by_code_name_and_the_beginning_of_codes(tmp_path: Path) -> None:
    archive = cooked(tmp_path, EMPTY_LIST, STRANGER)
    results = [
        fixed(archive, tmp_path / f"{number}.tar", unsafe=True, **choice).changes.keys()
        for number, choice in enumerate(
            [{"select": ["HC4"]}, {"select": ["null-for-empty"]}, {"ignore": ["HC404"]}, {"ignore": ["HC3", "HC4"]}]
        )
    ]
    assert results == [{"HC404"}, {"HC310"}, {"HC310"}, set()]


def test_an_unknown_rule_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no rule 'HC999'"):
        fixed(SAMPLE, tmp_path / "fixed.tar", select=["HC999"])


def test_without_an_output_all_is_done_but_nothing_written(tmp_path: Path) -> None:
    answers: list[Answer] = []
    archive = cooked(tmp_path, EMPTY_LIST)
    result = fixed(archive, None, tell=answers.append)
    assert answers == [Answer("HC310", "rooms.json", "/0/Room/participants", None, [])]
    assert (result.changes, result.written, result.after.verdict) == ({"HC310": 1}, False, Verdict.VALID)
    assert list(tmp_path.iterdir()) == [archive]


def test_what_is_seen_only_after_a_fix_is_fixed_too(tmp_path: Path) -> None:
    archive, flawed = cooked(tmp_path, "users.json#/0/User/rooms = null"), tmp_path / "flawed"
    for path, content in members(archive).items():
        (flawed / path).parent.mkdir(parents=True, exist_ok=True)
        (flawed / path).write_bytes(content.decode().encode("utf-16") if path == "users.json" else content)
    assert validate(str(flawed)).totals.keys() == {"HC203"}
    result = fixed(flawed, tmp_path / "fixed.tar", unsafe=True)
    assert (result.changes, result.after.verdict) == ({"HC203": 1, "HC310": 1}, Verdict.VALID)


def test_the_result_is_the_same_whenever_it_is_made_and_needs_no_fix(tmp_path: Path) -> None:
    archive = cooked(tmp_path, EMPTY_LIST, STRANGER)
    outputs = [tmp_path / f"{number}.tar.gz.aes" for number in range(2)]
    for output in outputs:
        fixed(archive, output, unsafe=True)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert not fixed(outputs[0], tmp_path / "again.tar", unsafe=True).written


@pytest.mark.parametrize("name", ["fixed.tar.gz.aes", "fixed.tar.gz", "fixed.tar", "fixed/"])
def test_the_output_has_the_form_that_its_name_asks_for(tmp_path: Path, name: str) -> None:
    output = f"{tmp_path}/{name}"
    result = fix(cooked(tmp_path, EMPTY_LIST), output, OPTIONS)
    assert result.after.totals == validate(output, OPTIONS).totals == {}


def test_what_a_new_archive_cannot_keep_must_be_among_the_rules(tmp_path: Path) -> None:
    archive, output = cooked(tmp_path, EMPTY_LIST, 'aes add "\\u0000" * 16'), tmp_path / "fixed.tar.gz.aes"
    with pytest.raises(UsageError, match=r"HC018 trailing-padding was found too.*--select HC018"):
        fixed(archive, output, select=["HC310"])
    assert fixed(archive, output).changes == {"HC018": 1, "HC310": 1}


def test_a_lost_end_is_written_only_as_an_unsafe_fix(tmp_path: Path) -> None:
    archive, output = cooked(tmp_path, EMPTY_LIST, "tar cut -1024"), tmp_path / "fixed.tar.gz.aes"
    with pytest.raises(UsageError, match=r"HC011 tar-unterminated was found too.*--unsafe"):
        fixed(archive, output)
    assert not output.exists()
    assert fixed(archive, output, unsafe=True).changes == {"HC011": 1, "HC310": 1}


def test_nothing_is_written_if_a_fix_leads_to_what_another_rule_reports(tmp_path: Path) -> None:
    archive = cooked(tmp_path, STRANGER, 'users.json#/0/User/mention_name = "lostuser7"')
    with pytest.raises(UsageError, match=r"Nothing was written: fixing HC404 would lead to HC427\..*--ignore"):
        fixed(archive, tmp_path / "fixed.tar", unsafe=True)
    assert list(tmp_path.iterdir()) == [archive]


def test_nothing_is_written_if_a_rule_finds_more_than_before(tmp_path: Path) -> None:
    emoticon = {"ID": 217, "user_id": 1, "group_id": 1, "path": "1/b.png", "shortcut": "b", "width": 1, "height": 1}
    stored = [f'files/img/emoticons/1/{name}.png = "picture"' for name in ("b", "b@2x", "b@3x", "b@4x", "orphan")]
    twin = f"emoticons.json#/Emoticons/- = {json.dumps({**emoticon, 'audio_path': ''})}"
    archive = cooked(tmp_path, *stored, twin)
    with pytest.raises(UsageError, match=r"Nothing was written: fixing HC422 would lead to HC510\."):
        fixed(archive, tmp_path / "fixed.tar", unsafe=True, select=["HC422"])
    assert fixed(archive, tmp_path / "fixed.tar", unsafe=True, select=["HC422", "HC510"]).changes["HC510"] == len(
        stored
    )


def test_a_record_with_a_harmless_flaw_is_fixed_where_rules_examine_it(tmp_path: Path) -> None:
    archive = cooked(tmp_path, 'rooms.json#/0/Room/is_deleted = "never"', "rooms.json#/0/Room/members = [1, 7]")
    result = fixed(archive, tmp_path / "fixed.tar", unsafe=True, select=["HC403"])
    assert (result.changes, result.after.totals) == ({"HC403": 1}, {"HC317": 1})


def test_a_misplaced_file_is_moved_and_not_missed(tmp_path: Path) -> None:
    place, name = "rooms/1/files/BcudLU14VxUEeUK", "users/files/BcudLU14VxUEeUK"
    moves = [f"rename {place}/{file} {name}/{file}" for file in ("img.JPG", "img_thumb.jpg")]
    lost = [f"users/files/0Lp9rkaHfzLpPow/{file} -" for file in ("img.JPG", "img_thumb.jpg")]
    result = fixed(cooked(tmp_path, *moves, *lost), tmp_path / "fixed.tar", unsafe=True)
    assert (result.changes["HC512"], result.after.totals) == (2, {})
    assert f"{place}/img.JPG" in members(tmp_path / "fixed.tar")


def test_files_of_what_is_left_out_are_left_out_with_it(tmp_path: Path) -> None:
    archive = cooked(tmp_path, 'rooms/1/history.json#/2/UserMessage/sender = "the message of a file"')
    result = fixed(archive, tmp_path / "fixed.tar", unsafe=True, select=["HC301"])
    assert (result.changes, result.after.totals) == ({"HC301": 1, "HC510": 2}, {})


@pytest.mark.parametrize("damage", ["gzip cut 2000", "gzip flip 9000", "password wrong"])
def test_an_archive_that_is_not_read_to_its_end_is_left_to_salvage(tmp_path: Path, damage: str) -> None:
    output = tmp_path / "fixed.tar"
    result = fixed(cooked(tmp_path, EMPTY_LIST, damage), output, unsafe=True)
    assert (result.is_read, result.written, output.exists()) == (False, False, False)
    assert result.after.verdict is Verdict.INCOMPLETE


def test_the_input_is_never_the_output(tmp_path: Path) -> None:
    archive = cooked(tmp_path, EMPTY_LIST)
    with pytest.raises(UsageError, match="would overwrite an input"):
        fixed(archive, archive, force=True)
    with pytest.raises(UsageError, match="cannot be standard input"):
        fix("-", tmp_path / "fixed.tar", OPTIONS)


def test_an_existing_file_is_replaced_only_with_force(tmp_path: Path) -> None:
    archive, output = cooked(tmp_path, EMPTY_LIST), tmp_path / "fixed.tar"
    output.write_bytes(b"kept")
    with pytest.raises(UsageError, match="--force overwrites it"):
        fixed(archive, output)
    assert output.read_bytes() == b"kept"
    assert fixed(archive, output, force=True).written


@pytest.mark.parametrize("code", FIXES)
def test_companions_and_follow_ups_are_rules_that_can_be_met(code: str) -> None:
    assert code not in (*FIXES[code].companions, *FIXES[code].follow_ups)
    assert set(FIXES[code].follow_ups) <= FIXES.keys()


@pytest.mark.parametrize(
    "recipe",
    [
        ('autojoins.json = {"AUTOJOINS": [], "more": 1}', EMPTY_LIST, STRANGER),
        ("users.json#/0/User/roles = [7]", 'users.json#/0/User/metadata = "{"'),
        ("emoticons.json#/Emoticons/0/group_id = null", EMPTY_LIST),
    ],
    ids=["a list that is missing", "an item that is dropped beside one that is added", "a group of another type"],
)
def test_flaws_that_meet_are_fixed_together(tmp_path: Path, recipe: tuple[str, ...]) -> None:
    result = fixed(cooked(tmp_path, *recipe), tmp_path / "fixed.tar", unsafe=True)
    assert result.after.verdict is Verdict.VALID
    assert "HC708" not in result.after.totals
