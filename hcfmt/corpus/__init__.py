"""Breaks archives, and writes conformance suites for importers: the package that uses damages and the validator."""

from hcfmt.corpus.breaking import Broken, break_archive
from hcfmt.export.editing import Answer

__all__ = ["Answer", "Broken", "break_archive"]
