"""What the commands that serve an archive share: reading it into a store, and checking it for the page."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from hcfmt.check.engine import Options, validate
from hcfmt.cli.input_paths import name_from_here
from hcfmt.cli.jobs import MAX_JOBS
from hcfmt.cli.options import digests_to_try
from hcfmt.cli.output import standard_output, write_err
from hcfmt.cli.output_paths import named_inputs
from hcfmt.cli.password import Prompt, password_source
from hcfmt.cli.progress import progress_bar
from hcfmt.container import STDIN, Budget
from hcfmt.container.distinct_files import require_not_input
from hcfmt.errors import UsageError
from hcfmt.report.visible_text import visible
from hcfmt.verdict import Report

if TYPE_CHECKING:
    from hcfmt.server.page.findings import ArchiveFindings
    from hcfmt.server.running import Running
    from hcfmt.server.store import Store

StoreFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Keep the data in FILE, locked by FILE.lock; the next run opens it at once."),
]
ReadingJobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", help="Processes that read a large archive.", min=1, max=MAX_JOBS)
]


class ServedArchive:
    """An archive of the command line, which is read once for the store, and once more if somebody wants findings."""

    def __init__(
        self, archive: str, password: str | None, password_file: Path | None, digest: str | None, budget: Budget
    ) -> None:
        """Take the options that all commands have that read an archive."""
        self.name = "" if archive == STDIN else Path(name_from_here(archive)).name
        self._archive = archive
        self._inputs = named_inputs(password_file)
        self._password = password_source(password, password_file)
        self._digests = digests_to_try(digest)
        self._budget = budget

    def open(self, store_path: str | None, jobs: int) -> "Store":
        """Read the archive with a progress bar into a store, or open the kept one; say what the store leaves out."""
        from hcfmt.server.store import open_store  # noqa: PLC0415 - other commands do not need it

        if store_path is not None:
            require_not_input(store_path, self._inputs)
        with progress_bar() as watch:
            store = open_store(
                self._archive,
                store_path=store_path,
                password=self._password,
                digests=self._digests,
                budget=self._budget,
                stdin=sys.stdin.buffer,
                jobs=jobs,
                **({"watch": watch} if watch else {}),
            )
        _report_omissions(store.omissions)
        return store

    @contextmanager
    def findings(self, store: "Store") -> "Iterator[ArchiveFindings]":
        """Give the findings of the archive; the block's end ends their check."""
        from hcfmt.server.page.findings import ArchiveFindings  # noqa: PLC0415 - other commands do not need it

        findings = ArchiveFindings(store, self._check)
        try:
            yield findings
        finally:
            findings.close()

    def _check(self, is_ending: Callable[[], bool]) -> Report:
        """Check the archive; the password is known from reading it, and nobody is asked for it again."""
        if self._archive == STDIN:
            raise UsageError("The archive was read from standard input, which cannot be read again.")
        password = self._password.answers if isinstance(self._password, Prompt) else self._password
        budget = replace(self._budget, expired=lambda: is_ending() or self._budget.expired())
        return validate(self._archive, Options(password=password or None, digests=self._digests, budget=budget))


def _report_omissions(counts: Mapping[str, int]) -> None:
    write_err(f"hcfmt: not served: {visible(kind)}: {count:,}" for kind, count in counts.items())


def run_until_interrupted(running: "Running", lines: Callable[[bool], Iterable[str]]) -> None:
    """Print the lines about a server, in the form for a terminal or for a program, and wait until it is interrupted."""
    is_printed = False
    with standard_output() as stream:
        stream.writelines(f"{line}\n" for line in lines(stream.isatty()))
        stream.flush()
        is_printed = True
    if is_printed:  # else nobody can learn its address
        running.wait()
