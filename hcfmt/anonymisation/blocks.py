"""Cuts the content of a member into blocks, so that the chunks in which it comes make no difference."""

from collections.abc import Iterable, Iterator

from hcfmt.errors import Fault


def blocks(chunks: Iterable[bytes], size: int, faults: list[Fault]) -> Iterator[tuple[bytes, bool]]:
    """Yield blocks of ``size`` bytes, each with whether it is the last, which is shorter and may be empty.

    A Fault that ends ``chunks`` is appended to ``faults``.
    """
    held: list[bytes] = []
    length = 0
    for chunk in _until_fault(chunks, faults):
        held.append(chunk)
        length += len(chunk)
        if length >= size:
            data, rest = b"".join(held), length % size
            yield from ((data[start : start + size], False) for start in range(0, length - rest, size))
            held, length = [data[length - rest :]], rest
    yield b"".join(held), True


def _until_fault(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[bytes]:
    try:
        yield from chunks
    except Fault as fault:
        faults.append(fault)
