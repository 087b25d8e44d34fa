"""Use cases and reading of a case."""
