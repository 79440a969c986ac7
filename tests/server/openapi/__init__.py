"""Tests of hcfmt.server.openapi."""
