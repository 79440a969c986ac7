"""Tests of what the code renders."""
