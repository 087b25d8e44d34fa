"""Composites: what happened at one table, told at once, as the commands that it means."""
