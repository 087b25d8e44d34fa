"""Areas, bodies, and the sheets that they are imported from."""
