"""Every locale has time zones of IANA's database."""

from importlib.resources import files

import pytest
from faker.config import AVAILABLE_LOCALES

from hcfmt.generation.time_zones import zones

ZONES = frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@pytest.mark.parametrize("locale", sorted(AVAILABLE_LOCALES))
def test_every_locale_has_time_zones(locale: str) -> None:
    assert set(zones(locale)) <= ZONES
    assert zones(locale) != ("UTC",)


def test_a_locale_of_an_unknown_territory_is_at_utc() -> None:
    assert zones("xx_XX") == ("UTC",)
