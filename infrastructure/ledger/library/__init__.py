"""What a user of the eventsourcing library is given over our ledger: its recorders, its mapper, and the keys."""
