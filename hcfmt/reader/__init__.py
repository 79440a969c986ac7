"""Reads an export as records: ``open_export`` of ``export.py``, whose records have the classes of ``records.py``."""
