"""Tests of hcfmt.reader."""
