"""Tests of the factories of records and small exports."""
