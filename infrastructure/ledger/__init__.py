"""The event store and all that it needs to append and read."""
