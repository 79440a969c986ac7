"""Successive messages of a history as columns, and their records as JSON texts.

Records have their properties in the order of the documented sample.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.json import Encoder

_ENCODER = Encoder()


@dataclass(slots=True)
class Messages:
    """Messages in the order of time, at least one: a sequence of as many values for each property.

    ``seconds`` are since 1970 UTC, ``senders`` are ids, of which 0 is an integration. ``heads`` are the properties of a
    record between its id and its text, ``middles`` those between the text and the timestamp, ``tails`` those after the
    timestamp, all as JSON texts: a head ends with a comma, a middle too unless it is "", and a tail that is not ""
    begins with one. ``deleted`` is how many of the messages are deleted.
    """

    seconds: Sequence[float]
    kinds: list[str]
    ids: Sequence[str]
    senders: Sequence[int]
    heads: list[str]
    texts: list[str]
    middles: Sequence[str]
    timestamps: Sequence[str]
    tails: list[str]
    deleted: int = 0

    def json(self) -> list[str]:
        """Return the records as JSON texts, without the escapes of ``go_text``."""
        texts = _ENCODER.encode_lines(self.texts).removesuffix(b"\n").decode().split("\n")
        return [
            f'{{"{kind}":{{"id":"{id_}",{head}"message":{text},{middle}"timestamp":"{timestamp}"{tail}}}}}'
            for kind, id_, head, text, middle, timestamp, tail in zip(
                self.kinds, self.ids, self.heads, texts, self.middles, self.timestamps, self.tails, strict=True
            )
        ]


def head(**properties: object) -> str:
    """Return properties as the JSON text before others."""
    return f"{_properties(properties)},"


def tail(**properties: object) -> str:
    """Return properties as the JSON text after others."""
    return f",{_properties(properties)}" if properties else ""


def user_reference(id_: int, name: str = "") -> Mapping[str, Any]:
    """Return a sender or a receiver."""
    return {"id": id_, "mention_name": "", "name": name, "version": ""}


def _properties(properties: Mapping[str, object]) -> str:
    return _ENCODER.encode(properties)[1:-1].decode()
