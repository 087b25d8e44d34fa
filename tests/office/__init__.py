"""Officers, appointments, passwords."""
