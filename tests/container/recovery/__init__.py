"""Tests of reading on in damaged archives."""
