"""Values that importers compute from names and texts, for predicates of profiles that compare them.

Importers transliterate as the Python package Unidecode does. text-unidecode has the same tables up to U+FFFF; it drops
the characters beyond, of which Unidecode spells some.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping


def lower_case(text: str) -> str:
    """Return a text in lower case."""
    return text.lower()


def mattermost_username(name: str) -> str:
    """Return the user name that migratemost makes of a mention name."""
    return _ascii(name).lower()


def mattermost_channel(name: str) -> str:
    """Return the channel name that migratemost makes of a room's name, "" where it takes the room's id instead."""
    text = re.sub(r"[^a-z0-9-]", "_", re.sub(r"\s", "-", _ascii(name).lower()))
    if re.fullmatch(r"[0-9]", text):
        return f"number_{text}"
    return re.sub(r"-+", "-", text).rstrip("-,_").lstrip("-,_")


def mattermost_first_name(name: str) -> str:
    """Return the part of a name before its last blank, which migratemost takes for the first name."""
    return name.rpartition(" ")[0]


def mattermost_last_name(name: str) -> str:
    """Return the part of a name behind its last blank, which migratemost takes for the last name; "" without one."""
    return name.rpartition(" ")[2] if " " in name else ""


def doubled_quotes(text: str) -> str:
    r"""Return a text with each ``\`` and ``"`` doubled, as migratemost writes topics."""
    return re.sub(r'(["\\])', r"\1\1", text)


def rocketchat_slug(name: str) -> str:
    """Return about what Rocket.Chat makes of a room's name: letters and digits of ASCII, with hyphens between words."""
    text = unicodedata.normalize("NFKD", name.replace("&", " and "))
    text = _ascii("".join(character for character in text if not unicodedata.combining(character)))
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def open_html_tag(text: str) -> str:
    """Return the last tag head, style or script of a text whose number that begin is not that of those that end.

    "" if the numbers are the same. html2text drops what follows, and Zulip's converter much of the next messages.
    """
    # Rules of names use the other keys, and should not wait for its expressions.
    from hcfmt.profiles.html_silence import may_silence, passage  # noqa: PLC0415 - see above

    found = passage(text) if may_silence(text) else None
    return found.last if found and (found.change or found.raw) else ""


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    from text_unidecode import unidecode  # noqa: PLC0415 - its tables are loaded only for names that need them

    return str(unidecode(text))


KEYS: Mapping[str, Callable[[str], str]] = {
    "doubled_quotes": doubled_quotes,
    "lower_case": lower_case,
    "mattermost_channel": mattermost_channel,
    "mattermost_first_name": mattermost_first_name,
    "mattermost_last_name": mattermost_last_name,
    "mattermost_username": mattermost_username,
    "open_html_tag": open_html_tag,
    "rocketchat_slug": rocketchat_slug,
}
"""The computed keys by the name that a profile's ``key`` gives them."""
