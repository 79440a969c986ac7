"""Tests of hcfmt.cli."""
