"""Avatars and emoticons are stored in HipChat's sizes and show the same face in all of them."""

import pytest
from PIL import Image

from hcfmt.export.file_signatures import extension_mismatch
from hcfmt.export.image_sizes import image_size
from hcfmt.generation.files.avatars import AVATAR_SIZES, appearance, avatar
from hcfmt.generation.files.emoticons import SCALES, emoticon
from tests.support.pictures import colours, opened

ANYBODY = appearance("en_US", is_woman=True)


def test_an_avatar_is_stored_in_three_sizes() -> None:
    for person in range(30):
        files = avatar(1, person, ANYBODY)
        assert list(files) == list(AVATAR_SIZES)
        for suffix, size in {"": 200, "_36": 36, "_125": 125}.items():
            image = opened(files[suffix])
            assert (image.format, image.size) == ("JPEG", (size, size))
            assert image_size(files[suffix]) == (size, size)
            assert max(abs(a - b) for a, b in zip(colours(image), colours(opened(files[""])), strict=True)) < 24


@pytest.mark.slow
def test_avatars_of_people_differ() -> None:
    assert len({avatar(1, person, ANYBODY)[""] for person in range(200)}) > 190


@pytest.mark.parametrize("ext", ["png", "gif"])
def test_an_emoticon_is_stored_in_four_scales_of_its_size(ext: str) -> None:
    for number in range(60):
        edge = 20 + number % 11
        files = emoticon(1, number, ext, edge)
        assert set(files) == set(SCALES)
        for suffix, scale in {"": 1, "@2x": 2, "@3x": 3, "@4x": 4}.items():
            image = opened(files[suffix])
            assert (image.format, image.size) == (ext.upper(), (edge * scale, edge * scale))
            assert extension_mismatch(f"a.{ext}", files[suffix]) is None
            assert image.convert("RGBA").getpixel((0, 0))[3] < 64  # type: ignore[index]  # seen through in its corner


@pytest.mark.parametrize("ext", ["png", "gif"])
def test_emoticons_differ(ext: str) -> None:
    assert len({emoticon(1, number, ext, 25)["@4x"] for number in range(60)}) > 55


def test_an_emoticon_has_smooth_edges_in_a_png_and_none_that_are_half_seen_through_in_a_gif() -> None:
    png, gif = (opened(emoticon(1, 7, ext, 25)["@2x"]).convert("RGBA").getchannel("A") for ext in ("png", "gif"))
    assert len(png.getcolors() or ()) > 10
    assert {level for _, level in gif.getcolors() or ()} == {0, 255}


def test_a_drawing_follows_from_the_seed_and_the_name() -> None:
    assert avatar(1, 7, ANYBODY) == avatar(1, 7, ANYBODY) != avatar(2, 7, ANYBODY)
    assert emoticon(1, 7, "png", 25) == emoticon(1, 7, "png", 25) != emoticon(2, 7, "png", 25)


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ja_JP", "hi_IN", "ar_AA", "en_NG", "fi_FI", "xx"])
@pytest.mark.parametrize("is_woman", [True, False])
def test_every_locale_has_skins_and_hairs(locale: str, *, is_woman: bool) -> None:
    looks = appearance(locale, is_woman=is_woman)
    assert looks.is_woman is is_woman
    assert looks.skins
    assert looks.hairs


def test_women_and_men_of_one_locale_look_different() -> None:
    women, men = (
        [opened(avatar(1, person, appearance("de_DE", is_woman=is_woman))[""]) for person in range(40)]
        for is_woman in (True, False)
    )
    # Beside the neck there is the hair of many women, and the ground behind most men.
    assert sum(_is_hair_beside_the_neck(image) for image in women) > 15
    assert sum(_is_hair_beside_the_neck(image) for image in men) < 3  # broad beards


def _is_hair_beside_the_neck(image: Image.Image) -> bool:
    ground, beside = (image.convert("RGB").getpixel(at) for at in ((10, 10), (62, 132)))
    assert isinstance(ground, tuple)
    assert isinstance(beside, tuple)
    return max(abs(a - b) for a, b in zip(ground, beside, strict=True)) > 24
