"""信号 Signals: where numbers look unlike those of others, with the rows that they come from and what was found out."""
