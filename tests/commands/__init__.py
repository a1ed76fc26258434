"""The commands, at the command line."""
