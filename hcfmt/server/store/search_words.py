"""The words of a text, by which messages are found: without letter case and accents, the same in index and query.

``front_end/search_words.js`` does the same for archives that are exported as files.
"""

import re
from unicodedata import normalize

_ACCENT = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u064b-\u065f"
# Scripts that are written without spaces between words, and Korean, whose words have endings.
_LONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\U00020000-\U0003ffff"
)
_INDIAN = "\u0900-\u0963\u0970-\u0dff"  # whose vowel signs are no letters to Python, but parts of words
_ACCENTS = re.compile(f"[{_ACCENT}]+")
_APART = re.compile(f"([{_LONE}])")
_BETWEEN = re.compile(f"(?:[^\\w{_INDIAN}]|_)+")
_PIECE = re.compile(f"[\u1100-\u11ff]+|[{_LONE}][\u3099\u309a]*|(?:(?![{_LONE}])(?:[^\\W_]|[{_ACCENT}{_INDIAN}]))+")


def words(text: str) -> str:
    """Return the words of a text, each between two blanks: " a letter to 東 京 ".

    A character of a script without spaces is a word of its own, so that such a text is found by any part of it.
    """
    if not text.isascii():
        text = normalize("NFC", _ACCENTS.sub("", normalize("NFKD", text)))
        # A sigma at the end of a word is another character, also at the end of the beginning of a word.
        text = _APART.sub(r" \1 ", text.lower().replace("\u03c2", "\u03c3"))
    return f" {_BETWEEN.sub(' ', text.lower()).strip(' ')} "


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text with the offsets at which each begins and ends in the text.

    Where one character becomes several words, as a fraction does, each of them has its offsets.
    """
    pieces = ((match[0], *match.span()) for match in _PIECE.finditer(text))
    return [(word, start, stop) for piece, start, stop in pieces for word in words(piece).split()]
