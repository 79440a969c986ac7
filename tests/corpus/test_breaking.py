"""Breaking archives by rule: the validator finds exactly the broken rule, and nothing is written otherwise."""

import json
import re
from collections import Counter
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from hcfmt.check.catalogue import RULES
from hcfmt.container import open_archive
from hcfmt.corpus import break_archive
from hcfmt.damage import DAMAGES, EXCUSED, VARIANTS
from hcfmt.errors import UsageError
from hcfmt.export.writer import ArchiveForm
from hcfmt.verdict import Verdict
from tests.support.breaking import WAYS, broken, broken_in_a_way, members, more, report, secret, totals
from tests.support.generated_exports import company
from tests.support.recipes import PASSWORD, SAMPLE, cook

SEEDS = (11, 12)
FEW = {"HC104": 2, "HC105": 4, "HC114": 2}  # how often the larger company can be damaged at all
MANY = [way for way, damage in WAYS.items() if not damage.once]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three sound archives: the documented sample, a small company sealed, a larger one that is not."""
    directory = tmp_path_factory.mktemp("archives")
    return {
        "documented": SAMPLE,
        "small": company(directory / "small.tar.gz.aes", ArchiveForm.ENCRYPTED, people=6, rooms=4, messages=12),
        "larger": company(directory / "larger.tar.gz", ArchiveForm.GZIP, people=12, rooms=6, messages=20),
    }


@pytest.mark.parametrize("which", ["documented", "small", "larger"])
def test_the_archives_are_sound_before_the_damage(archives: dict[str, Path], which: str) -> None:
    found = report(archives[which])
    assert found.verdict is Verdict.VALID
    assert set(found.totals) <= {"HC114"}  # of users who were deleted


@pytest.mark.parametrize("which", ["documented", "larger"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.slow
def test_the_validator_finds_the_broken_rule_and_no_other(
    tmp_path: Path, archives: dict[str, Path], which: str, way: str
) -> None:
    damage = WAYS[way]
    for seed in SEEDS[:1] if damage.variant else SEEDS:
        output = tmp_path / f"{seed}.tar.gz.aes"
        broken_archive = broken_in_a_way(archives[which], output, damage, seed=seed)
        after = report(output)
        found = Counter(after.totals) - totals(archives[which])
        assert found.pop(damage.code) == 1
        assert set(found) <= set(damage.companions)
        assert (broken_archive.rule, broken_archive.variant or "") == (RULES[damage.code], damage.variant)
        assert broken_archive.report.verdict is after.verdict
        assert {answer.rule for answer in broken_archive.answers} == {damage.code}


@pytest.mark.parametrize("way", MANY)
@pytest.mark.slow
def test_a_rule_is_broken_as_often_as_asked(tmp_path: Path, archives: dict[str, Path], way: str) -> None:
    output, count = tmp_path / "broken.tar.gz.aes", FEW.get(way, 3)
    broken_in_a_way(archives["larger"], output, WAYS[way], count=count)
    assert more(archives["larger"], output)[WAYS[way].code] == count


NULLS = "\n".join(
    [
        *(f"rooms.json#/0/Room/{name} = null" for name in ("members", "participants", "room_admins")),
        *(f"users.json#/{at}/User/{name} = null" for at in (0, 1) for name in ("roles", "rooms")),
        "users/1/history.json#/0/PrivateUserMessage/mentions = null",
        "users/2/history.json#/0/PrivateUserMessage/mentions = null",
        'rooms.json#/0/Room/topic = null\nrooms/1/history.json#/6/TopicRoomMessage/topic = ""',
        'autojoins.json = {"AutoJoins": null}',
    ]
)


@pytest.fixture(scope="module")
def with_nulls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the documented sample with null in place of lists and of a topic."""
    path = tmp_path_factory.mktemp("nulls") / "a.tar.gz.aes"
    path.write_bytes(cook(NULLS).data)
    return path


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.slow
def test_an_archive_with_null_for_lists_is_broken_or_the_damage_refused(
    tmp_path: Path, with_nulls: Path, way: str
) -> None:
    output = tmp_path / "broken.tar.gz.aes"
    try:
        broken_in_a_way(with_nulls, output, WAYS[way])
    except UsageError as error:
        assert re.match(r"The export has too few|Nothing .* also breaks (HC310|HC706)\.", str(error))  # noqa: PT017 - others are mistakes
    else:
        assert more(with_nulls, output)[WAYS[way].code] == 1


@pytest.mark.parametrize("code", [code for code, damage in DAMAGES.items() if damage.once])
def test_a_damage_that_is_possible_once_is_refused_twice(tmp_path: Path, code: str) -> None:
    with pytest.raises(UsageError, match=f"^An archive can break {code} only once, not 2 times"):
        broken(SAMPLE, tmp_path / "broken.tar.gz.aes", code, count=2)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_variant_is_refused_with_the_nearest(tmp_path: Path) -> None:
    output = tmp_path / "broken.tar"
    with pytest.raises(UsageError, match=r"variant of HC601 'february30'; did you mean 'february-30'\?"):
        broken(SAMPLE, output, "HC601", variant="february30")
    alone = next(code for code in DAMAGES if code not in VARIANTS)
    with pytest.raises(UsageError, match=f"^{alone} is broken in one way only: leave out the variant"):
        broken(SAMPLE, output, alone, variant="another")
    with pytest.raises(UsageError, match="A variant is one of a rule"):
        break_archive(SAMPLE, output, recipe="users.json -", variant="february-30", password=PASSWORD)
    assert not output.exists()


