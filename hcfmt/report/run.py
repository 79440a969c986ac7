"""What an output format knows of a run besides its reports."""

from collections.abc import Mapping

from msgspec import Struct

from hcfmt.exits import Exit
from hcfmt.findings import BaselineEntry, Severity
from hcfmt.report.rules import Rules
from hcfmt.report.text_style import PLAIN, TextStyle


class Run(Struct, frozen=True):
    """A run whose reports are rendered.

    ``rules`` is the catalogue. ``status`` is the exit status of the run, ``fail_on`` the lowest severity that makes an
    archive invalid; with ``fail_on_loss`` the run fails too where an importer loses something. ``gone`` are accepted
    findings of the baseline that are no longer found, with their number, which fail the run as well. ``style`` is that
    of the stream on which people read a report as text.
    """

    rules: Rules
    status: Exit = Exit.VALID
    fail_on: Severity = Severity.ERROR
    fail_on_loss: bool = False
    gone: Mapping[BaselineEntry, int] = {}
    style: TextStyle = PLAIN
