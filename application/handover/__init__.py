"""What referral and escalation share."""
