"""Keys of persons, encryption and erasure."""
