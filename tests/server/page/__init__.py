"""Tests of the package hcfmt.server.page."""
