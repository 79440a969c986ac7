"""Names are unique, within every limit, on reserved domains, and the same in every process."""

import re
import unicodedata
from importlib.resources import files
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from hcfmt.errors import UsageError
from hcfmt.export import schemas
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.layout import DATA_NAMES
from hcfmt.generation.dialogues.names import ABOUT, FALLBACKS, PURPOSES
from hcfmt.generation.dialogues.templates import dialogues
from hcfmt.generation.files.subjects import SUBJECTS
from hcfmt.generation.hard_texts import NAME_BYTES
from hcfmt.generation.names import company, emoticon_names, file_name, file_pattern, people_names, slug15
from hcfmt.generation.room_names import room_names
from hcfmt.generation.vocabulary import locale_names, require_locale
from hcfmt.rng import random_for
from tests.support.other_process import printed_elsewhere

LOCALES = (
    "es_ES",
    "en_US",
    "ja_JP",
    "ar_AA",
    "ko_KR:en_US",
    "hi_IN",
    "ru_RU:en_US",
    "zh_CN:ja_JP",
    "vi_VN:en_US",
)
SEEDS = st.integers(0, 2**64)
ZONES = frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())
MENTION_NAME = re.compile(
    schemas.resolved("export/users")["items"]["properties"]["User"]["properties"]["mention_name"]["x-should"]["HC704"][
        "pattern"
    ]
)


def are_different(names: list[str]) -> bool:
    return len({name.casefold() for name in names}) == len(names)


def is_printable(name: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in name)


@given(
    seed=SEEDS,
    locales=st.lists(st.sampled_from(LOCALES), min_size=1, max_size=4, unique=True),
    count=st.integers(0, 80),
    text=st.sampled_from(["ascii", "unicode", "nasty"]),
)
@how(max_examples=25)
def test_people_are_unique_and_valid_for_any_seed(seed: int, locales: list[str], count: int, text: str) -> None:
    people = people_names(seed, locales, count, nasty=text == "nasty", unicode_mention_names=text == "unicode")
    assert len(people) == count
    assert are_different([person.mention_name for person in people])
    assert are_different([person.email for person in people])
    for person in people:
        assert MENTION_NAME.search(person.mention_name)
        assert person.mention_name.lower() not in {"all", "here"}
        assert re.fullmatch(r"[a-z0-9]+([.][a-z0-9]+)?@[a-z]+[.]example", person.email)
        assert person.timezone in ZONES
        assert person.locale in locales
        assert 0 < len(person.name) <= 50
        assert len(person.mention_name) <= 50
        assert text != "ascii" or person.mention_name.isascii()
        assert len(person.title) <= 50
        assert all(is_printable(text) for text in (person.name, person.mention_name, person.title))


def test_a_thousand_people_of_one_locale_are_unique() -> None:
    people = people_names(3, ("en_US",), 3_000)
    assert are_different([person.mention_name for person in people])
    assert are_different([person.email for person in people])


def test_most_people_are_from_the_first_locale() -> None:
    people = people_names(1, ("pt_BR", "es_ES"), 300)
    assert sum(person.locale == "pt_BR" for person in people) > sum(person.locale == "es_ES" for person in people) > 0


def test_addresses_and_some_mention_names_contain_the_name() -> None:
    people = people_names(7, ("de_DE",), 200, unicode_mention_names=True)
    assert any(not person.mention_name.isascii() for person in people)
    assert any(person.mention_name == person.name.replace(" ", "").replace("-", "") for person in people)
    assert not any(person.email.startswith("p") and person.email[1].isdigit() for person in people)


@pytest.mark.parametrize("nasty", [False, True])
def test_a_larger_count_appends_people(*, nasty: bool) -> None:
    assert people_names(5, LOCALES, 40, nasty=nasty) == people_names(5, LOCALES, 90, nasty=nasty)[:40]


@pytest.mark.parametrize("locale", ["xx_XX", "de-DE", "", "fi_FI:xx_XX", "fi_FI:"])
def test_an_unknown_locale_is_refused(locale: str) -> None:
    with pytest.raises(UsageError, match="There is no locale"):
        people_names(1, (locale,), 1)


def test_a_locale_without_conversations_is_refused_and_its_names_are_offered() -> None:
    with pytest.raises(UsageError, match=r"conversations are in ar, .*en, .*fi_FI:en_US has its names alone"):
        people_names(1, ("fi_FI",), 1)
    finnish = people_names(1, ("fi_FI:en_US",), 40)
    assert any("nen" in person.name for person in finnish)
    titles = {title for titles in dialogues("en").titles.values() for title in titles}
    assert {person.title for person in finnish} - {""} <= titles


def test_a_locale_that_speaks_otherwise_than_the_conversations_is_refused() -> None:
    for locale in ("pt_PT", "fi_FI:pt_PT"):
        with pytest.raises(UsageError, match="those of pt_BR"):
            require_locale(locale)
    require_locale("pt_PT:pt_BR")
    assert "pt_PT" not in locale_names()


@given(seed=SEEDS, count=st.integers(0, 120), nasty=st.booleans())
@how(max_examples=40)
def test_rooms_are_unique_and_valid_for_any_seed(seed: int, count: int, *, nasty: bool) -> None:
    rooms = room_names(seed, count, nasty=nasty)
    assert len(rooms) == count
    assert are_different([room.name for room in rooms])
    assert are_different([room.canonical_name for room in rooms])
    for room in rooms:
        assert room.canonical_name == canonical_name(room.name)
        assert room.canonical_name
        assert 0 < len(room.name) <= 50
        assert is_printable(room.name)
        assert room.purpose in PURPOSES | FALLBACKS.keys()
        assert {*dict(room.about)} <= ABOUT


