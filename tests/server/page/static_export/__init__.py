"""Tests of the package hcfmt.server.page.static_export."""
