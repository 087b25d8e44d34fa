"""Use cases and reading of referrals."""
