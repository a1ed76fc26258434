"""Columns and cells, shared by files in, files out and the screen."""
