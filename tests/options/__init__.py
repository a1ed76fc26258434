"""Shared options and the classes of commands."""
