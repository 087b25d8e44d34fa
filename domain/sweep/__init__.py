"""排查 Sweeps: who had to look, who reported, what was found; meetings with their decisions; campaigns."""
