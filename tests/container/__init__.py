"""Tests of hcfmt.container."""
