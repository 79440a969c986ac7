"""Valid names, file names and messages that are hard to handle."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from random import Random

from hcfmt.generation.vocabulary import pick

LONGEST = 10_000  # characters of a message (docs/format.md#message-length)
SENDER = 64  # characters of the name of an integration (docs/api.md#notification)
NAME_BYTES = 180  # of a file, in UTF-8

INJECTIONS = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("//x.invalid","?")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-1|calc",
    "-2+3",
    "{{7*7}}",
    "${7*7}",
    "<%= 7*7 %>",
    "#{7*7}",
    "${jndi:ldap://x.invalid}",
    "%n%s%x%d",
    "%00",
    "$(reboot)",
    "`id`",
    "; ls -la |",
    "' OR '1'='1",
    "'); DROP TABLE users;--",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea><b>",
    "<!--",
    "]]>",
    "&lt;&amp;nbsp;",
    "&#x41;",
    "\\u0041\\n",
    "../../etc/passwd",
    "C:\\CON",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "*_~`",
    "null",
    "None",
    "NaN",
    "undefined",
    "true",
    "-0",
    "1e309",
    "0x7f",
    "__proto__",
    "constructor",
)
"""Text that is harmful in a shell, spreadsheet, template, query, page or path; up to 32 characters each."""

QUERIES = (
    "?q=%00%0d%0a&x=<script></script>",
    "?next=//x.invalid/%2e%2e/",
    "?q={{7*7}}&r=${jndi:ldap://x.invalid}",
    "#\u202egnp.exe",
    "?name=🦊&名前=長",
    "?a=1&amp;b=2&amp;amp;c=3",
    "?" + "a" * 2_000,
)
"""Ends of URLs that are hard to handle."""

SYMBOLS = ("#####", "~", "-", "...", "***", "!?", "()", "[]", "{}", "%", "$$$", "^_^", "|", "\\o/", "+", "=", "§", "→")
"""Names without letters; the canonical name of each is not empty."""

_EMOJI = ("😀", "🦊", "👩‍💻", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "1️⃣", "☃", "🫠")
_SCRIPTS = ("𝒜𝓃𝓃𝒶", "𐍈𐌰", "𠜎𠜱", "שלום", "مرحبا", "नमस्ते", "ภาษาไทย", "한국어", "Ω≈ç√", "ﬁﬂ", "İıſß", "Ǆǆ", "ＡＢ")  # noqa: RUF001
_MARKS = "\u0300\u0301\u0308\u0323\u0327\u0336\u0489\u20dd"
_LOOKALIKES = str.maketrans("aceopxyAEKMOT", "асеорхуАЕКМОТ")  # noqa: RUF001 - Cyrillic on purpose
_HIDDEN = ("\u200b", "\u200d", "\u2060", "\u00ad", "\ufe0f")


def _marked(random: Random, text: str) -> str:
    """Stack marks on the letters until they reach the neighbouring lines."""
    return "".join(letter + "".join(random.choices(_MARKS, k=random.randrange(4))) for letter in text)


def _astral(_: Random, text: str) -> str:
    """Replace Latin letters by mathematical ones, which take two units in UTF-16."""
    return "".join(
        chr(0x1D400 + ord(char) - 65 - 6 * (char > "Z")) if char.isascii() and char.isalpha() else char for char in text
    )


def _wide(_: Random, text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


_HOST = re.compile(r"[a-z]\.[a-z]")
_Change = Callable[[Random, str], str]
# For names and texts: no line ends, no control characters. These change the letters,
_CHANGES: Sequence[_Change] = (
    _marked,
    _astral,
    _wide,
    lambda random, text: pick(random, _HIDDEN).join((text[: len(text) // 2], text[len(text) // 2 :])),
    lambda _, text: text.translate(_LOOKALIKES),
    lambda random, _: pick(random, INJECTIONS),
)
# and these keep them.
_ADDITIONS: Sequence[_Change] = (
    lambda random, text: f"{text} {pick(random, _EMOJI)}",
    lambda random, text: f"{pick(random, _EMOJI)}{text} {pick(random, _EMOJI)}",
    lambda random, text: f"{text} {pick(random, _SCRIPTS)}",
    lambda _, text: f"\u202e{text}\u202c",
    lambda _, text: f"\u2067{text}\u2069",
    lambda _, text: unicodedata.normalize("NFD", text),
    lambda _, text: f'"{text}"',
    lambda _, text: f"'{text}",
    lambda _, text: f"<b>{text}</b>",
    lambda _, text: f"[{text}] (x)",
    lambda _, text: text.upper(),
    lambda random, text: f"{text} {pick(random, INJECTIONS)}",
)
_NAME_CHANGES = (*_CHANGES, *_ADDITIONS)
# For texts only.
_TEXT_ADDITIONS: Sequence[_Change] = (
    *_ADDITIONS,
    lambda _, text: f"\x1b[31;1m{text}\x1b[0m",
    lambda _, text: f"\x1b]0;{text}\x07\x1b[2J",
    lambda _, text: f"{text}\u2028{text}\u2029",
    lambda _, text: f"{text}\r\n\t{text}\x0b\x0c\x85",
    lambda _, text: f"\ufeff{text}\ufffd\uffff",
    lambda _, text: f"  {text}  ",
    lambda _, text: f"\n\n{text}\n",
    lambda _, text: f"<p onclick='alert(1)'>{text}<br><iframe src=//x.invalid></p>",
    lambda _, text: f'{{"message": "{text}"}}',
    lambda _, text: f"/quote {text}",
    lambda _, text: f"@all @here {text} (thumbsup)(nosuchemoticon) :-) #{{{text}}}",
    lambda random, text: " ".join(random.sample((*_EMOJI, *_SCRIPTS, text), 12)),
)
_TEXT_CHANGES = (*_CHANGES, *_TEXT_ADDITIONS)
# For names of files only.
_FILE_CHANGES: Sequence[_Change] = (
    *_NAME_CHANGES,
    lambda _, stem: f"{stem} {'長い名前' * 20}",
    lambda _, stem: f"--{stem} (1).tar",
    lambda _, stem: stem * 20,
)


def text(random: Random, plain: str) -> str:
    """Return a hard text made of a plain one, about three times as long at most.

    It may contain escape sequences, line ends and everything else that no rule reports. The letters of a host stay as
    they are, because a changed host might belong to somebody.
    """
    return pick(random, _TEXT_ADDITIONS if _HOST.search(plain) else _TEXT_CHANGES)(random, plain)


def name(random: Random, plain: str, longest: int) -> str:
    """Return a hard name made of a plain one: up to ``longest`` characters, no control characters."""
    return pick(random, _NAME_CHANGES)(random, plain)[:longest].strip()


def long_texts() -> tuple[str, ...]:
    """Return messages of exactly ``LONGEST`` characters: characters of one to four bytes, words, and lines."""
    return (
        "x" * LONGEST,
        "ñ" * LONGEST,
        "長" * LONGEST,
        "🦊" * LONGEST,
        ("no line break anywhere " * LONGEST)[: LONGEST - 1] + ".",
        ("\n" * LONGEST)[:-1] + ".",
    )


def similar_mention_name(random: Random, mention_name: str) -> str:
    """Return a mention name that is easily confused with another one: it has the same slug or looks the same."""
    middle = 1 + int(random.random() * (len(mention_name) - 1))
    before, after = mention_name[:middle], mention_name[middle:]
    return pick(
        random,
        (
            f"{before}.{after}",
            f"{before}-{after}",
            f"{before}_{after}",
            f"{mention_name}.",
            f"_{mention_name}",
            mention_name.translate(_LOOKALIKES),
            unicodedata.normalize("NFD", mention_name),
            _astral(random, before) + after,
            f"{before}\u0301{after}",
            f"{mention_name}🦊",
        ),
    )


def similar_room_names(room_name: str) -> tuple[str, ...]:
    """Return names of rooms with the same slug in importers but different canonical names in HipChat."""
    separators = "-+.,|·–—"  # noqa: RUF001
    first, _, rest = room_name.partition(" ")
    return (
        f"{first}{rest}",
        *(f"{first}{separator}{rest}" for separator in separators),
        f"{room_name}!",
        f"({room_name})",
    )


def file_name(random: Random, stem: str, extension: str) -> str:
    """Return a hard file name with an extension, up to 180 bytes long.

    It has no slash, backslash or control character, which HipChat would not have stored.
    """
    ending = f".{extension}"
    name = pick(random, _FILE_CHANGES)(random, stem).replace("/", "").replace("\\", "")
    while len((name + ending).encode()) > NAME_BYTES:
        name = name[:-1]
    return (name.strip(" .") or "~") + ending
