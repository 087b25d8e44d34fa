"""What every context shares: values, decisions, refusals, law, calendar."""
