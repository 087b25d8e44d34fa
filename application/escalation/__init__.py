"""Use cases and reading of escalations."""
