"""Tests of hcfmt.check."""
