"""Turns on one loop, and batches: enter only to change how commands wait for each other (decisions 14 and 18)."""
