"""Rules as output formats show them; the catalogue that has them is above this floor, and is passed in."""

from collections.abc import Mapping
from typing import Protocol

from hcfmt.findings import Severity


class Rule(Protocol):
    """A rule of the catalogue."""

    @property
    def code(self) -> str:
        """Code, such as ``HC401``."""

    @property
    def name(self) -> str:
        """Name, such as ``unknown-sender``."""

    @property
    def severity(self) -> Severity:
        """Severity of its findings."""

    @property
    def summary(self) -> str:
        """First paragraph of its page, as one line of plain text."""

    @property
    def page(self) -> str:
        """Page that explains it, in Markdown."""


Rules = Mapping[str, Rule]
"""All rules by code, in the order of codes."""
