"""What figures are counted over: how things stood on each day, as it was known after each entry."""
