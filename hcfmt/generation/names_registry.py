"""Registry of names in use: numbers the ones that would be used twice."""

from collections.abc import Iterator


class NamesRegistry:
    """The names that are taken, whatever their letter case; a name that is taken already gets a number."""

    def __init__(self, *taken: str) -> None:
        """Begin with some names taken."""
        self._taken = {name.casefold() for name in taken}
        self._numbers: dict[str, int] = {}

    def is_free(self, name: str) -> bool:
        """Say whether nobody has this name."""
        return name.casefold() not in self._taken

    def take(self, name: str) -> str:
        """Take a name, and return it."""
        self._taken.add(name.casefold())
        return name

    def numbered(self, name: str, longest: int, joint: str = "") -> Iterator[str]:
        """Yield a name, then the name with 2, 3, ... behind it, none again that an earlier search has passed over."""
        number = self._numbers.setdefault(name, 1)
        if number == 1:
            yield name[:longest]
        while True:
            self._numbers[name] = number = number + 1
            end = f"{joint}{number}"
            yield name[: longest - len(end)] + end

    def first_free(self, name: str, longest: int, joint: str = "") -> str:
        """Return the first of ``numbered`` that is free, and take it."""
        return self.take(next(filter(self.is_free, self.numbered(name, longest, joint))))
