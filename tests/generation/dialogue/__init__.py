"""Tests of hcfmt.generation.dialogue."""
