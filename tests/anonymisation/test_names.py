"""Names, paths and texts: what rules and importers compare is replaced alike everywhere."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcfmt.anonymisation.replacements import replacements_of
from hcfmt.export.canonical_names import canonical_name
from hcfmt.export.file_signatures import EXTENSIONS
from hcfmt.export.layout import hidden_path
from hcfmt.export.mentions import mentions

REPLACEMENTS = replacements_of("a seed")
NAMES, PATHS, TEXTS = REPLACEMENTS.names, REPLACEMENTS.paths, REPLACEMENTS.texts


@pytest.mark.parametrize("name", ["R&D Team", "The Lounge", "Q/A: 2", "O'Brien @ home", "#####", "Ops <3", "Büro 12"])
def test_a_canonical_name_stays_that_of_the_name(name: str) -> None:
    assert NAMES.of_name(canonical_name(name)) == canonical_name(NAMES.of_name(name))
    assert NAMES.of_name(name) != name or not any(map(str.isalnum, name))


@given(st.text("abcXYZ 0189&'/:<>@_-.!ü", max_size=20))
@settings(max_examples=200)
def test_canonical_names_of_any_name_stay_those_of_the_name(name: str) -> None:
    assert NAMES.of_name(canonical_name(name)) == canonical_name(NAMES.of_name(name))


@pytest.mark.parametrize("name", ["General", "admin", "Town Square"])
def test_names_that_importers_reserve_stay(name: str) -> None:
    assert NAMES.of_name(name) == name


def test_a_mention_in_a_text_is_the_mention_name() -> None:
    (name, bare), *_ = mentions(TEXTS.of_text("Thanks, @AnnaMüller-Lang."))
    assert NAMES.of_mention("AnnaMüller-Lang") == bare
    assert name == f"{bare}."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("@all and @here, please look", ["@all", "@here"]),
        ("well done (thumbsup) to all", ["(thumbsup)"]),
        ("/me goes home", ["/me "]),
        ("s/tabs/spaces/", ["s/"]),
        ('see <a href="x">the page</a> &amp; more', ['<a href="', "</a> &amp; "]),
        ("see https://example.com/a?b=c", ["https://"]),
    ],
)
def test_what_clients_recognise_stays_in_a_text(text: str, kept: list[str]) -> None:
    replaced = TEXTS.of_text(text)
    assert [part for part in kept if part not in replaced] == []
    assert len(replaced) == len(text)
    assert replaced != text


def test_a_word_is_not_the_same_in_every_text() -> None:
    assert len({TEXTS.of_text(f"secret {number}")[:6] for number in range(20)}) > 10


def test_equal_texts_become_equal() -> None:
    assert TEXTS.of_text("the same topic") == replacements_of("a seed").texts.of_text("the same topic")


def test_another_seed_gives_other_texts() -> None:
    assert TEXTS.of_text("the same topic") != replacements_of("another").texts.of_text("the same topic")


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_a_text_keeps_its_length_in_characters_and_bytes(text: str) -> None:
    replaced = TEXTS.of_text(text)
    lengths = [len(character.encode("utf-8", "surrogatepass")) for character in text]
    assert [len(character.encode("utf-8", "surrogatepass")) for character in replaced] == lengths


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "a@" * 50_000, "<" * 100_000, "http" * 50_000, "(a" * 50_000, "a." * 50_000]
)
def test_a_long_text_takes_no_quadratic_time(text: str) -> None:
    assert len(TEXTS.of_text(text)) == len(text)


@pytest.mark.parametrize(
    "path",
    [
        "users.json",
        "rooms/1/history.json",
        "rooms/1/",
        "users/files/",
        "Users.JSON",
        "users.json ",
        "__MACOSX/users.json",
        "rooms/list.json",
    ],
)
def test_documented_paths_stay(path: str) -> None:
    assert PATHS.of_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "rooms/1/files/BcudLU14VxUEeUK/My report.pdf",
        "users/7/avatars/PrypXtu4rN8sEFL_125.png",
        "files/img/emoticons/1/party-1453996070@2x.png",
        "backup/users.json",
        "users/files/0Lp9rkaHfzLpPow/notes.customer",
    ],
)
def test_other_paths_keep_their_form(path: str) -> None:
    assert hidden_path(PATHS.of_path(path)).count("/") == path.count("/")
    assert PATHS.of_path(path) != path
    assert len(PATHS.of_path(path)) == len(path)


@pytest.mark.parametrize("suffix", ["_36", "_125", "_thumb", "@2x", "@4x"])
def test_versions_of_a_picture_stay_versions_of_it(suffix: str) -> None:
    picture, version = PATHS.of_path("1/caa_36-1453.png"), PATHS.of_path(f"1/caa_36-1453{suffix}.png")
    assert version == picture.replace(".png", f"{suffix}.png")


def test_no_extension_becomes_a_known_one() -> None:
    unknown = [f"file.{''.join(letters)}" for letters in product("abcdefgz", repeat=2)]
    known = [name for name in unknown if name.rpartition(".")[2] in EXTENSIONS]
    replaced = {name: PATHS.of_path(name).rpartition(".")[2] for name in unknown}
    assert {name for name, extension in replaced.items() if extension in EXTENSIONS} == set(known)


@pytest.mark.parametrize("name", ["password_hash_Zaphod", "ApiTokenOfZaphod", "zaphod_client_secret"])
def test_properties_keep_what_makes_them_look_like_secrets(name: str) -> None:
    replaced = NAMES.of_property(name).lower()
    assert any(part in replaced for part in ("passw", "token", "secret"))
    assert "zaphod" not in replaced


@pytest.mark.parametrize("name", ["id", "ID", "Name", "mention_name"])
def test_documented_properties_stay_in_any_letter_case(name: str) -> None:
    assert NAMES.of_property(name) == name
