"""Which histories a process reads, where several fill one store."""


class Share:
    """One of the shares of an archive's histories; the first one has all else of the archive, too.

    Each process that is shown the same histories in the same order deals them out alike, so nobody has to ask.
    """

    def __init__(self, at: int = 0, of: int = 1) -> None:
        """Take which of how many shares this is, counted from 0."""
        self.is_first = at == 0
        self._at = at
        self._bytes = [0] * of
        self._dealt: dict[tuple[str, int], int] = {}

    def has(self, tree: str, number: int, size: int) -> bool:
        """Whether a history is in the share, given its directory and its bytes: it goes to the smallest one so far.

        What comes again goes where it went before.
        """
        key = (tree, number)
        if key not in self._dealt:
            self._dealt[key] = min(range(len(self._bytes)), key=self._bytes.__getitem__)
            self._bytes[self._dealt[key]] += size
        return self._dealt[key] == self._at
