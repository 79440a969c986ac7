"""The file of ``hcfmt fix --answers``: all changes as JSON, written one by one."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from hcfmt.container.atomic_write import atomic_file
from hcfmt.container.distinct_files import FileName
from hcfmt.export.editing import Answer


@contextmanager
def answer_file(path: str | None, inputs: Iterable[FileName], *, force: bool) -> Iterator[Callable[[Answer], None]]:
    """Yield a function that adds a change to the file of a path, which appears when the block ends normally.

    Without a path nothing is written. The form is that of the answers of ``hcfmt break``.
    """
    if path is None:
        yield lambda _: None
        return
    with atomic_file(path, force=force, inputs=inputs) as file:
        file.write(b'{"answers": [')
        separator = b"\n"

        def write(answer: Answer) -> None:
            nonlocal separator
            file.write(separator + json.dumps(asdict(answer)).encode())
            separator = b",\n"

        yield write
        file.write(b"\n]}\n")
