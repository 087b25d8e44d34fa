"""纠纷案件 Dispute case: everything a mediator records, from the first word to the archive."""
