"""Uploads have the kinds and sizes of a company, and none is too small or too large for its kind."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.errors import UsageError
from hcfmt.generation.files.contents import LEAST
from hcfmt.generation.files.subjects import SUBJECTS
from hcfmt.generation.files.zip_archive import LIMIT
from hcfmt.generation.plan import PROFILES, planned
from hcfmt.generation.uploads import KINDS, random_look, sizes, upload, upload_subject, upload_words
from hcfmt.generation.vocabulary import phrases
from hcfmt.generation.world_building import build_world
from hcfmt.rng import random_for

NOON = 1_520_251_231  # 2018-03-05T12:00:31Z


def test_a_file_too_large_for_a_zip_archive_is_binary_data() -> None:
    plan = replace(PROFILES["small"], messages=400, attachments=300, attachment_bytes=300 * LIMIT)
    uploads = [upload(plan, number, NOON) for number in range(300)]
    large = {file.kind for file in uploads if file.size >= LIMIT}
    assert {"jpg", "pdf", "bin"} <= large <= {*KINDS} - {"zip", "docx"}
    assert {"zip", "docx"} <= {file.kind for file in uploads}
    assert all(file.path.endswith(f".{file.kind}") for file in uploads)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=60), st.integers(0, 10**12), st.integers())
def test_sizes_add_up_to_the_total_and_none_is_too_small(kinds: list[str], more: int, seed: int) -> None:
    total = sum(LEAST[kind] for kind in kinds) + more
    drawn = sizes(random_for(seed, "sizes"), kinds, total)
    assert sum(drawn) == total
    assert all(size >= LEAST[kind] for kind, size in zip(kinds, drawn, strict=True))
    assert drawn == sizes(random_for(seed, "sizes"), kinds, total)


def test_no_kinds_give_no_sizes() -> None:
    assert sizes(random_for(1), [], 0) == []
    assert sizes(random_for(1), [], 1_000) == []


def test_a_total_below_the_minimum_is_refused_and_the_minimum_named() -> None:
    with pytest.raises(UsageError, match=str(LEAST["pdf"] + LEAST["zip"])):
        sizes(random_for(1), ["pdf", "zip"], LEAST["pdf"] + LEAST["zip"] - 1)


def test_a_few_files_have_most_of_the_bytes() -> None:
    random = random_for(1, "company")
    kinds = [random_look(random)[1] for _ in range(5_000)]
    drawn = sorted(sizes(random, kinds, 1_000_000_000))
    assert sum(drawn[-500:]) > 0.4 * sum(drawn)
    assert 20_000 < drawn[2_500] < 200_000


def test_most_uploads_are_pictures_and_every_kind_occurs() -> None:
    random = random_for(1, "kinds")
    counted = Counter(random_look(random)[1] for _ in range(5_000))
    assert set(counted) == set(LEAST)
    assert counted["jpg"] + counted["png"] + counted["gif"] > 2_500


def test_an_upload_shows_the_same_subject_whenever_it_is_sent() -> None:
    plan = replace(PROFILES["small"], messages=400, attachments=200, attachment_bytes=10**8)
    for number in range(200):
        first, later = upload(plan, number, NOON), upload(plan, number, NOON + 90_000)
        assert first.subject == later.subject == upload_subject(plan, number)
        assert first.kind in SUBJECTS[first.subject].kinds
        assert (first.size, first.path[:15]) == (later.size, later.path[:15])


def test_dates_in_names_are_those_of_the_message() -> None:
    plan = replace(PROFILES["small"], messages=900, attachments=600, attachment_bytes=10**8)
    names = [upload(plan, number, NOON).path[16:] for number in range(600)]
    dates = [date for name in names for date in re.findall(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}|20[0-9]{6}", name)]
    assert set(dates) == {"2018-03-05", "20180305"}
    assert any("12.00.31" in name for name in names)
    assert {year for name in names for year in re.findall(r"(?<![0-9.])20[0-9]{2}(?![0-9.])", name)} <= {"2018"}


def test_every_subject_has_names_and_occurs() -> None:
    random = random_for(1, "subjects")
    assert {random_look(random)[0] for _ in range(5_000)} == set(SUBJECTS) == set(phrases("files")["names"])


def test_files_of_a_room_show_what_its_purpose_favours() -> None:
    plan = planned("medium", users=60, messages=20_000, attachments=4_000, attachment_bytes=4_000 * 12_288)
    world, favourites = build_world(plan), phrases("files")["favourites"]
    shown = Counter[bool]()
    for room in world.rooms:
        for number in world.room_quotas[room.id].uploads:
            shown[upload_subject(plan, number) in favourites[room.purpose]] += 1
    assert shown[True] / shown.total() > 0.7
    private = {upload_subject(plan, number) for quota in world.pair_quotas.values() for number in quota.uploads}
    assert len(private) > 12


def test_every_purpose_of_rooms_favours_subjects() -> None:
    favourites = phrases("files")["favourites"]
    assert favourites.keys() == phrases("work")["room"].keys()
    assert {subject for subjects in favourites.values() for subject in subjects} <= SUBJECTS.keys()


def test_people_may_talk_about_words_that_are_in_the_name() -> None:
    plan = planned("demo")
    words = [upload_words(plan, number) for number in range(plan.attachments)]
    assert {gap for found in words for gap in found} == {"city", "customer", "project", "service", "team"}
    for number, found in enumerate(words):
        assert all(word in upload(plan, number, NOON).path for word in found.values())
