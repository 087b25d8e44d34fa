"""A dispute ends: performed, followed up, closed, archived."""
