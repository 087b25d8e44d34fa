"""A dispute is opened: registered, accepted, its parties and its classification."""
