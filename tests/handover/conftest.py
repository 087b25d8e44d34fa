"""The county of all desks. It is 30 June 2026 there."""

from tests.referral.conftest import county

__all__ = ["county"]
