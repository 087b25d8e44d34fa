"""A PostgreSQL of our own beside the program, from the binaries of a wheel."""
