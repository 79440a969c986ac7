"""Tests of the check: rules, their pages and the facts that they work on."""
