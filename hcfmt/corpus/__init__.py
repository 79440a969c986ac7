"""Archives for those who test importers: broken ones, and whole suites of them; the one place that sees both sides."""

from hcfmt.corpus.breaking import Answer, Broken, break_archive

__all__ = ["Answer", "Broken", "break_archive"]
