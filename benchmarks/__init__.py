"""Benchmarks of hcfmt: ratios of two commands that run in turn on one machine, and the speed of the server."""
