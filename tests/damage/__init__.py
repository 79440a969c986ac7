"""Tests of the damages, and what tests of broken archives share."""
