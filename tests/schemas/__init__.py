"""Tests of the published schemas, which any validator must be able to use as they stand."""
