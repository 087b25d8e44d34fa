"""Benchmarks, each beside a peer that was measured in the same run: `python -m bench`."""
