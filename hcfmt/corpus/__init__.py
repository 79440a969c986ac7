"""Breaks archives, and writes conformance suites for importers: the package that uses damages and the validator."""

from hcfmt.corpus.breaking import Answer, Broken, break_archive

__all__ = ["Answer", "Broken", "break_archive"]
