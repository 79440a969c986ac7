"""``hcfmt view --export``: writes the page of an archive as files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hcfmt.cli.output import write_err
from hcfmt.cli.progress import progress_text
from hcfmt.cli.served_archive import ServedArchive
from hcfmt.container import Budget
from hcfmt.container.distinct_files import FileName
from hcfmt.report.text_style import count_of
from hcfmt.report.visible_text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from hcfmt.server.store import Store


def write_page(
    archive: ServedArchive,
    read: "Callable[[], Store]",
    directory: str,
    inputs: Sequence[FileName],
    budget: Budget,
    *,
    force: bool,
) -> None:
    """Read an archive, check it, and write its page below a directory. Raises UsageError and Fault."""
    from hcfmt.server.page.static_export import export_static, require_free  # noqa: PLC0415 - other commands need none

    require_free(directory, force=force, inputs=inputs)
    with read() as store, archive.findings(store) as check, progress_text() as show:
        if show:
            show("checking the archive")
        findings = check()
        written = export_static(
            store,
            archive.name,
            directory,
            findings,
            force=force,
            inputs=inputs,
            budget=budget,
            watch=lambda done, total: show(f"{done:,} of {total:,} messages written") if show else None,
        )
    summary = (
        count_of(written.chats, "chat"),
        count_of(written.messages, "message"),
        count_of(written.files, "file"),
    )
    write_err([f"{visible(directory)} written: {', '.join(summary)}. Open its index.html in a browser."])
