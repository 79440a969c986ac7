"""Measures how various the texts of an archive are: ``python -m benchmarks.texts ARCHIVE``."""

import re
import sys
from collections import Counter
from statistics import quantiles

import hcfmt
from hcfmt.cli.output import write_out
from hcfmt.reader.records import UserMessage

_MOST_COMMON, _SHOWN = 100, 40
_DIGITS, _WORD = re.compile(r"\d+"), re.compile(r"[^\W\d_]{2,}")


def measures(texts: list[str]) -> dict[str, float]:
    """Return figures on the texts of people; numbers in texts that are counted are masked."""
    masked = Counter(_DIGITS.sub("#", text) for text in texts)
    words = Counter(word.casefold() for text in texts for word in _WORD.findall(text))
    lengths = [len(text) for text in texts]
    low, median, high = quantiles(lengths, n=4)
    return {
        "texts of people": len(texts),
        f"share of the {_MOST_COMMON} most common, numbers masked": round(
            sum(count for _, count in masked.most_common(_MOST_COMMON)) / len(texts), 4
        ),
        "distinct, numbers masked": len(masked),
        "characters, lower quartile": low,
        "characters, median": median,
        "characters, upper quartile": high,
        "characters, longest": max(lengths),
        "distinct words": len(words),
        "words that occur once": sum(count == 1 for count in words.values()),
    }


def main(path: str) -> None:
    """Print the measures of an archive, and its most common texts."""
    with hcfmt.open_export(path) as export:
        said = [message for message in export.messages() if isinstance(message, UserMessage)]
        texts = [message.message for message in said if message.message and not message.attachment]
        private = (message for message in export.private_messages() if message.sender == message.owner)
        texts += [message.message for message in private if message.message and not message.attachment]
    common = Counter(_DIGITS.sub("#", text) for text in texts).most_common(_SHOWN)
    write_out(f"{value:>12,} {name}" for name, value in measures(texts).items())
    write_out(f"{count:>12,} {text[:90]!r}" for text, count in common)


if __name__ == "__main__":
    main(sys.argv[1])
