"""Tests of the server, its store and its operations."""
