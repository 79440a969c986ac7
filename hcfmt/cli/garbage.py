"""Settings of Python's garbage collector."""

THRESHOLDS = (50_000, 20, 100)
"""Thresholds for ``gc.set_threshold`` in every hcfmt process. Records hold no reference cycles; Python's default of 700
allocations costs about a tenth of the time."""
