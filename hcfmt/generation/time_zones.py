"""In which time zones the people of a locale live: names of IANA's database."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from hcfmt.generation.vocabulary import language

# Where IANA names more zones than people live in, or not those that most live in; else zone.tab is asked.
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
# What Faker names otherwise than by language and the territory's code.
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


def zones(locale: str) -> tuple[str, ...]:
    """Return the time zones of a locale, one named several times if most people live there; UTC if none is known."""
    territory = locale[len(language(locale)) + 1 :]
    return _ODD.get(locale) or _CHOSEN.get(territory) or _zones_of_territories().get(territory) or ("UTC",)


@cache
def _zones_of_territories() -> Mapping[str, tuple[str, ...]]:
    """Return the zones of every territory, by its code of two letters (ISO 3166), as IANA's zone.tab has them."""
    found: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            territory, _, name = line.split("\t")[:3]
            found[territory] = (*found.get(territory, ()), name)
    return found
