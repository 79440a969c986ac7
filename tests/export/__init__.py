"""Tests of what members mean."""
