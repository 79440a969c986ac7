"""Divides the histories of an archive among the processes that load it."""


class Partition:
    """One process's share of an archive's histories; the first partition also has everything else of the archive.

    All processes see the same histories in the same order, so they agree on the division without communication.
    """

    def __init__(self, index: int = 0, count: int = 1) -> None:
        """Take the partition's index, from 0, and the number of partitions."""
        self.is_first = index == 0
        self._index = index
        self._sizes = [0] * count
        self._assigned: dict[tuple[str, int], int] = {}

    def contains(self, directory: str, number: int, size: int) -> bool:
        """Whether a history is in the partition: its directory ("rooms"), its owner's id, its size in bytes.

        A history goes to the partition of the fewest bytes so far, a repeated one to the partition of the first.
        """
        key = (directory, number)
        if key not in self._assigned:
            self._assigned[key] = min(range(len(self._sizes)), key=self._sizes.__getitem__)
            self._sizes[self._assigned[key]] += size
        return self._assigned[key] == self._index
