"""Registry of names in use: a name that is in use already gets a number."""

from collections.abc import Callable, Iterator


class NamesRegistry:
    """The names in use, compared without letter case."""

    def __init__(self, *names: str, key: Callable[[str], str] = str) -> None:
        """Start with some names in use; ``key`` returns what is compared of a name."""
        self._key = key
        self._taken = {key(name).casefold() for name in names}
        self._numbers: dict[str, int] = {}

    def is_free(self, name: str) -> bool:
        """Return whether a name is not in use."""
        return self._key(name).casefold() not in self._taken

    def take(self, name: str) -> str:
        """Mark a name as in use and return it."""
        self._taken.add(self._key(name).casefold())
        return name

    def numbered(self, name: str, longest: int, joint: str = "") -> Iterator[str]:
        """Yield a name, then the name with 2, 3, ... appended; later calls go on where earlier ones ended."""
        number = self._numbers.setdefault(name, 1)
        if number == 1:
            yield name[:longest]
        while True:
            self._numbers[name] = number = number + 1
            end = f"{joint}{number}"
            yield name[: longest - len(end)] + end

    def first_free(self, name: str, longest: int, joint: str = "") -> str:
        """Return the first free name of ``numbered`` and mark it as in use."""
        return self.take(next(filter(self.is_free, self.numbered(name, longest, joint))))
