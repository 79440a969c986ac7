"""Tests of the archive in SQLite."""
