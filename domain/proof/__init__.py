"""证明: what was recorded cannot be changed unseen, and whoever holds a receipt can show so without us."""
