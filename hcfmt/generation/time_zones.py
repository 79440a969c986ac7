"""The time zones of the people of a locale, by their names in IANA's database."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from hcfmt.generation.vocabulary import names_locale

# Territories whose zones in zone.tab are too many, or not those in which most people live.
_CHOSEN: Mapping[str, tuple[str, ...]] = {
    "AR": ("America/Argentina/Buenos_Aires", "America/Argentina/Cordoba"),
    "AU": ("Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth"),
    "BR": ("America/Sao_Paulo", "America/Manaus", "America/Fortaleza"),
    "CA": ("America/Toronto", "America/Vancouver", "America/Winnipeg", "America/Halifax"),
    "CL": ("America/Santiago",),
    "CN": ("Asia/Shanghai", "Asia/Hong_Kong"),
    "CY": ("Asia/Nicosia",),
    "DE": ("Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "ES": ("Europe/Madrid", "Europe/Madrid", "Europe/Madrid", "Atlantic/Canary"),
    "ID": ("Asia/Jakarta", "Asia/Makassar"),
    "MX": ("America/Mexico_City", "America/Monterrey", "America/Tijuana"),
    "NZ": ("Pacific/Auckland",),
    "PS": ("Asia/Hebron", "Asia/Gaza"),
    "PT": ("Europe/Lisbon", "Europe/Lisbon", "Atlantic/Azores"),
    "RU": ("Europe/Moscow", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk"),
    "UA": ("Europe/Kyiv",),
    "US": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"),
    "UZ": ("Asia/Tashkent", "Asia/Samarkand"),
}
# Locales that Faker does not name by language and territory.
_ODD: Mapping[str, tuple[str, ...]] = {
    "ar_AA": ("Asia/Dubai", "Asia/Riyadh", "Africa/Cairo", "Asia/Beirut"),
    "de": _CHOSEN["DE"],
    "en": ("Europe/London", "America/New_York"),
    "es": _CHOSEN["ES"],
    "es_CA": _CHOSEN["ES"],
    "fr_QC": ("America/Toronto",),
    "la": ("Europe/Vatican",),
    "sw": ("Africa/Nairobi",),
    "th": ("Asia/Bangkok",),
}


@cache
def zones(locale: str) -> tuple[str, ...]:
    """Return the time zones of a locale, repeated where most people live; UTC for an unknown territory."""
    locale = names_locale(locale)
    territory = locale.partition("_")[2]
    return _ODD.get(locale) or _CHOSEN.get(territory) or _zones_of_territories().get(territory) or ("UTC",)


@cache
def _zones_of_territories() -> Mapping[str, tuple[str, ...]]:
    """Return the zones of IANA's zone.tab by the code of their territory, two letters of ISO 3166."""
    by_territory: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            territory, _, name = line.split("\t")[:3]
            by_territory[territory] = (*by_territory.get(territory, ()), name)
    return by_territory
