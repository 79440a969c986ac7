"""Replaces texts: messages, topics, titles, and everything else that is not known to be something else.

What replaces a text depends on the whole text, so that a word is not the same everywhere and cannot be guessed from
how often it occurs. Only what people and clients recognise is replaced as it is elsewhere, or stays: mentions,
emoticons, addresses, HTML tags, commands.
"""

import re
from hashlib import shake_128

from hcfmt.anonymisation.alphabets import DIGITS, LATIN, character_at, place_of
from hcfmt.anonymisation.names import NameReplacement
from hcfmt.anonymisation.words import WordReplacement
from hcfmt.export.mentions import MENTION

_PIECE = 1 << 20  # characters that are replaced at a time

_COMMANDS = r"all|clear|code|giphy|here|me|pre|quote|shame|topic"
_TAGS = (
    "a|abbr|address|article|b|blockquote|body|br|button|caption|center|code|dd|del|div|dl|dt|em|font|footer|form|h[1-6]|"
    "head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|meta|ol|option|p|pre|q|s|samp|script|section|select|"
    "small|span|strike|strong|style|sub|sup|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
_ATTRIBUTES = "align|alt|class|color|colspan|height|href|id|name|rel|rowspan|src|style|target|title|type|value|width"
_ENTITIES = "amp|apos|gt|lt|nbsp|quot"

_STAYS = (
    rf"(?i:</?\s*(?:{_TAGS})(?![^\W_])|(?<=\s)(?:{_ATTRIBUTES})(?==[\"'])|&(?:{_ENTITIES});|\A/(?:{_COMMANDS})(?![^\W_]))"
    r"|\As(?=/)"
)
_SPECIAL = re.compile(
    r"(?P<url>(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>\"']++)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]++@[\w-]++[.][\w.-]++)"
    rf"|(?P<mention>{MENTION})"
    r"|\((?P<emoticon>[^\W_]++)\)"
    rf"|(?P<stays>{_STAYS})"
)
_MAY_BE_SPECIAL = re.compile(r"[@(<&/=]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _table(change: dict[int, int]) -> bytes:
    return bytes(change.get(byte, 0) for byte in range(256))


_CAPITALS, _SMALL, _NUMBERS = (
    range(ord("A"), ord("Z") + 1),
    range(ord("a"), ord("z") + 1),
    range(ord("0"), ord("9") + 1),
)
_CASE = _table(dict.fromkeys(_CAPITALS, 0x20))  # the bit by which a capital differs
_IS_LETTER = _table(dict.fromkeys([*_CAPITALS, *_SMALL], 0xFF))
_IS_DIGIT = _table(dict.fromkeys(_NUMBERS, 0xFF))
_STAYING = _table({byte: byte for byte in range(256) if byte not in {*_CAPITALS, *_SMALL, *_NUMBERS}})
_TO_LETTER = bytes(ord(LATIN[byte % len(LATIN)]) for byte in range(256))
_TO_DIGIT = bytes(ord(DIGITS[byte % len(DIGITS)]) for byte in range(256))


class TextReplacement:
    """Replaces texts by a key. Equal texts become equal; the number of characters and their kinds stay."""

    def __init__(self, key: bytes, words: WordReplacement, names: NameReplacement) -> None:
        """Take the key, and how words and names are replaced."""
        self._key = key
        self._words = words
        self._names = names

    def of_text(self, text: str) -> str:
        """Return what replaces a text. A single word becomes what it becomes elsewhere."""
        if text.isalnum():
            return self._words.of_word(text)
        if len(text) > _PIECE:
            return "".join(self.of_text(text[start : start + _PIECE]) for start in range(0, len(text), _PIECE))
        noise = self._noise(text)
        if not _MAY_BE_SPECIAL.search(text):
            return noise
        parts, end = [], 0
        for match in _SPECIAL.finditer(text):
            parts += [noise[end : match.start()], self._special(match)]
            end = match.end()
        return "".join([*parts, noise[end:]])

    def _special(self, match: re.Match[str]) -> str:
        whole = match[0]
        match match.lastgroup:
            case "url" | "email":
                return self._names.of_address(whole)
            case "mention":
                return "@" + self._names.of_mention(whole[1:])
            case "emoticon":
                return f"({self._names.of_shortcut(whole[1:-1])})"
        return whole

    def _noise(self, text: str) -> str:
        """Return a text with every letter, digit and symbol replaced by one that the digest of the text gives."""
        raw = text.encode("utf-8", "surrogatepass")
        digest = shake_128(self._key + raw).digest(2 * len(text))
        ascii_ = text.encode("ascii", "replace")
        replaced = _ascii_noise(ascii_, digest[: len(text)]).decode()
        if len(raw) == len(text):
            return replaced
        result = list(replaced)
        for match in _BEYOND_ASCII.finditer(text):
            at = match.start()
            result[at] = _replaced(match[0], int.from_bytes(digest[at : at + 3], "big"))
        return "".join(result)


def _ascii_noise(text: bytes, digest: bytes) -> bytes:
    """Return a text with letters and digits taken from a digest, by arithmetic on all bytes at once."""
    number = int.from_bytes
    letters = number(digest.translate(_TO_LETTER)) ^ number(text.translate(_CASE))
    digits = number(digest.translate(_TO_DIGIT))
    mixed = (letters & number(text.translate(_IS_LETTER))) | (digits & number(text.translate(_IS_DIGIT)))
    return (number(text.translate(_STAYING)) | mixed).to_bytes(len(text), "big")


def _replaced(character: str, choice: int) -> str:
    """Return another character of the alphabet of one outside ASCII; itself if it has none."""
    place = place_of(character)
    if place is None:
        return character
    steps = 1 + choice % (len(place.alphabet) - 1)
    return character_at(place, (place.position + steps) % len(place.alphabet))
