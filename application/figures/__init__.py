"""The numbers for leaders: what is asked and what is answered."""
