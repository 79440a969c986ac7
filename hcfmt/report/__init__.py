"""Finished reports, as text for people and as data."""
