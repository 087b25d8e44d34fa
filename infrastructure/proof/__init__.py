"""证明: tiles, checkpoints and their key, and the check of all of it."""
