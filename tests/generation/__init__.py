"""Tests of hcfmt.generation."""
