"""分流转办 Referral: one body offers a case to another, in another channel or beside it."""
