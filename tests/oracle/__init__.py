"""What knows the law a second time, for the state machine of a case."""
