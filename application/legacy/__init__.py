"""历史案件 Legacy cases: read from a file, checked step by step, and recorded as they were told."""
