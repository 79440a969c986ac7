"""Tests of hcfmt.server.transport."""
