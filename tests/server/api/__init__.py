"""Tests of hcfmt.server.api."""
