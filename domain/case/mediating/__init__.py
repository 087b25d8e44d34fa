"""A dispute is mediated: consent, mediators, sessions, agreement, confirmation."""
