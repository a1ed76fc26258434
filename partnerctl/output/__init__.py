"""Render one record stream in many shapes."""
