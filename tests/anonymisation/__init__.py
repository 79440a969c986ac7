"""Tests of ``hcfmt.anonymisation``."""
