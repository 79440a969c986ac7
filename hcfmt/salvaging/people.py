"""Names of people whose records are lost, as far as their messages tell them."""

from typing import Any

import orjson

_MOST_NAMES = 500_000  # of people, so that memory stays bounded
_LONGEST = 100  # characters of a name


class People:
    """Names of people by their id, from the senders and receivers of messages."""

    def __init__(self) -> None:
        """Begin without a name."""
        self.names: dict[int, str] = {}

    def add(self, text: bytes) -> None:
        """Take the names from whole records of a history, with commas between them."""
        for wrapper in orjson.loads(b"[%b]" % text):
            for message in wrapper.values() if isinstance(wrapper, dict) else ():
                for side in ("sender", "receiver"):
                    self._add(message.get(side) if isinstance(message, dict) else None)

    def _add(self, person: Any) -> None:  # noqa: ANN401 - any JSON value
        if not isinstance(person, dict) or len(self.names) >= _MOST_NAMES:
            return
        number, name = person.get("id"), person.get("name")
        if isinstance(number, int) and number > 0 and isinstance(name, str) and 0 < len(name) <= _LONGEST:
            self.names.setdefault(number, name)
