"""排查 Use cases of sweeps: reports with what they open, who is due, meetings and campaigns."""
