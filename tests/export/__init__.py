"""Tests of hcfmt.export."""
