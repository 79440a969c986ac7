"""Tests of ``hcfmt.fixes``."""
