"""In which time zones the people of a locale live: names of IANA's database."""

from collections.abc import Mapping

from hcfmt.generator.pools import language

_AFRICA: Mapping[str, tuple[str, ...]] = {
    "DZ": ("Africa/Algiers",),
    "EG": ("Africa/Cairo",),
    "ET": ("Africa/Addis_Ababa",),
    "GH": ("Africa/Accra",),
    "KE": ("Africa/Nairobi",),
    "NG": ("Africa/Lagos",),
    "ZA": ("Africa/Johannesburg",),
}
_AMERICA: Mapping[str, tuple[str, ...]] = {
    "AR": ("America/Argentina/Buenos_Aires", "America/Argentina/Cordoba"),
    "BR": ("America/Sao_Paulo", "America/Manaus", "America/Fortaleza"),
    "CA": ("America/Toronto", "America/Vancouver", "America/Winnipeg", "America/Halifax"),
    "CL": ("America/Santiago",),
    "CO": ("America/Bogota",),
    "MS": ("America/Montserrat",),
    "MX": ("America/Mexico_City", "America/Monterrey", "America/Tijuana"),
    "QC": ("America/Toronto",),
    "US": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"),
}
_ASIA: Mapping[str, tuple[str, ...]] = {
    "AA": ("Asia/Dubai", "Asia/Riyadh", "Africa/Cairo", "Asia/Beirut"),
    "AE": ("Asia/Dubai",),
    "AM": ("Asia/Yerevan",),
    "AZ": ("Asia/Baku",),
    "BD": ("Asia/Dhaka",),
    "BH": ("Asia/Bahrain",),
    "CN": ("Asia/Shanghai", "Asia/Hong_Kong"),
    "GE": ("Asia/Tbilisi",),
    "ID": ("Asia/Jakarta", "Asia/Makassar"),
    "IL": ("Asia/Jerusalem",),
    "IN": ("Asia/Kolkata",),
    "IR": ("Asia/Tehran",),
    "JO": ("Asia/Amman",),
    "JP": ("Asia/Tokyo",),
    "KR": ("Asia/Seoul",),
    "LK": ("Asia/Colombo",),
    "NP": ("Asia/Kathmandu",),
    "PH": ("Asia/Manila",),
    "PK": ("Asia/Karachi",),
    "PS": ("Asia/Hebron", "Asia/Gaza"),
    "SA": ("Asia/Riyadh",),
    "TH": ("Asia/Bangkok",),
    "TW": ("Asia/Taipei",),
    "UZ": ("Asia/Tashkent", "Asia/Samarkand"),
    "VN": ("Asia/Ho_Chi_Minh",),
}
_EUROPE: Mapping[str, tuple[str, ...]] = {
    "AL": ("Europe/Tirane",),
    "AT": ("Europe/Vienna",),
    "BA": ("Europe/Sarajevo",),
    "BE": ("Europe/Brussels",),
    "BG": ("Europe/Sofia",),
    "CH": ("Europe/Zurich",),
    "CY": ("Asia/Nicosia",),
    "CZ": ("Europe/Prague",),
    "DE": ("Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "DK": ("Europe/Copenhagen",),
    "EE": ("Europe/Tallinn",),
    "ES": ("Europe/Madrid", "Europe/Madrid", "Europe/Madrid", "Atlantic/Canary"),
    "FI": ("Europe/Helsinki",),
    "FR": ("Europe/Paris",),
    "GB": ("Europe/London",),
    "GR": ("Europe/Athens",),
    "HR": ("Europe/Zagreb",),
    "HU": ("Europe/Budapest",),
    "IE": ("Europe/Dublin",),
    "IS": ("Atlantic/Reykjavik",),
    "IT": ("Europe/Rome",),
    "LI": ("Europe/Vaduz",),
    "LT": ("Europe/Vilnius",),
    "LU": ("Europe/Luxembourg",),
    "LV": ("Europe/Riga",),
    "MK": ("Europe/Skopje",),
    "MT": ("Europe/Malta",),
    "NL": ("Europe/Amsterdam",),
    "NO": ("Europe/Oslo",),
    "PL": ("Europe/Warsaw",),
    "PT": ("Europe/Lisbon", "Europe/Lisbon", "Atlantic/Azores"),
    "RO": ("Europe/Bucharest",),
    "RU": ("Europe/Moscow", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk"),
    "SE": ("Europe/Stockholm",),
    "SI": ("Europe/Ljubljana",),
    "SK": ("Europe/Bratislava",),
    "TR": ("Europe/Istanbul",),
    "UA": ("Europe/Kyiv",),
}
_OCEANIA: Mapping[str, tuple[str, ...]] = {
    "AU": ("Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth"),
    "NZ": ("Pacific/Auckland",),
}
_TERRITORIES = {**_AFRICA, **_AMERICA, **_ASIA, **_EUROPE, **_OCEANIA}
# What Faker names otherwise than by language and territory; these go before the territory.
_ODD: Mapping[str, tuple[str, ...]] = {
    "de": _EUROPE["DE"],
    "en": ("Europe/London", "America/New_York"),
    "es": _EUROPE["ES"],
    "es_CA": _EUROPE["ES"],
    "la": ("Europe/Vatican",),
    "sw": _AFRICA["KE"],
    "th": _ASIA["TH"],
}


def zones(locale: str) -> tuple[str, ...]:
    """Return the time zones of a locale, one named several times if most people live there; UTC if none is known."""
    territory = locale[len(language(locale)) + 1 :]
    return _ODD.get(locale) or _TERRITORIES.get(territory) or ("UTC",)
