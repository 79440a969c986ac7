"""Tests of hcfmt.profiles."""
