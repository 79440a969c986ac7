"""Names of people, emoticons and files, unique without regard to letter case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from random import Random
from string import ascii_letters, digits

from hcfmt.export.canonical_names import NAME_LENGTH, proposed_mention_name
from hcfmt.generation import hard_texts
from hcfmt.generation.dialogues.templates import gaps_of, titles
from hcfmt.generation.names_registry import NamesRegistry
from hcfmt.generation.time_zones import zones
from hcfmt.generation.transliteration import latin
from hcfmt.generation.vocabulary import (
    faker_for,
    fill_gaps,
    language,
    names_locale,
    phrases,
    pick,
    require_locale,
    split_by_rank,
)
from hcfmt.profiles.computed_keys import mattermost_username
from hcfmt.rng import random_for

SHORTCUT_LENGTH = 30  # characters

_LETTERS_AND_DIGITS = ascii_letters + digits
_EVERYBODY = ("all", "here")  # mentions of all users
_UNTITLED = 0.25  # share of people without a title
_TEAMS = (*("development",) * 9, *("operations", "support") * 3, *("sales",) * 2, "design", "office", "management")
_DRAFTS = 8  # before the name of a room gets a number
_HARD = 0.6  # share of hard names in nasty plans
_SIMILAR = 0.3  # share of hard names that are similar to another name
_LOCAL_LENGTH = 40  # characters of an e-mail address before the @, without its number
_BEGINNINGS = (
    "alder",
    "basalt",
    "birken",
    "calder",
    "corvin",
    "elmar",
    "falk",
    "grau",
    "halden",
    "kestrel",
    "lark",
    "marl",
)
_ENDINGS = ("bach", "brook", "field", "gate", "holm", "mark", "mere", "stone", "wald", "works")


@dataclass(frozen=True, slots=True)
class Company:
    """A fictitious company: its name, and its domain, which is reserved (RFC 2606)."""

    name: str
    domain: str

    @property
    def host(self) -> str:
        """The host of the company's HipChat server."""
        return f"hipchat.{self.domain}"

    def guest_url(self, key: str) -> str:
        """Return the URL of guest access with a key of 8 letters and digits."""
        return f"https://{self.host}/g{key}"


@dataclass(frozen=True, slots=True)
class PersonName:
    """The names of a person: ``mention_name`` without the @, ``title`` often empty, ``timezone`` one of IANA's.

    ``is_woman`` says for whom the given name was chosen. ``team`` is one of ``dialogues.names.TEAMS``.
    """

    name: str
    mention_name: str
    email: str
    title: str
    team: str
    locale: str
    timezone: str
    is_woman: bool


# The name formats of languages in which the given name does not come first.
_FORMATS = {
    "hu": "{family} {given}",
    "ja": "{family} {given}",
    "ko": "{family}{given}",
    "vi": "{family} {given}",
    "zh": "{family}{given}",
}


# Locales for which Faker has no names of people and gives those of the United States, and whose names they have here.
_NAMED_AS = {
    "ar_AE": "ar_AA",
    "ar_BH": "ar_AA",
    "ar_EG": "ar_AA",
    "ar_JO": "ar_AA",
    "bs_BA": "hr_HR",
    "dk_DK": "da_DK",
    "el_CY": "el_GR",
    "es_VE": "es_CO",
    "it_CH": "it_IT",
    "lb_LU": "de_LU",
    "sr_BA": "hr_HR",
}


@dataclass(frozen=True, slots=True)
class EmoticonName:
    """The names of an emoticon: ``shortcut`` without parentheses, ``slug`` for its file, in ASCII."""

    shortcut: str
    slug: str


@cache
def company(seed: int) -> Company:
    """Return the company of a seed."""
    random = random_for(seed, "company")
    name = pick(random, _BEGINNINGS) + pick(random, _ENDINGS)
    return Company(name.capitalize(), f"{name}.example")


def slug15(random: Random) -> str:
    """Return 15 letters and digits, the name of an upload's directory (docs/format.md#attachment-path) or an avatar."""
    return "".join(random.choices(_LETTERS_AND_DIGITS, k=15))


def people_names(
    seed: int, locales: Sequence[str], count: int, *, nasty: bool = False, unicode_mention_names: bool = False
) -> list[PersonName]:
    """Return the names of ``count`` people of the locales, most of them of the first; a larger count appends names.

    Mention names and e-mail addresses are unique without regard to letter case, mention names that are not nasty also
    once importers have spelled them in ASCII. Names and mention names have up to 50
    characters. Addresses are ASCII, below the company's domain; mention names are ASCII too, unless they are nasty or
    ``unicode_mention_names`` are asked for. Raises UsageError for an unknown locale.
    """
    random = random_for(seed, "people names")
    sources = {locale: _LocalePeople(seed, locale) for locale in locales}
    weights = split_by_rank(locales, 1_000)
    mentions = NamesRegistry(*_EVERYBODY, key=str if nasty else mattermost_username)
    emails = NamesRegistry()
    domain = company(seed).domain
    people: list[PersonName] = []
    for _ in range(count):
        locale = random.choices(locales, weights)[0]
        is_woman = pick(random, (True, False))
        name, spelled = sources[locale].person(is_woman=is_woman)
        mention, (team, title) = pick(random, _MENTION_NAMES)(name), sources[locale].job(random)
        if nasty and random.random() < _HARD:
            name = hard_texts.name(random, name, NAME_LENGTH) or name
            title = hard_texts.name(random, title, NAME_LENGTH) if title else ""
            mention = _hard_mention_name(random, name, pick(random, people).mention_name if people else mention)
        if not (mention.isascii() or nasty or unicode_mention_names):
            mention = "".join(part.capitalize() for part in spelled.split("."))
        local = emails.first_free(spelled or f"p{random.randrange(10_000, 100_000)}", NAME_LENGTH)
        mention = mentions.first_free(mention or local.replace(".", ""), NAME_LENGTH)
        zone = pick(random, zones(locale))
        people.append(PersonName(name, mention, f"{local}@{domain}", title, team, locale, zone, is_woman))
    return people


