"""The record itself: corrections, joining, papers, privacy, importing."""
