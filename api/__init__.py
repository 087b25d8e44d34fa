"""Ways in: JSON, pages, command line, worker."""
