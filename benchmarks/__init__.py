"""Measurements and long rounds that CI leaves out: `make bench`, `python -m benchmarks.NAME`."""
