"""Compares two exports record by record: what the second has, lacks, or has otherwise."""
