"""公布 Publication: figures of a period that were made public stay as they were told, whatever is recorded later."""
