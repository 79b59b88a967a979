"""Readers of files, one per format, and what becomes of their rows."""