def test_an_excused_rule_is_refused_with_the_reason(tmp_path: Path) -> None:
    for code, reason in EXCUSED.items():
        with pytest.raises(UsageError, match=reason):
            broken(SAMPLE, tmp_path / "broken.tar", code)


# What is written.


@pytest.mark.parametrize("code", ["HC401", "HC103", "HC203", "HC501", "HC430"])
def test_members_without_an_answer_stay_byte_for_byte(tmp_path: Path, archives: dict[str, Path], code: str) -> None:
    broken_archive = broken(archives["small"], tmp_path / "broken.tar", code)
    before, after = members(archives["small"]), members(tmp_path / "broken.tar")
    named = {answer.member for answer in broken_archive.answers}
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} <= named
    assert [path for path in after if path in before] == [path for path in before if path in after]


def test_a_changed_file_is_written_as_go_writes_json_in_its_order(tmp_path: Path, archives: dict[str, Path]) -> None:
    broken_archive = broken(archives["small"], tmp_path / "broken.tar", "HC401")
    (answer,) = broken_archive.answers
    before, after = (members(path)[answer.member or ""] for path in (archives["small"], tmp_path / "broken.tar"))
    assert after.startswith(b'[{"')
    assert not {b"<", b">", b"&", b"\n"} & {bytes([byte]) for byte in after}
    assert at(json.loads(before), answer.pointer) == answer.before
    assert at(json.loads(after), answer.pointer) == answer.after
    changed = json.loads(after)
    set_value(changed, answer.pointer, answer.before)
    assert json.dumps(changed) == json.dumps(json.loads(before))


def at(value: Any, pointer: str | None) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value at a pointer without escapes."""
    return reduce(lambda inner, token: inner[int(token) if isinstance(inner, list) else token], tokens(pointer), value)


def set_value(value: Any, pointer: str | None, new: object) -> None:  # noqa: ANN401 - any JSON value
    *parents, last = tokens(pointer)
    at(value, "".join(f"/{token}" for token in parents))[last] = new


def tokens(pointer: str | None) -> list[str]:
    return (pointer or "").split("/")[1:]


@pytest.mark.parametrize("code", ["HC401", "HC006", "HC514"])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, code: str) -> None:
    paths = [tmp_path / f"{number}.tar.gz.aes" for number in range(3)]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        broken(SAMPLE, path, code, seed=seed)
    first, same, other = (path.read_bytes() for path in paths)
    assert first == same != other


@pytest.mark.parametrize(
    ("archive", "output", "layers"),
    [
        ("small", "broken.tar.gz.aes", ("aes", "gzip", "tar")),
        ("small", "broken", ("aes", "gzip", "tar")),
        ("larger", "broken", ("gzip", "tar")),
        ("larger", "broken.tar.gz.aes", ("aes", "gzip", "tar")),
        ("small", "broken.tar", ("tar",)),
    ],
)
def test_the_form_is_that_of_the_suffix_or_else_of_the_archive(
    tmp_path: Path, archives: dict[str, Path], archive: str, output: str, layers: tuple[str, ...]
) -> None:
    broken(archives[archive], tmp_path / output, "HC401")
    with open_archive(str(tmp_path / output), password=secret) as opened:
        assert opened.layers == layers


@pytest.mark.slow
def test_a_directory_is_broken_into_a_directory(tmp_path: Path) -> None:
    source, output = tmp_path / "export", tmp_path / "broken"
    company(source, ArchiveForm.DIRECTORY, people=6, rooms=4, messages=12)
    for number, code in enumerate(("HC012", "HC107", "HC110", "HC401", "HC501")):
        target = output.with_name(f"broken{number}")
        broken(source, target, code)
        assert more(source, target) == {code: 1}
        assert report(source).totals == {"HC114": 1}
    for code in ("HC101", "HC102", "HC103"):
        with pytest.raises(UsageError, match=r"write a \.tar instead"):
            broken(source, output, code, seed=3)
        broken(source, tmp_path / f"{code}.tar", code)
    with pytest.raises(UsageError, match="exists"):
        broken(source, tmp_path / "broken0", "HC401", force=True)
    assert not output.exists()


@pytest.mark.parametrize("suffix", [".tar.gz.aes", ".aes", ".tar.gz", ".tgz", ".tar"])
def test_a_file_lacks_a_layer_that_its_name_promises(tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"broken{suffix}"
    broken(SAMPLE, output, "HC001")
    assert report(output).totals == {"HC001": 1}


def test_a_name_without_a_suffix_of_a_layer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no suffix for a layer"):
        broken(SAMPLE, tmp_path / "broken", "HC001")


def test_a_rule_is_found_by_code_or_name_in_any_letter_case(tmp_path: Path) -> None:
    assert broken(SAMPLE, tmp_path / "1.tar", "hc401").rule is RULES["HC401"]
    assert broken(SAMPLE, tmp_path / "2.tar", "Unknown-Sender").rule is RULES["HC401"]
