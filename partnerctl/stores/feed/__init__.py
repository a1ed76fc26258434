"""The feed of changes: the log that each run writes, and how it is read."""
