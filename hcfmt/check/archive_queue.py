"""Check of several archives: in parallel with an executor, reports in the order given."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from hcfmt.check.engine import LARGE, Options, validate
from hcfmt.container import STDIN, ArchiveInput, is_url, open_archive, passwords
from hcfmt.errors import NoPasswordError, UnreadableError, UsageError
from hcfmt.verdict import Report

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_EXPANSION = 8  # times the size of an archive are the data files in it, roughly
_MOST_FILES = 1000  # a directory with more entries counts as large
_ALL_TASKS = 1 << 30  # tasks in flight: as many as there are, so that none is left for this process
_DEFAULT = Options()

Begun = Callable[[ArchiveInput, "Future[Report] | None"], None]
"""Called with each archive, in order, and with the future of its report if its check is a task."""


def _ignore(_: ArchiveInput, __: "Future[Report] | None") -> None:
    """Take no notice of an archive."""


class PasswordNeededError(UsageError):
    """An archive is encrypted, and only the process that called for its check can ask for the password."""


def validate_all(
    archives: Sequence[ArchiveInput],
    options: Options = _DEFAULT,
    *,
    stdin: BinaryIO | None = None,
    begun: Begun | None = None,
) -> Iterator[Report]:
    """Check archives and yield their reports in the order given, each as soon as it and those before it are finished.

    Each report is the one that ``validate`` returns. With ``options.executor`` each archive is one task, except large
    files, file objects, pipes and standard input: these are read here, one after another, and their slices are tasks,
    as are those of every file where the executor's ``shares_files`` is False.
    ``options.watch`` is called with the archives that are read here, ``begun`` with each, before its turn. Raises
    UsageError at the turn of an archive that cannot be opened, as ``validate`` does. Closing the iterator cancels the
    tasks that have not begun.
    """
    begun = begun or _ignore
    if options.executor is None or len(archives) == 1 or not _pays(archives, options.inline):
        for archive in archives:
            begun(archive, None)
            yield validate(archive, options, stdin=stdin)
        return
    queue = ArchiveQueue(options.executor, options, begun)
    try:
        ahead = iter(archives)
        for _ in archives:
            queue.fill(ahead)
            yield queue.next_report(stdin)
    finally:
        queue.cancel()


class ArchiveQueue:
    """Archives whose check has begun or is the next to begin, in order."""

    def __init__(self, executor: "Executor", options: Options, begun: Begun) -> None:
        """Take the executor, the options of all checks, and what is called with each archive."""
        self._begun = begun
        self._executor = executor
        self._options = options
        self._queue: deque[tuple[ArchiveInput, Future[Report] | None]] = deque()

    def fill(self, archives: Iterator[ArchiveInput]) -> None:
        """Submit the next archives, so many that the executor has enough to do."""
        for archive in islice(archives, max(1, self._options.in_flight) - len(self._queue)):
            future = self._submit(archive) if self._is_task(archive) else None
            self._queue.append((archive, future))
            self._begun(archive, future)

    def next_report(self, stdin: BinaryIO | None) -> Report:
        """Return the report of the first archive in the queue; check it here if it is no task."""
        archive, future = self._queue[0]
        # The other processes are as many as asked for, so this one does not check what it reads.
        reading = replace(self._options, in_flight=_ALL_TASKS)
        try:
            report = future.result() if future else validate(archive, reading, stdin=stdin)
        except PasswordNeededError:
            try:
                self._send_password(archive)
            except (NoPasswordError, UnreadableError):
                report = validate(archive, reading, stdin=stdin)  # which reports it, or raises it again
            else:
                return self.next_report(stdin)
        self._queue.popleft()
        return report

    def cancel(self) -> None:
        """Cancel the tasks that have not begun."""
        for _, future in self._queue:
            if future:
                future.cancel()

    def _is_task(self, archive: ArchiveInput) -> bool:
        """Whether the check of an archive is one task: a URL, or what ``_is_small`` says of a path."""
        if is_url(archive):
            return True
        return getattr(self._executor, "shares_files", True) and _is_small(archive)

    def _submit(self, archive: ArchiveInput) -> "Future[Report]":
        password = self._options.password
        task = replace(
            self._options, executor=None, watch=None, password=_password_needed if callable(password) else password
        )
        return self._executor.submit(validate, archive, task)

    def _send_password(self, archive: ArchiveInput) -> None:
        """Open an archive with the passwords of the function that a task could not call; send them to all tasks.

        The function may ask a person again while they do not fit, so no more of them are taken than it needs.
        """
        options, asked = self._options, list[bytes]()
        assert options.password is not None  # noqa: S101 - it is that function
        taken = passwords(options.password)

        def answers() -> Iterator[bytes]:
            for password in taken:
                asked.append(password)
                yield password

        with open_archive(archive, password=answers, digests=options.digests, budget=options.budget):
            pass
        self._options = replace(options, password=tuple(asked))
        self.cancel()
        self._queue = deque((archive, self._submit(archive) if future else None) for archive, future in self._queue)


def _password_needed() -> bytes:
    """Stand for a password function in other processes: it may prompt, and most cannot be sent."""
    raise PasswordNeededError("The archive is encrypted.")


def _pays(archives: Sequence[ArchiveInput], inline: int) -> bool:
    """Whether archives hold more data than is to be checked in this process, as far as their size is known."""
    return inline <= 0 or any(map(is_url, archives)) or sum(map(_size, archives)) * _EXPANSION > inline


def _size(archive: ArchiveInput) -> int:
    """Return the size of a regular file in bytes, 0 where it is unknown."""
    if not isinstance(archive, str | os.PathLike):
        return 0
    try:
        return Path(archive).stat().st_size
    except OSError:
        return 0


def _is_small(archive: ArchiveInput) -> bool:
    """Whether an archive has a path and is not large; a missing one is small. Pipes are open in this process only.

    Of a large one, the slices are shared out; a small one is a task.
    """
    if not isinstance(archive, str | os.PathLike) or os.fspath(archive) == STDIN:
        return False
    path = Path(archive)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            sizes = [entry.lstat().st_size for entry in islice(path.rglob("*"), _MOST_FILES)]
            return len(sizes) < _MOST_FILES and sum(sizes) < LARGE
    except OSError:
        return True
    return stat.S_ISREG(status.st_mode) and status.st_size < LARGE
