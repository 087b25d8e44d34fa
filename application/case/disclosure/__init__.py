"""What a reader of a case is not shown: one file for each reader's limit."""
