"""Legacy cases: read, checked, encoded and appended in bulk."""
