"""Tests of hcfmt.server.http."""
