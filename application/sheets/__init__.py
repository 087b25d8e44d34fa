"""Registers that offices import as sheets."""