@pytest.mark.parametrize("nasty", [False, True])
def test_a_larger_count_appends_rooms(*, nasty: bool) -> None:
    rooms = room_names(5, 3_000, nasty=nasty)
    assert room_names(5, 40, nasty=nasty) == rooms[:40]
    assert are_different([room.canonical_name for room in rooms])


def test_a_room_is_about_what_its_name_says() -> None:
    rooms = room_names(2, 300)
    assert {room.purpose for room in rooms if "stand-up" in room.name} == {"development"}
    assert {room.purpose for room in rooms if room.name.startswith("Board games")} == {"games"}
    projects = [(room.name, dict(room.about)["project"]) for room in rooms if room.name.startswith("Project ")]
    assert len(projects) > 10
    assert all(project in name for name, project in projects)


def test_hard_room_names_consist_of_symbols_or_are_similar_to_another() -> None:
    rooms = room_names(1, 300, nasty=True)
    assert any(not re.search(r"\w", room.name) for room in rooms)
    slugs = [re.sub(r"[^a-z0-9]+", "-", room.canonical_name) for room in rooms]
    assert len(set(slugs)) < len(slugs)


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("Default", "default"),
        ("Ops & Dev", "ops__dev"),
        ("Support: tier 2", "support_tier_2"),
        ("\"a'b/c<d>e@f", "abcdef"),
        ("ÄÖÜ ß", "äöü_ß"),
    ],
)
def test_a_canonical_name_is_derived_as_hipchat_did(name: str, canonical: str) -> None:
    assert canonical_name(name) == canonical


@given(seed=SEEDS, count=st.integers(0, 200), nasty=st.booleans())
@how(max_examples=30)
def test_emoticons_are_unique_and_their_files_have_ascii_names(seed: int, count: int, *, nasty: bool) -> None:
    emoticons = emoticon_names(seed, count, nasty=nasty)
    assert len(emoticons) == count
    assert are_different([emoticon.shortcut for emoticon in emoticons])
    assert are_different([emoticon.slug for emoticon in emoticons])
    for emoticon in emoticons:
        assert re.fullmatch(r"[a-z0-9]{1,30}", emoticon.slug)
        assert re.fullmatch(r"[^\s()]{1,30}", emoticon.shortcut)


@given(
    random=st.randoms(use_true_random=False),
    look=st.sampled_from([(name, kind) for name, subject in SUBJECTS.items() for kind in subject.kinds]),
    second=st.integers(0, 4_000_000_000),
    nasty=st.booleans(),
)
def test_a_file_name_is_one_segment_that_can_be_stored(
    random: Random, look: tuple[str, str], second: int, *, nasty: bool
) -> None:
    subject, kind = look
    name = file_name(random, *file_pattern(random, subject, {}), kind, second, nasty=nasty)
    assert len(name.encode()) <= NAME_BYTES
    assert not re.search(r"[/\\\x00-\x1f\x7f-\x9f]", name)
    assert name not in {".", ".."} | DATA_NAMES
    assert name.endswith(f".{kind}")
    assert name == name.strip()


def test_a_file_is_named_by_what_its_room_is_about() -> None:
    random = random_for(2)
    names = [
        file_name(random, *file_pattern(random, "report", {"project": "Harbor", "city": "Bern"}), "pdf", 0)
        for _ in range(60)
    ]
    assert {"Harbor status.pdf", "Harbor final.pdf", "status report 1970-01-01.pdf"} <= {*names}
    assert all(name.startswith("Harbor ") for name in names if name.endswith((" status.pdf", " final.pdf")))
    assert len({name for name in names if re.fullmatch(r"report [A-Z].*", name)}) > 2  # of any customer


def test_hard_file_names_are_long_quoted_and_of_any_script() -> None:
    random = random_for(1)
    names = [file_name(random, *file_pattern(random, "report", {}), "pdf", 0, nasty=True) for _ in range(400)]
    assert max(len(name.encode()) for name in names) > NAME_BYTES - 4
    for character in (" ", '"', "'", "🦊", "長"):
        assert any(character in name for name in names)


@given(st.randoms(use_true_random=False))
def test_a_slug_has_fifteen_letters_and_digits(random: Random) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{15}", slug15(random))


@given(SEEDS)
def test_a_company_has_a_reserved_domain(seed: int) -> None:
    assert re.fullmatch(r"[a-z]+[.]example", company(seed).domain)


def test_names_are_the_same_in_another_process_time_zone_and_hash_seed() -> None:
    arguments = f"(9, {LOCALES}, 60, nasty=True)"
    expression = f"[people_names{arguments}, room_names(9, 60, nasty=True), emoticon_names(9, 60, nasty=True)]"
    expected = [
        people_names(9, LOCALES, 60, nasty=True),
        room_names(9, 60, nasty=True),
        emoticon_names(9, 60, nasty=True),
    ]
    for hash_seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Denver")):
        assert printed_elsewhere("hcfmt.generation.world_building", expression, hash_seed, zone) == ascii(expected)


def test_mention_names_are_in_ascii_unless_asked_for_otherwise() -> None:
    plain, unicode = (people_names(7, ("ja_JP",), 50, unicode_mention_names=asked) for asked in (False, True))
    assert [person.name for person in plain] == [person.name for person in unicode]
    assert all(person.mention_name.isascii() for person in plain)
    assert any(person.mention_name == person.name.replace(" ", "") for person in unicode)
    spelled = {"".join(map(str.capitalize, person.email.partition("@")[0].split("."))) for person in plain}
    assert any(person.mention_name in spelled for person in plain)
