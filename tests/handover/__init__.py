"""Cases between desks, many at once."""
