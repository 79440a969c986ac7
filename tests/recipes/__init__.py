"""Tests of hcfmt.recipes."""
