"""Replaces names: of people and rooms, mention names, addresses, shortcuts of emoticons, names of properties."""

import re
from functools import cache, lru_cache

from hcfmt.anonymisation.words import LETTERS, WORD, WordReplacement
from hcfmt.check.rules.names import RESERVED_ROOM_NAMES
from hcfmt.export import schemas
from hcfmt.export.letter_case import fold_case
from hcfmt.profiles.computed_keys import rocketchat_slug

_DROPPED = "\"&'/:<>@"  # HipChat drops these from a name when it makes a canonical name of it
_JOINED_WORD = re.compile(rf"{LETTERS}(?:[{_DROPPED}]++{LETTERS})*+|[^\x00-\x7f]")
_TO_ALL = frozenset({"all", "here"})
_EMOTICONS = (
    "allthethings android areyoukiddingme atlassian awthanks awyeah badass badpokerface basket beer bitbucket boom "
    "bunny cake candycorn catchemall challengeaccepted chewie chompy chucknorris clarence coffee continue cookie "
    "dance dealwithit derp disapproval doge drool embarrassed evilburns facepalm failed fireworks flowers "
    "forscale freddie fry fwp gangnamstyle ghost goldstar goodnews hamster haveaseat heart hipchat hipster hodor "
    "hugefan indeed jackie jira joker kennypowers lincoln lol lolwut megusta menorah mindblown motherofgod mybad "
    "ninja notsureif nothingtodohere oops orly panda pbr philosoraptor pirate pokerface present pumpkin rageguy "
    "reddit rudolph sadpanda sadtroll salute santa scumbag shamrock shrug skyrim sleepy stash success successful "
    "sweetjesus taco tea thumbsdown thumbsup toodamnhigh tree troll truestory trump turkey twss unknown upvote "
    "waiting wat whoa whynotboth wtf yey yodawg yougotitdude yuno zoidberg"
)
BUILT_IN_EMOTICONS = frozenset(_EMOTICONS.split())
"""Shortcuts of emoticons that HipChat came with."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}://")
_SCHEMES = frozenset({"file", "ftp", "http", "https", "ssh"})
_GUEST_KEY = re.compile(r"[A-Za-z](?=[0-9A-Za-z]{8}\Z)")
_JID = re.compile(r"([0-9]+_)([^@]+)(@(?:conf|chat)[.])([^@]+)", re.DOTALL)
_HOSTS = frozenset({"btf.hipchat.com", "hipchat.com"})
_GUEST_KEY_LENGTH = 9
_LONGEST_RESERVED = 64  # characters of a name that importers may reserve
_MOST_NAMES, _LONGEST_KNOWN = 1 << 14, 256  # names that are remembered, and their characters
_WITHOUT_DROPPED = str.maketrans("", "", _DROPPED)


class NameReplacement:
    """Replaces names and addresses by a key, each kind so that the rules which compare its values find the same."""

    def __init__(self, words: WordReplacement) -> None:
        """Take the replacement of words."""
        self._words = words
        self._known_name = lru_cache(maxsize=_MOST_NAMES)(self._of_name)

    def of_name(self, name: str) -> str:
        """Return what replaces the name of a person or room, or a room's canonical name.

        A canonical name stays the one that HipChat makes of the name. Names that importers reserve stay.
        """
        return self._known_name(name) if len(name) <= _LONGEST_KNOWN else self._of_name(name)

    def _of_name(self, name: str) -> str:
        if len(name) <= _LONGEST_RESERVED and name.isascii() and rocketchat_slug(name) in RESERVED_ROOM_NAMES:
            return name
        return _JOINED_WORD.sub(self._joined_word, name)

    def _joined_word(self, match: re.Match[str]) -> str:
        word = match[0]
        bare = word.translate(_WITHOUT_DROPPED)
        replaced = iter(self._words.of_word(bare))
        return "".join(character if character in _DROPPED else next(replaced) for character in word)

    def of_mention(self, name: str) -> str:
        """Return what replaces a mention name, and the same behind an @ in a text."""
        return name if name.lower() in _TO_ALL else WORD.sub(self._mention_word, name)

    def _mention_word(self, match: re.Match[str]) -> str:
        return self._words.outside(match[0], _TO_ALL)

    def of_shortcut(self, shortcut: str) -> str:
        """Return what replaces the shortcut of an emoticon, and the same between parentheses in a text."""
        return shortcut if shortcut in BUILT_IN_EMOTICONS else self._words.of_text(shortcut)

    def of_address(self, address: str) -> str:
        """Return what replaces an e-mail address or a URL: the scheme stays, and one letter of a guest's key."""
        scheme = _SCHEME.match(address)
        start = scheme.end() if scheme and scheme[0][:-3].lower() in _SCHEMES else 0
        key = _GUEST_KEY.search(address, max(start, len(address) - _GUEST_KEY_LENGTH))
        if not key:
            return address[:start] + self._words.of_text(address[start:])
        before, after = address[start : key.start()], address[key.end() :]
        return address[:start] + self._words.of_text(before) + key[0] + self._words.of_text(after)

    def of_jid(self, jid: str) -> str:
        """Return what replaces the address of a room or person in autojoins.json; ids and HipChat's hosts stay."""
        match = _JID.fullmatch(jid)
        if not match:
            return self._words.of_text(jid)
        group, local, kind, host = match.groups()
        local = local if local.isdecimal() and local.isascii() and kind == "@chat." else self.of_name(local)
        return group + local + kind + (host if host in _HOSTS else self._words.of_text(host))

    def of_property(self, name: str) -> str:
        """Return what replaces the name of a property: nothing for a documented name, in whatever letter case.

        What makes a name look like a secret stays in it (HC713), and no other name becomes documented.
        """
        if fold_case(name) in _documented():
            return name
        parts = re.split(f"({_secret_pattern()})", name)
        while True:
            parts = [part if index % 2 else self._words.of_text(part) for index, part in enumerate(parts)]
            replaced = "".join(parts)
            if fold_case(replaced) not in _documented():
                return replaced


@cache
def _documented() -> frozenset[str]:
    """Return the names of documented properties in small letters, and the one that shows an answer of the API."""
    return frozenset({*map(fold_case, schemas.property_names()), "items"})


@cache
def _secret_pattern() -> str:
    """Return the pattern of names of secrets, which has no group."""
    expected = schemas.read("export/metadata")["x-should"][schemas.SECRET_RULE]
    return str(expected["propertyNames"]["not"]["pattern"])
