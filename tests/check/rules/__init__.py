"""Tests of the rules that decide something themselves."""
