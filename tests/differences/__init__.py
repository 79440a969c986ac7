"""Tests of hcfmt.differences."""
