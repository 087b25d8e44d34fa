"""The outside: ledger, read models, keys, the embedded PostgreSQL."""
