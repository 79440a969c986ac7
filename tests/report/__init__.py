"""Tests of report formats."""