class _LocalePeople:
    """The names of one locale, drawn from Faker."""

    def __init__(self, seed: int, locale: str) -> None:
        require_locale(locale)
        names = names_locale(locale)
        self._faker = faker_for(seed, _NAMED_AS.get(names, names), "people")
        self._language = language(names)
        self._titles = titles(language(locale))

    def person(self, *, is_woman: bool) -> tuple[str, str]:
        """Return a name, and its Latin spelling for an e-mail address, "" when no letter is left."""
        given, family = self._parts(is_woman=is_woman)
        name = _FORMATS.get(self._language, "{given} {family}").format(given=given[0], family=family[0])
        spelled = ".".join(filter(None, (latin(given[-1]), latin(family[-1]))))
        return name[:NAME_LENGTH].strip(), spelled[:_LOCAL_LENGTH].strip(".")

    def _parts(self, *, is_woman: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return a given and a family name, both of a woman or both of a man, Japanese ones with a Latin spelling."""
        source = self._faker
        if self._language == "ja":
            return (
                source.first_name_female_pair() if is_woman else source.first_name_male_pair(),
                source.last_name_pair(),
            )
        if is_woman:
            return (source.first_name_female(),), (source.last_name_female(),)
        return (source.first_name_male(),), (source.last_name_male(),)

    def job(self, random: Random) -> tuple[str, str]:
        """Return a team, and a job title in it of up to 50 characters, "" for none."""
        team = pick(random, _TEAMS)
        titled = random.random() >= _UNTITLED and self._titles.get(team)
        return team, pick(random, titled) if titled else ""


def _one_word(name: str) -> str:
    return "".join(latin(part).capitalize() for part in name.split())


def _joined(name: str, joint: str) -> str:
    return joint.join(filter(None, map(latin, name.split())))


# HipChat's proposal "AnnaMüller" most often, then "AnnaMueller", "anna.mueller", "anna_mueller" and "anna-mueller".
_MENTION_NAMES: Sequence[Callable[[str], str]] = (
    *[proposed_mention_name] * 6,
    *[_one_word] * 2,
    *[partial(_joined, joint=joint) for joint in "._-"],
)


def _hard_mention_name(random: Random, name: str, other: str) -> str:
    """Return a valid mention name that is similar to another one, or that is derived from a hard name."""
    return hard_texts.similar_mention_name(random, other) if random.random() < _SIMILAR else proposed_mention_name(name)


def emoticon_names(seed: int, count: int, *, nasty: bool = False) -> list[EmoticonName]:
    """Return the names of ``count`` emoticons; a larger count appends names.

    Shortcuts and slugs are unique without regard to letter case; slugs have the letters a to z and digits.
    """
    random = random_for(seed, "emoticon names")
    shortcuts, slugs = NamesRegistry(), NamesRegistry()
    emoticons: list[EmoticonName] = []
    work = phrases("work")
    for _ in range(count):
        plain = pick(random, work["emoticon"])
        if not shortcuts.is_free(plain):
            plain = pick(random, work["flavour"]) + pick(random, work["creature"])
        candidate = (
            proposed_mention_name(hard_texts.name(random, plain, SHORTCUT_LENGTH))
            if nasty and random.random() < _HARD
            else plain
        )
        shortcut = shortcuts.first_free(candidate or plain, SHORTCUT_LENGTH)
        emoticons.append(EmoticonName(shortcut, slugs.first_free(latin(shortcut) or plain, SHORTCUT_LENGTH)))
    return emoticons


def file_pattern(random: Random, subject: str, about: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the pattern of a name for a file that shows a subject, and the words that fill its gaps.

    ``about`` are words that its room is about, which come first. Gaps for numbers and for the moment have no words.
    """
    pattern = pick(random, phrases("files")["names"][subject])
    words = phrases("work")["words"]
    gaps = [gap for gap in gaps_of([pattern]) if gap in words and gap not in _MOMENT]
    return pattern, {gap: about.get(gap) or fill_gaps(random, f"{{{gap}}}", words) for gap in gaps}


def file_name(
    random: Random, pattern: str, words: Mapping[str, str], kind: str, second: int, *, nasty: bool = False
) -> str:
    """Return the name of an uploaded file by its pattern and the words in it; the kind is its extension too.

    Dates in the name are those of ``second``, in seconds since 1970 UTC. It has up to 180 bytes of UTF-8.
    """
    stem = fill_gaps(random, pattern, {gap: (word,) for gap, word in words.items()} | _moment(second))
    if nasty and random.random() < _HARD:
        return hard_texts.file_name(random, stem, kind)
    return f"{stem}.{kind}"


_MOMENT = {"date": "%Y-%m-%d", "time": "%H.%M.%S", "day": "%d", "month": "%m", "year": "%Y"}


def _moment(second: int) -> dict[str, tuple[str]]:
    """Return the words for the gaps of a name that tell when its file was made."""
    at = datetime.fromtimestamp(second, UTC)
    return {gap: (at.strftime(form),) for gap, form in _MOMENT.items()} | {"quarter": (str((at.month + 2) // 3),)}
